"""What stands under directions of an earlier catalogue is carried over to those that took their place.

Firms and deals are written and told anew. Rules of funds never change: what their directions are called today is put
down beside them, and a direction that an industry has gained belongs to every mandate of that industry. Versions of
firms, kept runs of checks and dossiers stay as they were written.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from services.catalogue import Catalogue
from services.catalogue.succession import Shares, renewed
from services.chassis.filtering import canonical, parse
from services.chassis.log.topics import DEALS
from services.chassis.outbox.journal import Change
from services.chassis.storage.db import Database
from services.funding import events
from services.funding.domain.deal.deal import Deal
from services.funding.domain.firm.firm import Firm
from services.funding.domain.fund.mandate import Mandate
from services.funding.domain.succession import renewed_filter, renewed_hires, renewed_plan, renewed_scope
from services.funding.service.firms.firms import Firms
from services.funding.store import succession
from services.funding.store.deals import screened, trails
from services.funding.store.deals.screening import schema as fields

ACTOR = "bole/catalogue"


@dataclass(frozen=True)
class Succeeding:
    """Safe to break off and to repeat; without effect where it is done.

    Rows of screenings that rest on what was carried over are forgotten in the same transaction: they are to be made
    anew after it (`Turner`).
    """

    firms: Firms

    @property
    def catalogue(self) -> Catalogue:
        """Today's."""
        return self.firms.catalogue

    @property
    def former(self) -> Mapping[str, Shares]:
        """Codes of the past with what stands for each today."""
        return self.catalogue.succession.former

    def run(self, database: Database) -> int:
        """How many firms, deals, mandates and saved searches were carried over."""
        found = 0
        if self.former:
            found += self._all(database, succession.firms, self._firms)
            found += self._all(database, succession.deals, self._deals)
        with database.write() as session:
            found += self._searches(session) if self.former else 0
            return found + self._scopes(session)

    def _all(
        self,
        database: Database,
        portion: Callable[[Session, Any], list[Any]],
        carry: Callable[[Session, list[Any]], None],
    ) -> int:
        done = 0
        while True:
            with database.write() as session:
                records = portion(session, self.former)
                carry(session, records)
            if not records:
                return done
            done += len(records)

    def _scopes(self, session: Session) -> int:
        funds: list[str] = []
        for rules, put_down in succession.written(session):
            today = self._scope(rules)
            if today != (put_down or rules.leaves):
                succession.put_scope(session, rules, None if today == rules.leaves else today)
                funds.append(rules.fund)
        succession.forget_screened(session, funds)
        return len(funds)

    def _scope(self, rules: Mandate) -> tuple[str, ...]:
        industries = rules.industries or tuple(each.id for each in self.catalogue.industries)
        today = (leaf.code for each in industries for leaf in self.catalogue.leaves_of(each))
        return renewed_scope(rules.leaves, today, self.former)

    def _firms(self, session: Session, firms: list[Firm]) -> None:
        for each in firms:
            each.direction_shares = renewed(each.direction_shares, self.former)
            each.version += 1
            each.updated_at = self.firms.clock.now()
        self.firms.keep(session, [], firms, ACTOR, "")
        succession.forget_screened(session, screened.funds_of_firms(session, {each.id for each in firms}))

    def _deals(self, session: Session, deals: list[Deal]) -> None:
        for each in deals:
            if each.hiring_plan is not None:
                each.hiring_plan = renewed_plan(each.hiring_plan, self.former)
            if each.expected_hires is not None:
                each.expected_hires = renewed_hires(each.expected_hires, self.former)
            each.version += 1
            each.updated_at = self.firms.clock.now()
        session.flush()
        succession.forget_screened(session, {each.fund_id for each in deals})
        self.firms.journal.record(session, [_told(session, each) for each in deals])

    def _searches(self, session: Session) -> int:
        done = 0
        for id_, text in succession.searches(session, self.former).items():
            carried = renewed_filter(text, self.former)
            if carried != text:
                succession.put_filter(session, id_, canonical(parse(carried, fields(self.catalogue))))
                done += 1
        return done


def _told(session: Session, deal: Deal) -> Change:
    state = events.deal_event(deal, trails.head(session, deal.id))
    return Change(DEALS, deal.id, deal.version, state, ACTOR)
