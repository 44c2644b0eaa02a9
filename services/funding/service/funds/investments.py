"""Holdings: opened by a payment, then taken step by step; money moves on the ledger in the same transaction."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.chassis.log.topics import DEALS, FUNDS, INVESTMENTS
from services.chassis.outbox.journal import Change, Journal
from services.funding import events
from services.funding.domain.deal.deal import Deal, paid_on
from services.funding.domain.deal.states import DealState
from services.funding.domain.deal.step import Actor
from services.funding.domain.findings import normal
from services.funding.domain.investment.actions import InvestmentAction
from services.funding.domain.investment.investment import Investment, open_investment, tranche_states
from services.funding.domain.investment.machine import InvestmentActionView, actions, lines_of, perform
from services.funding.domain.investment.order import InvestmentOrder
from services.funding.domain.investment.states import InvestmentState
from services.funding.domain.investment.tranches import (
    Tranche,
    TranchePlan,
    TrancheState,
    examine_tranches,
)
from services.funding.domain.ledger.journal import Journal as LedgerJournal
from services.funding.service.deals.cases import fund_with_mandate
from services.funding.service.deals.interests import recused_from
from services.funding.service.deals.trail import Trail
from services.funding.service.funds.recycling import recycled_by
from services.funding.store import schema
from services.funding.store.deals import trails
from services.funding.store.funds import investments, ledger
from services.kernel.clock import Clock, civil_date
from services.kernel.errors import FailedPrecondition, NotFound
from services.kernel.ids import Ids
from services.kernel.text import Text


@dataclass(frozen=True)
class Investments:
    """The use cases of holdings."""

    journal: Journal
    clock: Clock
    ids: Ids

    @property
    def trail(self) -> Trail:
        """The chain of facts of the deal that a holding came of."""
        return Trail(self.clock, self.ids)

    def get(self, session: Session, id_: str) -> Investment:
        """The holding with its history. Raises NotFound."""
        found = session.get(Investment, id_)
        if found is None:
            raise NotFound.resource(f"investments/{id_}")
        investments.load_steps(session, [found])
        return found

    def open(self, session: Session, deals: Sequence[Deal], actor: str) -> list[Investment]:
        """A holding for each of these deals that is paid, as planned, else paid in one."""
        paid = [deal for deal in deals if deal.state is DealState.INVESTED]
        plans = investments.plans_of(session, [deal.id for deal in paid])
        made = [self._opened(deal, plans.get(deal.id), actor) for deal in paid]
        session.add_all(made)
        investments.save_steps(session, made)
        self.journal.record(session, [_change(each, actor) for each in made])
        return made

    def plan(
        self, session: Session, deal: Deal, tranches: Sequence[Tranche], document: str, actor: str
    ) -> TranchePlan:
        """State how a signed deal is paid. Raises InvalidArgument, and FailedPrecondition (NOT_SIGNED)."""
        if deal.state is not DealState.SIGNED or deal.signed_fen is None:
            raise FailedPrecondition(
                Text(
                    f"项目处于“{deal.state.label.zh}”，签约后、出资前才能安排分期",
                    f"the deal is {deal.state.label.en}; payments are planned once it is signed and before it is paid",
                ),
                reason="NOT_SIGNED",
            )
        known = investments.plan_of(session, deal.id)
        plan = TranchePlan(
            deal_id=deal.id,
            revision=1 if known is None else known.revision + 1,
            tranches=examine_tranches(tranches, document, deal.signed_fen),
            document=normal(document),
            actor=actor,
            at=self.clock.now(),
        )
        investments.save_plan(session, plan)
        self.trail.note(session, deal.id, "TRANCHE_PLAN", actor, trails.plain(plan))
        # Who is closing the deal at this moment has read the plan before and must read it again.
        self._changed(session, deal, actor)
        return plan

    def take(self, session: Session, investment: Investment, order: InvestmentOrder) -> None:
        """Take a step. Raises what the machine objects to, and what the ledger lacks (INSUFFICIENT_CASH)."""
        known = len(investment.steps)
        step = perform(investment, order, self._recused(session, investment))
        investments.save_steps(session, [investment], known)
        self.trail.note(session, investment.id, "HOLDING_STEP", order.actor.subject, trails.plain(step))
        subject, name = order.actor.subject, f"investments/{investment.id}"
        moved = lines_of(step, recycled_fen=recycled_by(session, investment.fund_id, step))
        if moved is not None:
            act, lines = moved
            document = order.evidence[0].title if order.evidence else ""
            posted = LedgerJournal(investment.fund_id, act, lines, subject, order.at, name, document)
            ledger.post(session, [posted])
            fund, mandate = fund_with_mandate(session, investment.fund_id)
            told = Change(FUNDS, fund.id, fund.version, events.fund_event(fund, mandate), subject)
            self.journal.record(session, [told])
        self.journal.record(session, [_change(investment, subject)])
        if step.action is InvestmentAction.CANCEL_TRANCHE:
            self._cancelled(session, investment.id, step.fen or 0, subject)
        if investment.state is InvestmentState.WRITTEN_OFF and step.source is not step.target:
            self._expect_nothing(session, investment.id, subject)

    def actions(self, session: Session, investment: Investment, actor: Actor) -> list[InvestmentActionView]:
        """Every action as the actor would find it now."""
        states = tranche_states(investment)
        due = (
            n for n, (state, _) in states.items() if state not in (TrancheState.PAID, TrancheState.CANCELLED)
        )
        order = InvestmentOrder(
            action=InvestmentAction.MARK, actor=actor, at=self.clock.now(), tranche=next(due, None)
        )
        return actions(investment, order, self._recused(session, investment))

    def _recused(self, session: Session, investment: Investment) -> frozenset[str]:
        return recused_from(session, session.get_one(Deal, investment.id))

    def _opened(self, deal: Deal, plan: TranchePlan | None, actor: str) -> Investment:
        at, paid = self.clock.now(), deal.paid_fen or 0
        return open_investment(
            id=deal.id,
            fund_id=deal.fund_id,
            firm_id=deal.firm_id,
            round_name=deal.round_name,
            origin=deal.origin,
            closed=paid_on(deal) or civil_date(at),
            tranches=(Tranche(1, paid),) if plan is None else plan.tranches,
            actor=actor,
            at=at,
        )

    def _cancelled(self, session: Session, deal_id: str, fen: int, actor: str) -> None:
        """The fund holds so much less of the deal's firm."""
        deal = session.get_one(Deal, deal_id)
        deal.cancelled_fen += fen
        self._changed(session, deal, actor)

    def _expect_nothing(self, session: Session, deal_id: str, actor: str) -> None:
        """A firm that is written off hires nobody with the money."""
        deal = session.get_one(Deal, deal_id)
        if deal.expected_hires is None:
            return
        deal.expected_hires = None
        self._changed(session, deal, actor)

    def _changed(self, session: Session, deal: Deal, actor: str) -> None:
        deal.updated_at = self.clock.now()
        deal.version += 1
        session.flush()
        self.journal.record(session, [Change(DEALS, deal.id, deal.version, events.deal_event(deal), actor)])


def first_payment(session: Session, deal: Deal) -> int | None:
    """What the plan of a deal pays at closing; None without a plan: all of it."""
    plan = investments.plan_of(session, deal.id)
    return None if plan is None else plan.tranches[0].fen


def is_written_off(session: Session, deal_id: str) -> bool:
    """Whether the holding of a deal is written off."""
    query = select(schema.investment.c.state).where(schema.investment.c.id == deal_id)
    return session.execute(query).scalar_one_or_none() is InvestmentState.WRITTEN_OFF


def _change(investment: Investment, actor: str) -> Change:
    state = events.investment_event(investment)
    return Change(INVESTMENTS, investment.id, investment.version, state, actor)
