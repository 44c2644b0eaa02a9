"""The public edition: it stands for a day, and moves in steps that are safe beside all that was shown before, the
newest public release included.

A new state is made when the day has turned, and whenever there is more than twice as much as in the last one: a
library that is being filled need not wait for tomorrow. The state of a day passes the audit of intervals whatever
hangs together, which takes from seconds to minutes; one that is made meanwhile passes that of live answers.

What the longer audit finds to be hidden besides in the internal edition is held back from live answers too, until the
next day's state.
"""

import threading
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from services.chassis.process.background import Rounds
from services.chassis.process.precedence import Precedence
from services.chassis.storage.db import Database
from services.chassis.storage.news import News
from services.kernel.clock import Clock
from services.talent.domain.axes import Axes
from services.talent.domain.disclosure.freedom import Freedom
from services.talent.domain.disclosure.patterns import Patterns
from services.talent.domain.disclosure.rules import Edition
from services.talent.domain.disclosure.steps import Shown, shown_as, step
from services.talent.domain.period import Quarter
from services.talent.domain.shortage.table import ShortageTable
from services.talent.service.shortage.counting.closed import ClosedQuarters
from services.talent.service.shortage.counting.frame import Frame
from services.talent.service.shortage.counting.live import Live
from services.talent.service.shortage.counting.released import Released
from services.talent.service.shortage.counting.snapshots import KEPT_DAYS, placed, restored
from services.talent.store.counts import published
from services.talent.store.counts import state as states
from services.talent.store.counts.packing import Arrays
from services.talent.store.counts.published import Published
from services.talent.store.counts.snapshots import Kept

Mask = NDArray[np.bool_]
_LOOK_SECONDS, _PATIENCE_SECONDS = 1.0, 0.5
_GROWTH = 2
_SHOWN = ("hidden", "people", "demand")
_MASKS = (*_SHOWN, "held")


@dataclass(frozen=True)
class Publisher:
    """Makes the states of one database. Any number of processes may try: the first one does it."""

    database: Database
    live: Live
    clock: Clock
    precedence: Precedence = field(default_factory=Precedence)
    released: Released = field(default_factory=Released)
    patient: Patterns = field(default_factory=lambda: Patterns(freedom=Freedom(patient=True)))

    def rounds(self) -> Rounds:
        """Looking from time to time whether a state is due."""
        news = News(self.database)

        def work(_stop: threading.Event) -> None:
            self.precedence.give_way(_PATIENCE_SECONDS)
            with news.since() as came:
                if came:
                    self.publish()

        return Rounds(work, "the public edition could not be renewed", _LOOK_SECONDS)

    def has_published(self) -> bool:
        """Whether there is a state to answer from."""
        with self.database.read() as session:
            return published.last(session) is not None

    def publish(self) -> bool:
        """Make a state if one is due; whether this made one."""
        with self.database.read() as session:
            frame = self.live.follow(session)
            known = published.last(session)
            if frame is None or not _is_due(frame, known):
                return False
            earlier = self._earlier(session, frame, known)
            held = published.held(session, known.number, frame.axes) if known else None
        pattern = None
        if known is not None and known.state.day < frame.state.day:
            pattern, held = self.patient.of(frame.cube, Edition.PUBLIC), self._held(frame)
        shown = step(frame.table, earlier, pattern)
        number = 1 if known is None else known.number + 1
        made = Published(number, frame.state, frame.tokens, self.clock.now())
        values = {"counts": frame.counts, **frame.employers._asdict()}
        masks = {name: getattr(shown, name) for name in _SHOWN}
        masks["held"] = np.zeros(frame.axes.shape, bool) if held is None else held
        values |= {name: mask.astype(np.uint8) for name, mask in masks.items()}
        with self.database.write() as session:
            done = published.put(session, made, frame.axes, values)
            if done and not _alike(held, frame.held):
                states.advance(session)
            _forget(session, frame.state.day)
        return done

    def _earlier(self, session: Session, frame: Frame, known: Published | None) -> list[Shown]:
        """What somebody may have seen: the last state, which knows of all before it, and the newest release."""
        last = known and shown_then(session, frame, known, self.live.closed)
        return [each for each in (last, self.released.newest(session, frame.axes)) if each is not None]

    def _held(self, frame: Frame) -> Mask | None:
        """What the internal edition has to hide besides what live answers hide."""
        edition, usual = Edition.INTERNAL, frame.table.patterns
        besides = self.patient.of(frame.cube, edition).hidden & ~usual.of(frame.cube, edition).hidden
        return besides if besides.any() else None


def published_table(
    session: Session, frame: Frame, known: Published, closed: ClosedQuarters
) -> ShortageTable | None:
    """The map of a state as it was published; None if it is kept no more. `frame`: today's, for axes and method."""
    found = published.read(session, known.number)
    if found is None:
        return None
    axes, values = found
    hidden = published.masks(values, "hidden")[0]
    then = restored(session, frame, _kept(known, axes, values), closed)
    if axes != frame.axes:
        own = then.table.for_edition(Edition.PUBLIC).pattern.hidden
        hidden = own | (placed(hidden.astype(np.int64), axes, frame.axes) > 0)
    return shown_as(then.table, Shown(then.cube, hidden, hidden, hidden))


def _alike(one: Mask | None, other: Mask | None) -> bool:
    return one is other or (one is not None and other is not None and np.array_equal(one, other))


def _is_due(frame: Frame, known: Published | None) -> bool:
    if known is None or known.state.day < frame.state.day:
        return True
    return frame.tokens > _GROWTH * known.tokens


def shown_then(session: Session, frame: Frame, known: Published, closed: ClosedQuarters) -> Shown | None:
    """What a state showed; nothing that could be compared if the catalogue was another one. `frame`: today's."""
    found = published.read(session, known.number)
    if found is None or found[0] != frame.axes:
        return None
    axes, values = found
    cube = restored(session, frame, _kept(known, axes, values), closed).cube
    return Shown(cube, *published.masks(values, *_SHOWN))


def _kept(known: Published, axes: Axes, values: Arrays) -> Kept:
    counted = {name: array for name, array in values.items() if name not in _MASKS}
    return Kept(known.state, known.taken_at, axes, counted)


def _forget(session: Session, day: date) -> None:
    """Of days long past, the last state of each quarter is kept."""
    horizon = day - timedelta(days=KEPT_DAYS)
    newest: dict[Quarter, date] = {}
    for each in sorted(published.days(session, horizon)):
        newest[Quarter.of(each)] = each
    published.forget(session, horizon, list(newest.values()))
