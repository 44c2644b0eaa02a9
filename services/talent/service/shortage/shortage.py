"""The shortage map of any day: today's from the live counts, another day's as it was known or counted anew."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from threading import Lock

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.kernel.errors import Unavailable
from services.kernel.text import Text
from services.talent.domain.axes import Axes
from services.talent.domain.shortage.counts.movers import in_steps
from services.talent.domain.shortage.method import Method
from services.talent.domain.shortage.table import ShortageTable
from services.talent.service.shortage.counting.counter import Counter
from services.talent.service.shortage.counting.frame import Frame
from services.talent.service.shortage.counting.publishing import published_table
from services.talent.service.shortage.counting.snapshots import as_it_was
from services.talent.store import schema
from services.talent.store.counts import periods, published, snapshots

_KEPT = 12


@dataclass(frozen=True)
class ShortageMap:
    """The map of any day. Safe to share between threads."""

    counter: Counter
    _known: "OrderedDict[tuple[date, int, str], ShortageTable]" = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    @property
    def axes(self) -> Axes:
        """The map's dimensions."""
        return self.counter.axes

    @property
    def method(self) -> Method:
        """How its indices are made."""
        return self.counter.method

    def frame(self, session: Session) -> Frame:
        """The live counts. Raises Unavailable while a new database is counted for the first time."""
        frame = self.counter.live.follow(session)
        if frame is None:
            raise Unavailable(
                Text(
                    "图谱正在首次统计，请稍后重试", "the map is being counted for the first time; retry later"
                ),
                reason="MAP_NOT_COUNTED",
            )
        return frame

    def table(self, session: Session, as_of: date) -> ShortageTable:
        """Every cell on one day: the live day and later, live; a past one as it was known at its end if that was
        kept, else from today's records. Raises Unavailable as `frame`.
        """
        frame = self.frame(session)
        if as_of >= frame.state.day:
            return frame.table
        kept = self.kept(session, as_of)
        if kept is not None:
            return kept
        stamp = as_of, frame.state.revision, "counted"
        return self._remembered(stamp, lambda: self.as_known_now(session, as_of))

    def holds(self, session: Session, day: date) -> bool:
        """Whether a day is shown as it is or was known then, and not counted anew. Raises Unavailable as `frame`."""
        return day >= self.frame(session).state.day or snapshots.revision(session, day) is not None

    def last_held(self, session: Session, day: date) -> date | None:
        """The last day, not after this one, that is shown as it is or was known then; None if there is none. Raises
        Unavailable as `frame`.
        """
        live = self.frame(session).state.day
        return day if day >= live else snapshots.last(session, day)

    def kept(self, session: Session, day: date) -> ShortageTable | None:
        """Every cell at the end of a past day as it was known then; None if that was not kept."""
        revision = snapshots.revision(session, day)
        if revision is None:
            return None
        frame = self.frame(session)

        def read() -> ShortageTable:
            found = as_it_was(session, frame, day, self.counter.live.closed)
            if found is None:
                raise Unavailable(
                    Text(f"{day} 的统计正在更换，请重试", f"the counts of {day} are being replaced; retry"),
                    reason="MAP_NOT_COUNTED",
                )
            return found.table

        return self._remembered((day, revision, "kept"), read)

    def public(self, session: Session, as_of: date) -> ShortageTable | None:
        """The public edition as it stood at the end of a day; None if that was not kept. Raises as `frame`."""
        known = published.last(session, as_of)
        if known is None:
            return None
        frame = self.frame(session)

        def read() -> ShortageTable:
            found = published_table(session, frame, known, self.counter.live.closed)
            if found is None:
                raise Unavailable(
                    Text("公开版正在更换，请重试", "the public edition is being replaced; retry"),
                    reason="MAP_NOT_COUNTED",
                )
            return found

        return self._remembered((known.state.day, known.number, "public"), read)

    def public_since(self, session: Session) -> date | None:
        """The first day of which there is a public edition."""
        return published.first_day(session)

    def _remembered(self, stamp: tuple[date, int, str], make: Callable[[], ShortageTable]) -> ShortageTable:
        with self._lock:
            table = self._known.pop(stamp, None) or make()
            self._known[stamp] = table
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
            return table

    def as_known_now(self, session: Session, as_of: date) -> ShortageTable:
        """Every cell on a past day by today's records, late and corrected ones included."""
        past = self.counter.live.closed.before(session, as_of)
        counted = replace(self.counter.recount(session, as_of).cube(), history=past.history)
        cube = in_steps(counted, self.method.hidden_below)
        priors = periods.priors(session, self.axes, periods.at(session, as_of))
        patterns = self.counter.live.patterns
        return ShortageTable(cube, self.method, priors, past.beliefs, patterns)


def synthetic(session: Session) -> bool:
    """Whether sample data is among what is counted."""
    samples = (
        select(table.c.id).where(schema.is_sample).exists() for table in (schema.person, schema.position)
    )
    return bool(session.scalar(select(or_(*samples))))
