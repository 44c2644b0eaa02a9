"""Keeps the rows of screenings level with deals and firms, in the transaction that changes these.

What changed is remembered as the session flushes it, so no use case can change a deal and forget its row.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Mapper, Session, object_session

from services.chassis.storage.db import Database
from services.funding.domain.deal.deal import Deal
from services.funding.domain.firm.firm import Firm
from services.funding.service.deals.cases import standing_mandate
from services.funding.service.deals.screening.rows import RowMaker
from services.funding.store.deals import screened
from services.funding.store.deals.screened import Day
from services.kernel.clock import Clock, civil_date


@dataclass(frozen=True)
class Keeper:
    """Writes rows at the end of every transaction that changed a deal or a firm."""

    maker: RowMaker
    clock: Clock

    def attach(self, database: Database) -> None:
        """From now on settle every write of `database`."""
        _remember_changes()
        database.before_commit(self.settle)

    def settle(self, session: Session) -> None:
        """Screen anew what this transaction changed: all deals of the firms concerned, in every fund."""
        session.flush()
        if firms := screened.touched(session):
            self.screen_firms(session, firms)

    def screen_firms(self, session: Session, firms: set[str]) -> None:
        """Write anew the rows of all deals of these firms, and of all deals of a fund that has no rows yet."""
        firms = screened.family(session, firms)
        funds = screened.funds_of_firms(session, firms)
        days = screened.hold_days(session, funds)
        if missing := funds - set(days):
            self._begin(session, missing)
            firms = screened.family(session, firms | screened.firms_of_funds(session, missing))
            funds = screened.funds_of_firms(session, firms)
            days = screened.hold_days(session, funds)
        screened.hold_firms(session, firms)
        for portion in screened.whole_families(session, firms):
            deals = screened.deals_of_firms(session, portion)
            screened.put(session, list(self.maker.rows(session, deals, days)))

    def _begin(self, session: Session, funds: set[str]) -> None:
        for fund_id in sorted(funds):
            target = target_of(session, fund_id, civil_date(self.clock.now()))
            if target is not None:
                screened.begin_day(session, target)


def target_of(session: Session, fund_id: str, today: date) -> Day | None:
    """Where the rows of a fund should stand today; None for a fund without rules."""
    mandate = standing_mandate(session, fund_id, today)
    return None if mandate is None else Day(fund_id, today, mandate.revision)


def _remember_changes() -> None:
    """From now on remember the firms whose deals or facts a session flushes; once per process."""
    for aggregate in (Deal, Firm):
        for name in ("before_insert", "before_update"):
            if not event.contains(aggregate, name, _remember):
                event.listen(aggregate, name, _remember)


def _remember(_mapper: Mapper[Any], _connection: Any, target: Any) -> None:
    session = object_session(target)
    if session is not None:
        screened.touch(session, target.firm_id if isinstance(target, Deal) else target.id)
