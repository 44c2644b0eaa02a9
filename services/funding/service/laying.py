"""`python -m services.funding sample-histories`: a sample has past deals, so that what they say has something to say.

A contract never lets a caller say when a step was taken, and an import tells where a deal stands, not how it came
there. So past deals of the sample walk their way by the same acts as any deal, documents, declarations and votes among
them, under a clock that is moved as the days would have passed. Real records are never treated so.
"""

import hashlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.catalogue import Catalogue
from services.chassis.house import House
from services.funding.domain.committee.committee import Seat, Tier
from services.funding.domain.committee.sitting import Sitting
from services.funding.domain.committee.vote import Choice, Purpose
from services.funding.domain.deal.actions import Action, DeclineCode, Role
from services.funding.domain.deal.deal import Deal
from services.funding.domain.deal.edges import EDGES
from services.funding.domain.deal.evidence import Evidence
from services.funding.domain.deal.interest import InterestKind
from services.funding.domain.deal.parties import Parties
from services.funding.domain.deal.states import DealState
from services.funding.domain.deal.step import Actor, Step
from services.funding.domain.deal.waiver import Waiver
from services.funding.domain.ledger.acts import receive
from services.funding.domain.ledger.journal import Act, Journal
from services.funding.domain.pipeline.hiring import HiringPlan, PlannedHire
from services.funding.domain.screening.screening import screen
from services.funding.service.deals.cases import fund_with_mandate, open_cases
from services.funding.service.deals.committees import Committees
from services.funding.service.deals.compliance import Compliance
from services.funding.service.deals.deals import Deals, Lead
from services.funding.service.deals.declaring import Interests
from services.funding.service.deals.recusals import Recusals
from services.funding.store import repository, schema
from services.funding.store.deals import committees
from services.funding.store.funds import ledger
from services.kernel.clock import ManualClock, civil_date, midnight
from services.kernel.errors import FailedPrecondition
from services.kernel.text import Text
from services.sample.histories import FUND_REF, HIRING_MONTHS, MEMBERS, TEAM, SamplePast, past_deals
from services.sample.holdings import MARKED

_MANAGER = Actor("demo-manager", frozenset({Role.INVESTMENT_MANAGER, Role.FUND_MANAGER}))
_SECRETARY = Actor("demo-secretary", frozenset({Role.COMMITTEE_SECRETARY, Role.EXTERNAL_COMMITTEE}))
_BY = {
    Action.START_SCREENING: Actor(TEAM[0], frozenset({Role.ANALYST})),
    Action.PASS_INTERNAL: _SECRETARY,
    Action.APPROVE: _SECRETARY,
    Action.SIGN: Actor("demo-legal", frozenset({Role.LEGAL})),
    Action.PREPARE_CLOSING: Actor("demo-finance", frozenset({Role.FINANCE})),
}
_BEFORE = {Action.SIGN: Action.PREPARE_SIGNING, Action.CLOSE: Action.PREPARE_CLOSING}
_TIERS = {Action.PASS_INTERNAL: Tier.INTERNAL, Action.APPROVE: Tier.EXTERNAL}
_CODES = (DeclineCode.MARKET, DeclineCode.TECHNOLOGY, DeclineCode.VALUATION, DeclineCode.TEAM)
_ROUND = "天使轮"
_MOST_FEN = 100_000_000
_SITS_AT = timedelta(hours=10)
"""Of the civil day: when committees of past deals met, and whatever else was done for them."""
"""As much as a past deal asks for at the most: where few firms model many deals, no firm may come to hold too much."""
_UNCLEAR = "IP_OWNERSHIP_UNCLEAR"


def lay_histories(house: House, catalogue: Catalogue, arguments: Sequence[str]) -> int:
    """Lay the past of the sample's fund, once; 1 with the reason on stderr where that must not be. No arguments."""
    if arguments:
        sys.stderr.write("不接受参数 / no arguments are taken\n")
        return 1
    try:
        laid = _laid(house, catalogue)
    except FailedPrecondition as error:
        sys.stderr.write(f"{error.text.zh} / {error.text.en}\n")
        return 1
    sys.stdout.write(f"往期项目 {laid} / {laid} past deals\n")
    return 0


def _laid(house: House, catalogue: Catalogue) -> int:
    """How many were laid: none that are there already, nor where the sample has no such fund or nothing to model them
    on. Each in a transaction of its own, so that nobody who writes waits for all of them.

    Raises FailedPrecondition (NOT_A_SAMPLE), and as the acts of deals do.
    """
    with house.database.read() as session:
        _require_sample(session)
        fund = repository.funds_by_ref(session, [FUND_REF]).get(FUND_REF)
        models = [] if fund is None else _models(session, catalogue, fund.id, house.clock.now())
        absent = [each for each in past_deals() if repository.deal_of_ref(session, each.ref) is None]
    if not models:
        return 0
    today = midnight(civil_date(house.clock.now()))
    for past in absent:
        clock = ManualClock(today - timedelta(days=past.began) + _SITS_AT)
        deals = Deals(catalogue, house.journal, clock, house.ids)
        with house.database.write() as session:
            _Walk(session, deals, clock, models[past.number % len(models)], past).go()
    return len(absent)


def _require_sample(session: Session) -> None:
    tables = (schema.firm, schema.fund, schema.deal)
    real = (select(table.c.id).where(table.c.origin != "SYNTHETIC").exists() for table in tables)
    if session.scalar(select(or_(*real))):
        raise FailedPrecondition(
            Text(
                "库中有真实数据，其往期项目只由办理产生",
                "there is real data: its past deals come of what was done with them",
            ),
            reason="NOT_A_SAMPLE",
        )


