"""Deals: opening one, and taking a step, with rules and capital judged in the same transaction."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from services.catalogue import Catalogue
from services.chassis.log.topics import DEALS, FUNDS
from services.chassis.outbox.journal import Change, Journal
from services.funding import events
from services.funding.domain.committee.committee import Tier
from services.funding.domain.committee.decision import TIER_OF, Outcome
from services.funding.domain.deal.actions import Action, Role
from services.funding.domain.deal.deal import Deal, open_deal
from services.funding.domain.deal.guards import stands_in
from services.funding.domain.deal.machine import ActionView, actions, perform
from services.funding.domain.deal.parties import Parties, examine_parties
from services.funding.domain.deal.states import DealState
from services.funding.domain.deal.step import Actor, Step
from services.funding.domain.deal.terms import DealTerms
from services.funding.domain.firm.firm import Firm, require_present
from services.funding.domain.ledger.holding import Holding, act_between, lines_between
from services.funding.domain.ledger.journal import Journal as LedgerJournal
from services.funding.domain.pipeline.hiring import HiringPlan, examine_plan
from services.funding.domain.restating import replan
from services.funding.service.deals.cases import (
    GIVEN_UP,
    fund_with_mandate,
    holding_of,
    standing_firm,
    standing_mandate,
)
from services.funding.service.deals.deal_context import deal_context, open_deal_of
from services.funding.service.deals.trail import Trail
from services.funding.service.deals.voting import Voting, current_vote
from services.funding.service.firms import hiring
from services.funding.service.funds.caps import Caps
from services.funding.service.funds.investments import Investments, first_payment, is_written_off
from services.funding.store import repository
from services.funding.store.deals import interests, reports, trails
from services.funding.store.deals.reports import report_of
from services.funding.store.funds import ledger
from services.kernel.clock import Clock, civil_date, midnight
from services.kernel.errors import AlreadyExists, FailedPrecondition, NotFound
from services.kernel.ids import Ids
from services.kernel.text import Text

ENDED = (DealState.INVESTED, DealState.DECLINED, DealState.WITHDRAWN, DealState.LAPSED)
_PAYING = (Action.PREPARE_CLOSING, Action.CLOSE)
# Steps that rest on the checks: what these looked at and said is kept.
_JUDGED = frozenset(
    {Action.INITIATE, Action.SUBMIT_TO_COMMITTEE, Action.PASS_INTERNAL, Action.APPROVE, Action.SIGN}
)
_OUTCOMES = {
    Action.PASS_INTERNAL: Outcome.APPROVED,
    Action.APPROVE: Outcome.APPROVED,
    Action.RETURN_TO_DUE_DILIGENCE: Outcome.RETURNED,
    Action.RETURN_TO_INTERNAL: Outcome.RETURNED,
    Action.DECLINE: Outcome.DECLINED,
}
_DECIDES = {
    DealState.INITIATED: Tier.INTERNAL,
    DealState.DUE_DILIGENCE: Tier.INTERNAL,
    DealState.IC_INTERNAL: Tier.INTERNAL,
    DealState.IC_EXTERNAL: Tier.EXTERNAL,
    DealState.APPROVED: Tier.EXTERNAL,
    DealState.SIGNED: Tier.EXTERNAL,
}
ROLES = {
    "fund_manager": {Role.FUND_MANAGER, Role.INVESTMENT_MANAGER},
    "fund_analyst": {Role.ANALYST},
    "committee_secretary": {Role.COMMITTEE_SECRETARY, Role.EXTERNAL_COMMITTEE},
    "firm_representative": {Role.FIRM},
    "partner_scout": {Role.SCOUT},
    "legal": {Role.LEGAL},
    "finance": {Role.FINANCE},
    "service": {Role.SYSTEM},
}


@dataclass(frozen=True, kw_only=True)
class Lead:
    """What is stated about a new deal. `ref`: its number in its source, empty if none."""

    fund_id: str
    firm_id: str
    round_name: str
    terms: DealTerms
    origin: str
    owner: str
    expert_rating: int | None
    submitted: date
    ref: str
    hiring_plan: HiringPlan | None = None


@dataclass(frozen=True)
class Deals:
    """The use cases of deals."""

    catalogue: Catalogue
    journal: Journal
    clock: Clock
    ids: Ids

    @property
    def investments(self) -> Investments:
        """What becomes of deals that are paid."""
        return Investments(self.journal, self.clock, self.ids)

    @property
    def trail(self) -> Trail:
        """Where every change of a deal leaves its entry."""
        return Trail(self.clock, self.ids)

    @property
    def voting(self) -> Voting:
        """What takes up the votes of committees."""
        return Voting(self.trail, self.clock, self.ids)

    def get(self, session: Session, id_: str) -> Deal:
        """The deal with its history. Raises NotFound."""
        deal = session.get(Deal, id_)
        if deal is None:
            raise NotFound.resource(f"deals/{id_}")
        repository.load_transitions(session, [deal])
        return deal

    def open(self, session: Session, lead: Lead, actor: str) -> Deal:
        """A deal in LEAD. Raises InvalidArgument, NotFound for its fund or firm, and AlreadyExists for a
        number that is taken or an open deal of the same fund, firm and round.
        """
        if lead.hiring_plan is not None:
            examine_plan(lead.hiring_plan)
        fund_with_mandate(session, lead.fund_id)
        firm = session.get(Firm, lead.firm_id)
        if firm is None:
            raise NotFound.resource(f"firms/{lead.firm_id}")
        require_present(firm)
        self._require_new(session, lead)
        key = lead.ref or f"{lead.fund_id}/{lead.firm_id}/{lead.round_name}"
        self.require_amounts(session, f"deal:{key}", lead.terms, actor)
        deal = open_deal(
            id=self.ids.new(),
            fund_id=lead.fund_id,
            firm_id=lead.firm_id,
            round_name=lead.round_name,
            channel="api",
            terms=lead.terms,
            origin=lead.origin,
            at=self.clock.now(),
            owner=lead.owner,
            expert_rating=lead.expert_rating,
            submitted_at=midnight(lead.submitted),
        )
        deal.hiring_plan = lead.hiring_plan
        session.add(deal)
        session.flush()
        repository.save_refs(session, "deal", [(lead.ref, deal.id)] if lead.ref else [])
        opened = {"fund": deal.fund_id, "firm": deal.firm_id, "round": deal.round_name}
        self.trail.note(session, deal.id, "OPENED", actor, {**opened, "terms": trails.plain(deal.terms)})
        self.tell(session, deal, actor)
        return deal

    def require_amounts(self, session: Session, subject: str, terms: DealTerms, actor: str) -> None:
        """Raise FailedPrecondition for amounts over the sanity caps that nobody else approved for this subject."""
        amounts = {
            "ticket": terms.ask_fen,
            "pre_money": terms.pre_money_fen,
            "round_total": terms.round_total_fen,
            "follow_on": terms.follow_on_fen,
        }
        Caps(self.clock, self.ids).require(session, actor, subject, amounts)

    def _require_new(self, session: Session, lead: Lead) -> None:
        taken = repository.deal_of_ref(session, lead.ref) if lead.ref else None
        if taken is not None:
            # Who opens a deal of a fund sees the deals of that fund, and may not see those of another.
            own = session.get_one(Deal, taken).fund_id == lead.fund_id
            raise AlreadyExists(
                Text(f"来源编号“{lead.ref}”已登记", f"the source number {lead.ref!r} is registered"),
                reason="SOURCE_REF_TAKEN",
                metadata={"resource": f"deals/{taken}"} if own else {},
            )
        self._require_round_free(session, lead.fund_id, lead.firm_id, lead.round_name)

    def _require_round_free(self, session: Session, fund_id: str, firm_id: str, round_name: str) -> None:
        standing = open_deal_of(session, fund_id, firm_id, round_name)
        if standing is not None:
            raise AlreadyExists(
                Text(
                    "该基金对此企业本轮已有进行中的项目", "the fund has an open deal for this firm and round"
                ),
                reason="DEAL_OPEN",
                metadata={"resource": f"deals/{standing}"},
            )

    def take(self, session: Session, deal: Deal, step: Step, conditions: str = "") -> None:
        """Take a step. Raises what the machine objects to, and INSUFFICIENT_FUND_CAPITAL at the commit itself.

        `conditions` go with a committee's approval.
        """
        before, known, stood = holding_of(deal), len(deal.transitions), stands_in(deal)
        if step.action in _PAYING and step.amount_fen is None:
            step = replace(step, amount_fen=first_payment(session, deal))
        tier = _DECIDES.get(stood)
        vote = current_vote(session, deal, tier) if tier and stood in TIER_OF else None
        context, version = deal_context(session, self.catalogue, deal, step, vote), deal.version
        transition = perform(deal, step, context)
        if step.action in _JUDGED and context.case is not None:
            run = report_of(context.case, deal.id, version, step.action.name, step.at, step.actor.subject)
            reports.save(session, run)
        self.trail.note(session, deal.id, "TRANSITION", step.actor.subject, trails.plain(transition))
        self._settle(session, deal, before, step.actor.subject)
        if deal.state is DealState.INVESTED:
            hiring.settle(session, deal, session.get_one(Firm, deal.firm_id))
            self.investments.open(session, [deal], step.actor.subject)
        repository.save_transitions(session, [deal], known)
        outcome = _OUTCOMES.get(step.action)
        if outcome is not None and tier is not None:
            self.voting.take_up(
                session,
                deal,
                tier,
                outcome,
                None if outcome is Outcome.RETURNED else vote,
                conditions=conditions,
                reason=transition.reason,
                actor=step.actor.subject,
            )
        self.tell(session, deal, step.actor.subject)

    def reopen(self, session: Session, old: Deal, reason: str, actor: str) -> Deal:
        """A new lead on the terms of a deal that ended unpaid; the old one stays as it is.

        Raises FailedPrecondition (NOT_ENDED) for any other deal, (FIRM_WITHDRAWN) for one of a firm that has left,
        and AlreadyExists for an open deal of the round.
        """
        if old.state not in GIVEN_UP:
            raise FailedPrecondition(
                Text(
                    f"项目{old.state.label.zh}，只有已否决、撤回或失效的项目可以重启",
                    f"the deal is {old.state.label.en}; only a declined, withdrawn or lapsed one is taken up again",
                ),
                reason="NOT_ENDED",
            )
        require_present(standing_firm(session, old.firm_id))
        self._require_round_free(session, old.fund_id, old.firm_id, old.round_name)
        deal = open_deal(
            id=self.ids.new(),
            fund_id=old.fund_id,
            firm_id=old.firm_id,
            round_name=old.round_name,
            channel=old.channel,
            terms=old.terms,
            origin=old.origin,
            at=self.clock.now(),
            owner=old.owner,
            expert_rating=old.expert_rating,
            reopened_from=old.id,
        )
        deal.hiring_plan = old.hiring_plan
        session.add(deal)
        session.flush()
        fact = {"fund": deal.fund_id, "firm": deal.firm_id, "round": deal.round_name}
        fact |= {"terms": trails.plain(deal.terms), "reopened_from": old.id, "reason": reason}
        self.trail.note(session, deal.id, "OPENED", actor, fact)
        self.tell(session, deal, actor)
        return deal

    def set_parties(self, session: Session, deal: Deal, parties: Parties, actor: str) -> None:
        """Say who has to do with the deal. Raises InvalidArgument, FailedPrecondition once it has ended."""
        if deal.state in ENDED:
            raise FailedPrecondition(
                Text("项目已办结，不能再调整人员", "the deal has ended; its parties stand"),
                reason="DEAL_ENDED",
            )
        found = examine_parties(parties)
        if found == interests.parties(session, [deal.id]).get(deal.id, Parties()):
            return
        interests.save_parties(session, deal.id, found)
        self.trail.note(session, deal.id, "PARTIES", actor, trails.plain(found))
        deal.version, deal.updated_at = deal.version + 1, self.clock.now()
        self.tell(session, deal, actor)

    def plan_hiring(self, session: Session, deal: Deal, plan: HiringPlan | None, actor: str) -> None:
        """State anew what the firm plans to hire with the money. Raises InvalidArgument, and
        FailedPrecondition for a deal that ended unpaid.
        """
        if plan == deal.hiring_plan and deal.state not in ENDED:
            return
        replan(deal, plan, at=self.clock.now())
        if not is_written_off(session, deal.id):
            hiring.settle(session, deal, session.get_one(Firm, deal.firm_id))
        self.tell(session, deal, actor)

    def actions(self, session: Session, deal: Deal, actor: Actor) -> list[ActionView]:
        """Every action as the actor would find it now."""
        step = Step(action=Action.SUBMIT, actor=actor, at=self.clock.now())
        tier = TIER_OF.get(stands_in(deal))
        vote = current_vote(session, deal, tier) if tier else None
        return actions(deal, step, deal_context(session, self.catalogue, deal, step, vote))

    def _settle(self, session: Session, deal: Deal, before: Holding, actor: str) -> None:
        """Post what the step changed of the fund's capital, and tell of the fund."""
        after = holding_of(deal)
        if after == before:
            return
        session.flush()
        lines, act = lines_between(before, after), act_between(before, after)
        ledger.post(
            session, [LedgerJournal(deal.fund_id, act, lines, actor, self.clock.now(), f"deals/{deal.id}")]
        )
        fund, newest = fund_with_mandate(session, deal.fund_id)
        mandate = standing_mandate(session, fund.id, civil_date(self.clock.now())) or newest
        self.journal.record(
            session, [Change(FUNDS, fund.id, fund.version, events.fund_event(fund, mandate), actor)]
        )

    def tell(self, session: Session, deal: Deal, actor: str) -> None:
        """Write the deal as it is now, and record it for the log."""
        session.flush()
        change = Change(
            DEALS, deal.id, deal.version, events.deal_event(deal, trails.head(session, deal.id)), actor
        )
        self.journal.record(session, [change])


def actor_of(subject: str, roles: Iterable[str]) -> Actor:
    """Who acts on a deal, in the capacities that the account's roles give."""
    capacities: set[Role] = set()
    for role in roles:
        capacities |= ROLES.get(role, set())
    return Actor(subject, frozenset(capacities))
