"""The shortage map of any day: today's from the live counts, another day's as it was known or counted anew."""

from collections import OrderedDict
from dataclasses import dataclass, field, replace
from datetime import date
from threading import Lock

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.kernel.errors import Unavailable
from services.kernel.text import Text
from services.talent.domain.axes import Axes
from services.talent.domain.shortage.method import Method
from services.talent.domain.shortage.table import ShortageTable
from services.talent.service.counting.counter import Counter
from services.talent.service.counting.frame import Frame
from services.talent.service.counting.snapshots import as_it_was
from services.talent.store import schema
from services.talent.store.counts import periods

_KEPT = 4


@dataclass(frozen=True)
class ShortageMap:
    """The map of any day. Safe to share between threads."""

    counter: Counter
    _recounted: "OrderedDict[tuple[int, date], ShortageTable]" = field(default_factory=OrderedDict)
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
        with self._lock:
            stamp = frame.state.revision, as_of
            table = self._recounted.get(stamp)
            if table is None:
                table = self._recounted[stamp] = self._past(session, frame, as_of)
                while len(self._recounted) > _KEPT:
                    self._recounted.popitem(last=False)
            return table

    def _past(self, session: Session, frame: Frame, as_of: date) -> ShortageTable:
        kept = as_it_was(session, frame, as_of, self.counter.live.closed)
        return self.as_known_now(session, as_of) if kept is None else kept.table

    def as_known_now(self, session: Session, as_of: date) -> ShortageTable:
        """Every cell on a past day by today's records, late and corrected ones included."""
        past = self.counter.live.closed.before(session, as_of)
        cube = replace(self.counter.recount(session, as_of).cube(), history=past.history)
        priors = periods.priors(session, self.axes, periods.at(session, as_of))
        patterns = self.counter.live.patterns
        return ShortageTable(cube, self.method, priors, past.beliefs, patterns)


def synthetic(session: Session) -> bool:
    """Whether sample data is among what is counted."""
    return any(
        session.execute(select(table.c.id).where(schema.is_sample).limit(1)).first()
        for table in (schema.person, schema.position)
    )