def _models(session: Session, catalogue: Catalogue, fund_id: str, now: datetime) -> list[Deal]:
    """The deals of a fund that nothing speaks against, the smallest first: past deals have their firms and terms."""
    fund, mandate = fund_with_mandate(session, fund_id)
    cases = open_cases(session, catalogue, fund, mandate, civil_date(now))
    found = [each.deal for each in cases if screen(each.case).eligible]
    refs = repository.refs_of_deals(session, [each.id for each in found])
    return sorted(found, key=lambda each: (each.terms.ask_fen, refs.get(each.id, "")))


@dataclass(frozen=True)
class _Walk:
    """One past deal on its way."""

    session: Session
    deals: Deals
    clock: ManualClock
    model: Deal
    past: SamplePast

    def go(self) -> None:
        """From the lead to where it ended."""
        model, past = self.model, self.past
        deal = self.deals.open(
            self.session,
            Lead(
                fund_id=model.fund_id,
                firm_id=model.firm_id,
                round_name=f"{_ROUND}·往期{past.number:02d}{MARKED}",
                terms=replace(model.terms, ask_fen=min(model.terms.ask_fen, _MOST_FEN)),
                origin="SYNTHETIC",
                owner=_MANAGER.subject,
                expert_rating=model.expert_rating,
                submitted=civil_date(self.clock.now()),
                ref=past.ref,
                hiring_plan=HiringPlan(
                    tuple(PlannedHire("", category, heads) for category, heads in past.hires), HIRING_MONTHS
                ),
            ),
            _MANAGER.subject,
        )
        for name, days in past.steps:
            self.clock.advance(timedelta(days=days))
            self._come(deal, Action[name])
        if not past.paid:
            self.clock.advance(timedelta(days=past.ended))
            self._end(deal)

    def _come(self, deal: Deal, action: Action) -> None:
        if action is Action.START_DUE_DILIGENCE:
            self._team_up(deal)
        if action in _TIERS:
            self._vote(deal, _TIERS[action], Choice.YES)
        if action is Action.CLOSE:
            self._pay_in(deal)
        if before := _BEFORE.get(action):
            self._take(deal, before)
        self._take(deal, action)

    def _pay_in(self, deal: Deal) -> None:
        """What the deal takes of the fund's cash came in before it, as with deals that an import brings."""
        lines = receive(deal.signed_fen or deal.terms.ask_fen)
        now, by = self.clock.now(), _MANAGER.subject
        ledger.post(self.session, [Journal(deal.fund_id, Act.IMPORT, lines, by, now, f"deals/{deal.id}")])

    def _end(self, deal: Deal) -> None:
        """Withdrawn, or declined by whom its stage has; what is signed can only be declined."""
        if self.past.withdrawn and deal.state is not DealState.SIGNED:
            self._take(deal, Action.WITHDRAW)
            return
        tier = {DealState.IC_INTERNAL: Tier.INTERNAL, DealState.IC_EXTERNAL: Tier.EXTERNAL}.get(deal.state)
        if tier is not None:
            self._vote(deal, tier, Choice.NO)
        self._take(deal, Action.DECLINE)

    def _take(self, deal: Deal, action: Action) -> None:
        edge = EDGES[action, deal.state]
        actor = _BY.get(action, _MANAGER)
        if actor.roles.isdisjoint(edge.roles):
            actor = _SECRETARY
        now = self.clock.now()
        papers = tuple(
            Evidence(
                each.kind,
                f"{each.kind.label.zh}{MARKED}",
                hashlib.sha256(f"{each.kind}{action}{deal.id}".encode()).hexdigest(),
                now,
            )
            for each in edge.requires
        )
        codes = (_CODES[self.past.number % len(_CODES)],) if action is Action.DECLINE else ()
        step = Step(
            action=action,
            actor=actor,
            at=now,
            reason="往期项目（演示）",
            evidence=papers,
            decline_codes=codes,
        )
        self.deals.take(self.session, deal, step)

    def _team_up(self, deal: Deal) -> None:
        """A team, who declare; whose the rights are nobody has looked up, which the committee accepts."""
        self.deals.set_parties(self.session, deal, Parties(team=TEAM), _MANAGER.subject)
        self._declare(deal, TEAM)
        until = civil_date(self.clock.now()) + timedelta(days=300)
        waiver = Waiver(_UNCLEAR, f"会议纪要{MARKED}", _SECRETARY.subject, until, "权属证明后补")
        Compliance(self.deals.catalogue, self.clock).waive(self.session, deal, waiver)

    def _declare(self, deal: Deal, accounts: Sequence[str]) -> None:
        interests = Interests(self.deals.trail, Recusals(self.deals.journal), self.clock, self.deals.ids)
        for each in accounts:
            interests.declare(self.session, deal, each, [InterestKind.NONE], "")

    def _vote(self, deal: Deal, tier: Tier, choice: Choice) -> None:
        """A sitting at which all are of one mind."""
        self._declare(deal, MEMBERS)
        voting = self.deals.voting
        sitting = self._sitting(deal, tier)
        vote = voting.open(self.session, sitting, deal, Purpose.DECISION, _SECRETARY.subject)
        text = "" if choice is Choice.YES else "市场前景不明"
        for member in MEMBERS:
            voting.cast(self.session, vote, member, choice, text)
        voting.close(self.session, vote, _SECRETARY.subject)

    def _sitting(self, deal: Deal, tier: Tier) -> Sitting:
        kept = Committees(self.clock, self.deals.ids)
        board = committees.committee_of(self.session, deal.fund_id, tier)
        if board is None:
            seats = [Seat(member=each) for each in MEMBERS]
            board = kept.set_up(self.session, deal.fund_id, tier, seats)
        return kept.call(self.session, board, self.clock.now(), [deal.id], ())
