"""The turn of the day, and of a mandate: rows that read otherwise from today on are made anew, and only these."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from services.chassis.log.topics import FUNDS
from services.chassis.outbox.journal import Change, Journal
from services.chassis.process.background import Rounds, each_by_itself
from services.chassis.storage.chunks import chunks
from services.chassis.storage.db import Database
from services.funding import events
from services.funding.service.deals.cases import fund_with_mandate
from services.funding.service.deals.screening.keeping import Keeper, target_of
from services.funding.service.deals.screening.rows import stamp_of
from services.funding.store import repository
from services.funding.store.deals import screened
from services.funding.store.deals.screened import Day
from services.kernel.clock import Clock, civil_date

_ACTOR = "bole/mandates"
_LOOK_SECONDS = 15.0
Rows = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Turner:
    """Turns the rows of one database. Any number of processes may try: the first one does it."""

    database: Database
    keeper: Keeper
    journal: Journal
    clock: Clock
    _woken: threading.Event = field(default_factory=threading.Event)

    @property
    def rounds(self) -> Rounds:
        """Looking at once, when woken and from time to time."""
        return Rounds(
            lambda _stop: self.turn(), "screenings could not be renewed", _LOOK_SECONDS, wake=self._woken
        )

    def wake(self) -> None:
        """Look soon: a mandate was approved."""
        self._woken.set()

    def turn(self) -> int:
        """Bring every fund to today and to the revision in force; how many funds were turned."""
        today = civil_date(self.clock.now())
        with self.database.read() as session:
            standing = screened.days(session)
            targets = [target_of(session, fund_id, today) for fund_id in repository.fund_ids(session)]
        late = [each for each in targets if each and standing.get(each.fund_id) != each]
        return each_by_itself(lambda each: self._turn(standing.get(each.fund_id), each), late)

    def _turn(self, before: Day | None, target: Day) -> bool:
        """Make the rows that read otherwise beside everybody's work, and put them in place at once."""
        if before is None:
            return self._first(target)
        if before.day > target.day:
            return False
        rows: Rows = {}
        with self.database.read() as session:
            wanted = self._wanted(session, before, target)
            for portion in chunks(wanted):
                rows |= self._rows(session, portion, target)
        with self.database.write() as session:
            if screened.hold_days(session, [target.fund_id], turning=True).get(target.fund_id) != before:
                return False
            stamps = screened.stamps(session, target.fund_id)
            wanted = self._wanted(session, before, target)
            good = {id_ for id_ in wanted if id_ in rows and stamp_of(rows[id_]) == stamps.get(id_)}
            screened.put(session, [rows[id_] for id_ in wanted if id_ in good])
            for portion in chunks(id_ for id_ in wanted if id_ not in good):
                screened.put(session, list(self._rows(session, portion, target).values()))
            screened.turn_day(session, target)
            if before.mandate_revision != target.mandate_revision:
                self._tell(session, target)
        return True

    def _tell(self, session: Session, target: Day) -> None:
        """The fund goes by other rules from now on, and whoever follows it hears of them."""
        fund, mandate = fund_with_mandate(session, target.fund_id, revision=target.mandate_revision)
        fund.version += 1
        fund.updated_at = self.clock.now()
        session.flush()
        change = Change(FUNDS, fund.id, fund.version, events.fund_event(fund, mandate), _ACTOR)
        self.journal.record(session, [change])

    def _first(self, target: Day) -> bool:
        with self.database.write() as session:
            screened.begin_day(session, target)
            days = screened.hold_days(session, [target.fund_id], turning=True)
            for portion in chunks(screened.all_deals(session, target.fund_id)):
                screened.put(session, list(self._rows(session, portion, days[target.fund_id]).values()))
        return True

    def _wanted(self, session: Session, before: Day, target: Day) -> list[str]:
        if before.mandate_revision != target.mandate_revision:
            return screened.all_deals(session, target.fund_id)
        return screened.due_deals(session, target.fund_id, target.day)

    def _rows(self, session: Session, deal_ids: Iterable[str], target: Day) -> Rows:
        """The rows of these deals of the fund as of the target."""
        wanted = set(deal_ids)
        firms = screened.family(session, screened.firms_of_deals(session, sorted(wanted)))
        deals = screened.deals_of_firms(session, firms)
        made = self.keeper.maker.rows(session, deals, {target.fund_id: target})
        return {row["deal_id"]: row for row in made if row["deal_id"] in wanted}
