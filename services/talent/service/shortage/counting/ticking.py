"""The turn of the day: postings expire, stale records weigh less, quarters close.

It is an event that is written down, never a clock read in a query.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from sqlalchemy.orm import Session

from services.chassis.process.background import Rounds, each_by_itself
from services.chassis.storage.db import Database
from services.kernel.clock import Clock, civil_date, midnight
from services.talent.domain.period import Quarter
from services.talent.domain.shortage.counts.tally import Counted, Reckoning, Tally
from services.talent.service.shortage.counting.closed import close_quarter
from services.talent.service.shortage.counting.counter import Counter
from services.talent.service.shortage.counting.opening import CLOSED
from services.talent.service.shortage.counting.snapshots import keep
from services.talent.service.turning import AtTurn
from services.talent.store.counts import coverage, flow_records, records
from services.talent.store.counts import state as states
from services.talent.store.counts.state import State

_LOOK_SECONDS = 15.0
_PORTION = 5_000


@dataclass
class Ticker:
    """Turns the day of one database. Any number of processes may try: the first one does it.

    `at_turn`: what else the new day brings: once a day and once at the start, after the counts have turned to it.
    """

    database: Database
    counter: Counter
    clock: Clock
    at_turn: tuple[AtTurn, ...] = ()
    _followed: date | None = None

    @property
    def rounds(self) -> Rounds:
        """Looking at once and from time to time whether the day has to turn."""
        return Rounds(lambda _stop: self.turn(), "the day could not be turned", _LOOK_SECONDS)

    def has_counted(self) -> bool:
        """Whether there are counts: a new database has none for a moment."""
        with self.database.read() as session:
            return states.current(session) is not None

    def turn(self) -> bool:
        """Bring the counts to today; tells whether they are there: not while an import holds the day.

        One transaction for every stop: the ends of quarters on the way, the days after them, today. Raises what a
        record raised that could not follow, when all others have: it is tried again.
        """
        day, today = self.begin(), civil_date(self.clock.now())
        while day < today:
            day = next_stop(day, today)
            with self.database.write() as session:
                if not states.may_turn(session):
                    return False
                self.turn_to(session, day)
        self._cover(today)
        if self._followed != today:
            each_by_itself(lambda each: each.follow(self.database, today), self.at_turn)
            self._followed = today
        return True

    def begin(self) -> date:
        """Count everything if nothing is counted yet; the day of the counts."""
        today = civil_date(self.clock.now())
        with self.database.read() as session:
            state = states.current(session)
        if state is not None:
            return state.day
        with self.database.write() as session:
            self.counter.rebuild(session)
        return today

    def _cover(self, today: date) -> None:
        """Once a day: whom two sources found. It is looked up before the counts are locked."""
        with self.database.read() as session:
            if coverage.day(session) == today:
                return
            overlap = self.counter.overlap(session)
        with self.database.write() as session:
            self.counter.cover(session, overlap)

    def turn_to(self, session: Session, day: date) -> None:
        """Count as of `day`, within a transaction that may turn the day; nothing if somebody else did."""
        state = states.advance(session)
        if state is None or state.day >= day:
            return
        self._close_day(session, state)
        change = self._change(session, self.counter.reckoning(state.day), self.counter.reckoning(day))
        states.put(session, day=day)
        self.counter.apply(session, states.required(session), change)

    def _change(self, session: Session, before: Reckoning, after: Reckoning) -> Tally:
        """What every record that counts otherwise after the turn adds then, less what it added."""
        gone, come = Tally(before), Tally(after)
        due = _due(session, before, after)
        while portion := list(islice(due, _PORTION)):
            gone.count(portion)
            come.count(portion)
        come.take(gone)
        return come

    def _close_day(self, session: Session, state: State) -> None:
        """Keep the day that ends; if a quarter ends with it, fit what stands until the next one ends."""
        frame = self.counter.live.base(session, state)
        keep(session, frame, self.clock)
        quarter = Quarter.of(state.day)
        if quarter.end == state.day and frame.tokens:
            close_quarter(session, frame.table, self.clock)
            self.counter.opening.fit(session, frame, str(quarter), CLOSED)


def next_stop(day: date, today: date) -> date:
    """The day after `day` that is turned to on the way to today: a quarter's last, the one after it, or today."""
    end = Quarter.of(day).end
    return min(today, end if day < end else day + timedelta(days=1))


def _due(session: Session, before: Reckoning, after: Reckoning) -> Iterator[Counted]:
    """Every record that counts otherwise after the turn than before it."""
    turning = after.ageing.turning(before.as_of, after.as_of)
    yield from records.people_observed(session, turning)
    changed_since = midnight(before.as_of + timedelta(days=1))
    window = after.since if after.since != before.since else None
    yield from records.postings_due(session, before.as_of, after.as_of, changed_since, window)
    if before.windows != after.windows:
        yield from flow_records.due(session, before.windows, after.windows)
