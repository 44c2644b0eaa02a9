"""Deals on a database: the whole way to the payment, and capital that is never given twice."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.catalogue import load
from services.funding.domain.committee.committee import Tier
from services.funding.domain.deal.actions import Action, DeclineCode, Role
from services.funding.domain.deal.deal import Deal, open_deal, replay
from services.funding.domain.deal.evidence import Evidence, EvidenceKind
from services.funding.domain.deal.machine import perform
from services.funding.domain.deal.states import DealState
from services.funding.domain.deal.step import Actor, DealContext, Step
from services.funding.domain.fund.fund import Fund
from services.funding.domain.ledger.acts import reserve
from services.funding.domain.ledger.journal import Act, Journal
from services.funding.domain.screening.screening import screen
from services.funding.service.deals.cases import fund_with_mandate, open_cases
from services.funding.store import repository, schema
from services.funding.store.funds import ledger
from services.kernel.clock import civil_date
from services.kernel.errors import Aborted, FailedPrecondition
from tests.integration.funding.installed import Funding

MANAGER = Actor("manager", frozenset({Role.INVESTMENT_MANAGER, Role.FUND_MANAGER}))
SECRETARY = Actor("secretary", frozenset({Role.COMMITTEE_SECRETARY, Role.EXTERNAL_COMMITTEE}))
ANALYST = Actor("analyst", frozenset({Role.ANALYST}))
WAY = (
    (Action.SUBMIT, MANAGER),
    (Action.START_SCREENING, ANALYST),
    (Action.INITIATE, MANAGER),
    (Action.START_DUE_DILIGENCE, MANAGER),
    (Action.SUBMIT_TO_COMMITTEE, MANAGER),
    (Action.PASS_INTERNAL, SECRETARY),
    (Action.APPROVE, SECRETARY),
    (Action.PREPARE_SIGNING, MANAGER),
    (Action.SIGN, Actor("lawyer", frozenset({Role.LEGAL}))),
    (Action.PREPARE_CLOSING, Actor("cashier", frozenset({Role.FINANCE}))),
    (Action.CLOSE, MANAGER),
)


def step(funding: Funding, action: Action, actor: Actor, **more: Any) -> Step:
    """A step with every kind of document, all new, so that only the rules of the deal decide."""
    now = funding.clock.now()
    papers = tuple(
        Evidence(kind, f"{kind}-{n}", hashlib.sha256(f"{kind}{action}{n}".encode()).hexdigest(), now)
        for kind in EvidenceKind
        for n in range(2)
    )
    return Step(action=action, actor=actor, at=now, evidence=papers, reason="测试", **more)


def eligible(session: Session, funding: Funding) -> Deal:
    """A deal of the sample against which nothing speaks."""
    today = civil_date(funding.clock.now())
    for fund_id in session.scalars(select(schema.fund.c.id)).all():
        for each in open_cases(session, load(), *fund_with_mandate(session, fund_id), today):
            if screen(each.case).eligible:
                return each.deal
    raise AssertionError("the sample has no eligible deal")


def leads(funding: Funding, number: int) -> list[str]:
    """That many leads on the terms of an eligible deal, each in a round of its own."""
    with funding.database.write() as session:
        model = eligible(session, funding)
        made = [
            open_deal(
                id=f"lead-{n}",
                fund_id=model.fund_id,
                firm_id=model.firm_id,
                round_name=f"第{n}轮",
                channel="test",
                terms=model.terms,
                origin="SYNTHETIC",
                at=funding.clock.now(),
                owner="owner",
            )
            for n in range(number)
        ]
        session.add_all(made)
        return [deal.id for deal in made]


def take(funding: Funding, id_: str, taken: Step) -> None:
    with funding.database.write() as session:
        funding.deals.take(session, funding.deals.get(session, id_), taken)


def fund_of(funding: Funding, id_: str) -> Fund:
    with funding.database.read() as session:
        return session.get_one(Fund, session.get_one(Deal, id_).fund_id)


def test_a_deal_goes_the_whole_way_and_its_capital_with_it(stocked: Funding) -> None:
    [id_] = leads(stocked, 1)
    before = fund_of(stocked, id_)
    balances = {}
    for action, actor in WAY:
        stocked.clock.advance(timedelta(minutes=1))
        stocked.people_do(action, id_)
        take(stocked, id_, step(stocked, action, actor))
        fund = fund_of(stocked, id_)
        balances[action] = (fund.reserved_fen, fund.committed_fen, fund.invested_fen)
    with stocked.database.read() as session:
        deal = stocked.deals.get(session, id_)
    ticket = deal.terms.ask_fen
    reserved, committed, invested = before.reserved_fen, before.committed_fen, before.invested_fen
    assert balances[Action.PASS_INTERNAL] == (reserved, committed, invested)
    assert balances[Action.APPROVE] == (reserved + ticket, committed, invested)
    assert balances[Action.SIGN] == (reserved, committed + ticket, invested)
    assert balances[Action.CLOSE] == (reserved, committed, invested + ticket)
    assert deal.state is replay(deal.transitions) is DealState.INVESTED


def test_a_refused_approval_frees_what_was_reserved(stocked: Funding) -> None:
    [id_] = leads(stocked, 1)
    before = fund_of(stocked, id_).headroom_fen
    for action, actor in WAY[:7]:
        stocked.people_do(action, id_)
        take(stocked, id_, step(stocked, action, actor))
    assert fund_of(stocked, id_).headroom_fen < before
    take(stocked, id_, step(stocked, Action.DECLINE, SECRETARY, decline_codes=(DeclineCode.TEAM,)))
    assert fund_of(stocked, id_).headroom_fen == before


def test_racing_approvals_never_give_the_same_capital_twice(stocked: Funding) -> None:
    ids = leads(stocked, 6)
    with stocked.database.write() as session:
        for id_ in ids:
            deal = session.get_one(Deal, id_)
            repository.load_transitions(session, [deal])
            arriving = step(stocked, Action.IMPORT, MANAGER, import_state=DealState.IC_EXTERNAL)
            perform(deal, arriving, DealContext())
            repository.save_transitions(session, [deal])
            stocked.team_up(session, deal)
            stocked.vote(session, deal, Tier.EXTERNAL)
        ticket = deal.terms.ask_fen
        fund = session.get_one(Fund, deal.fund_id)
        held = reserve(fund.headroom_fen - 2 * ticket - ticket // 2)
        ledger.post(session, [Journal(fund.id, Act.RESERVE, held, "test", stocked.clock.now())])
        untouched = session.get_one(Fund, deal.fund_id).reserved_fen

    def approve(id_: str) -> str:
        while True:
            try:
                take(stocked, id_, step(stocked, Action.APPROVE, SECRETARY))
            except Aborted:
                continue
            except FailedPrecondition as error:
                return error.reason
            return "APPROVED"

    with ThreadPoolExecutor(len(ids)) as pool:
        outcomes = sorted(pool.map(approve, ids))
    assert outcomes == ["APPROVED"] * 2 + ["INSUFFICIENT_FUND_CAPITAL"] * 4
    after = fund_of(stocked, ids[0])
    assert after.reserved_fen == untouched + 2 * ticket
    assert after.headroom_fen == ticket // 2


def test_of_two_steps_from_the_same_state_one_is_refused(stocked: Funding) -> None:
    [id_] = leads(stocked, 1)

    def submit(_attempt: int) -> str:
        try:
            take(stocked, id_, step(stocked, Action.SUBMIT, MANAGER))
        except (Aborted, FailedPrecondition) as error:
            return error.reason
        return "TAKEN"

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(submit, range(4)))
    assert outcomes.count("TAKEN") == 1
    assert set(outcomes) <= {"TAKEN", "CONCURRENT_CHANGE", "ILLEGAL_TRANSITION"}
    with stocked.database.read() as session:
        assert len(stocked.deals.get(session, id_).transitions) == 1
