"""Counts every change in the transaction that makes it, at its very end.

Records are remembered as the session flushes them; before the commit one row's lock is taken, which orders all
changes of counts, and exactly the cells that the records touch are changed. The lock is held for milliseconds, also
by an import of a million rows, and no cell's row is ever waited for.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

import numpy as np
from sqlalchemy.orm import Session

from services.chassis.storage.db import Database
from services.kernel.clock import Clock, civil_date
from services.talent.domain.axes import Axes
from services.talent.domain.people.availability import Ageing
from services.talent.domain.shortage.counts.coverage import Overlap
from services.talent.domain.shortage.counts.cube import Cells
from services.talent.domain.shortage.counts.employers import (
    Concentration,
    concentrate,
    difference,
    shifted,
    sizes_of,
)
from services.talent.domain.shortage.counts.rollup import touched
from services.talent.domain.shortage.counts.tally import Reckoning, Tally
from services.talent.domain.shortage.method import Method
from services.talent.service.shortage.counting.live import Live
from services.talent.service.shortage.counting.opening import Opening
from services.talent.store.counts import cells, coverage, employers, flow_records, records
from services.talent.store.counts import state as states
from services.talent.store.counts.collecting import collected
from services.talent.store.counts.state import State

_BULK = "bulk-counts"


class Drift(NamedTuple):
    """How many numbers the kept counts and a recount of all records differ in."""

    counts: int
    employers: int


@dataclass(frozen=True)
class Counter:
    """The counting of one database."""

    axes: Axes
    method: Method
    live: Live
    opening: Opening
    clock: Clock
    ageing: Ageing = field(default_factory=Ageing)

    def attach(self, database: Database) -> None:
        """From now on settle every write of `database`."""
        database.before_commit(self.settle)

    def bulk(self, session: Session) -> Tally:
        """Sums for records that statements write past the mapped classes: count them here, in this transaction.

        The day cannot turn until the transaction ends.
        """
        found: Tally | None = session.info.get(_BULK)
        if found is None:
            states.hold_day(session)
            state = states.current(session) or self._begin(session)
            found = session.info[_BULK] = Tally(self.reckoning(state.day))
        return found

    def fold(self, session: Session) -> None:
        """Sum up what the session has changed so far, so that a long transaction need not remember every record."""
        session.flush()
        changes = collected(session)
        if changes.before or changes.after:
            tally = self.bulk(session)
            tally.count(changes.before, -1)
            tally.count(changes.after)

    def settle(self, session: Session) -> None:
        """Count what the session changed; does nothing if nothing that counts was changed."""
        session.flush()
        changes, bulk = collected(session), session.info.pop(_BULK, None)
        if not (changes.before or changes.after or bulk):
            return
        state = states.advance(session)
        if state is None:
            self._begin(session)
            return
        tally = Tally(self.reckoning(state.day)) if bulk is None else bulk
        tally.count(changes.before, -1)
        tally.count(changes.after)
        self.apply(session, state, tally)

    def apply(self, session: Session, state: State, change: Tally) -> None:
        """Change the counts under the lock of `state`, and tell what follows from it."""
        before = self.live.base(session, state)
        cells.add_counts(session, self.axes, change.counts, state.revision)
        spread, moved = self._spread(session, before.employers, change, state.revision)
        after = before.changed(state=state, counts=before.counts + change.counts, employers=spread)
        renewed = self.opening.renew(session, after)
        if renewed is after and before.priors is not None and before.state[1:] == state[1:]:
            places = np.argwhere(change.counts.any(axis=0)).tolist()
            counted = touched(self.axes, ((node, city, kind) for node, city, kind in places))
            earlier = before.since(np.union1d(counted, moved))
            self.live.adopt(session, after.changed(earlier=earlier))

    def reckoning(self, day: date) -> Reckoning:
        """How records count on a day."""
        method = self.method
        return Reckoning(
            self.axes,
            day,
            method.window_days,
            self.ageing,
            horizon_quarters=method.horizon_quarters,
            moves_quarters=method.moves_quarters,
        )

    def recount(self, session: Session, day: date) -> Tally:
        """All records of the database, on a day."""
        tally = Tally(self.reckoning(day))
        tally.count_people(records.people(session))
        tally.count_postings(records.postings(session))
        tally.count_flows(flow_records.every(session))
        return tally

    def rebuild(self, session: Session, *, check: bool = False) -> Drift:
        """Count everything anew and put right what differs; with `check`, only tell how much does."""
        state = states.advance(session)
        if state is None:
            self._begin(session)
            return Drift(0, 0)
        kept = self.live.base(session, state)
        found = self.recount(session, state.day)
        sizes = sizes_of(self.axes, found.heads)
        spread = concentrate(self.axes, sizes)
        delta = found.counts - kept.counts
        wrong = np.any([mine != other for mine, other in zip(spread, kept.employers, strict=True)], axis=0)
        drift = Drift(int(np.count_nonzero(delta)), int(wrong.sum()))
        if not check:
            cells.add_counts(session, self.axes, delta, state.revision)
            cells.put_concentration(session, self.axes, spread, np.argwhere(wrong), state.revision)
            employers.put_all(session, self.axes, found.heads, sizes)
            self.opening.renew(session, kept.changed(state=state, counts=found.counts, employers=spread))
        return drift

    def overlap(self, session: Session) -> Overlap:
        """Whom the two sources with the most people found."""
        pair = coverage.sources(session)
        found = coverage.people(session, self.axes, pair) if len(pair) > 1 else ()
        return Overlap.of(self.axes, pair, found)

    def cover(self, session: Session, overlap: Overlap) -> None:
        """Keep it as today's; the map is read with it from now on."""
        state = states.advance(session)
        if state is not None:
            coverage.put(session, self.axes, overlap, civil_date(self.clock.now()), state.revision)

    def _begin(self, session: Session) -> State:
        """The first count of a database: whatever is in it."""
        states.begin(session, civil_date(self.clock.now()))
        self.rebuild(session)
        return states.required(session)

    def _spread(
        self, session: Session, before: Concentration, change: Tally, revision: int
    ) -> tuple[Concentration, Cells]:
        """Change how demand is spread over employers; in which cells that did."""
        changes = {key: heads for key, heads in change.heads.items() if heads}
        if not changes:
            return before, np.empty(0, np.intp)
        known = employers.heads_of(session, self.axes, (employer for employer, _ in changes))
        after = {key: known.get(key, 0) + changes.get(key, 0) for key in {**known, **changes}}
        moved = difference(sizes_of(self.axes, after), sizes_of(self.axes, known))
        employers.add_heads(session, self.axes, changes)
        employers.add_sizes(session, self.axes, moved)
        found, unsure = shifted(before, moved)
        if unsure:
            told = concentrate(self.axes, employers.sizes_in(session, self.axes, unsure))
            for mine, other in zip(found, told, strict=True):
                mine.reshape(-1)[unsure] = other.reshape(-1)[unsure]
        where = np.unique(moved.cell)
        places = np.stack(np.unravel_index(where, self.axes.shape), axis=1)
        cells.put_concentration(session, self.axes, found, places.tolist(), revision)
        return found, where
