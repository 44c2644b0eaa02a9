"""The counts in memory: they follow the revision of the database and never answer below it."""

from dataclasses import dataclass, field
from threading import Lock

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import event
from sqlalchemy.orm import Session

from services.talent.domain.axes import Axes
from services.talent.domain.disclosure.patterns import Patterns
from services.talent.domain.shortage.method import Method
from services.talent.service.shortage.counting.closed import ClosedQuarters
from services.talent.service.shortage.counting.frame import Frame
from services.talent.store.counts import cells, coverage, periods, published
from services.talent.store.counts import state as states
from services.talent.store.counts.state import State

_TAKEN = "counts-revision-taken"


@dataclass(frozen=True)
class Held:
    """The cells that the last published state holds back, and its number."""

    number: int = 0
    mask: NDArray[np.bool_] | None = None

    def at(self, session: Session, axes: Axes) -> "Held":
        """The same as the snapshot of `session` has it."""
        number = published.newest(session)
        return self if number == self.number else Held(number, published.held(session, number, axes))


@dataclass
class Live:
    """One per process and database. Safe to share between threads.

    Every answer asks the database for its revision first, within the caller's snapshot: after a commit was
    acknowledged, no process answers from before it.
    """

    axes: Axes
    method: Method
    patterns: Patterns = field(default_factory=Patterns)
    closed: ClosedQuarters = field(init=False)
    _frame: Frame | None = None
    _held: Held = field(default_factory=Held)
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self.closed = ClosedQuarters(self.axes)

    def follow(self, session: Session) -> Frame | None:
        """The counts of the snapshot of `session`, or later ones; None before anything was counted."""
        state = states.current(session)
        if state is None:
            return None
        frame = self._frame
        if frame is not None and frame.state.revision >= state.revision:
            return frame
        with self._lock:
            frame = self._frame
            if frame is None or frame.state.revision < state.revision:
                frame = self._frame = self._read(session, frame, state)
            return frame

    def adopt(self, session: Session, frame: Frame) -> None:
        """Answer from these counts once the transaction that made them is committed.

        Where the map is being read, it is drawn again here: a reader who comes right after a change would wait.
        """

        def adopted(_session: Session) -> None:
            with self._lock:
                before = self._frame
                if before is not None and before.state.revision >= frame.state.revision:
                    return
                self._frame = frame
            if before is not None and before.drawn:
                frame.draw()

        event.listen(session, "after_commit", adopted, once=True)

    def base(self, session: Session, state: State) -> Frame:
        """The counts just before `state`, whose revision the transaction of `session` has taken.

        Others are shown them only while they are committed: not from the second revision of a transaction on.
        """
        before = state._replace(revision=state.revision - 1)
        with self._lock:
            frame = self._frame
            if frame is None or frame.state.revision != before.revision:
                frame = self._read(session, frame, before)
                if not session.info.get(_TAKEN):
                    self._frame = frame
            session.info[_TAKEN] = True
        if (frame.state.period, frame.state.day) != (before.period, before.day):
            priors = periods.priors(session, self.axes, before.period)
            frame = frame.changed(priors=priors, past=self.closed.before(session, before.day))
        return frame

    def _read(self, session: Session, known: Frame | None, state: State) -> Frame:
        since = -1 if known is None else known.state.revision
        base = known or Frame.empty(self.axes, self.method, state, self.patterns)
        same = base.priors is not None and base.state.period == state.period
        priors = base.priors if same else periods.priors(session, self.axes, state.period)
        # Quarters close where the day turns, and with them a period may begin.
        counted_at = coverage.revision(session)
        level = counted_at is None or counted_at <= since
        follows = same and base.state.day == state.day and level
        past = base.past if follows else self.closed.before(session, state.day)
        self._held = self._held.at(session, self.axes)
        frame = base.copied(state, priors, past).changed(held=self._held.mask)
        counted = cells.read_counts(session, self.axes, frame.counts, since)
        spread = cells.read_concentration(session, self.axes, frame.employers, since)
        if not level:
            return frame.changed(overlap=coverage.read(session, self.axes))
        return frame.changed(earlier=base.since(np.union1d(counted, spread))) if follows else frame
