"""A deal from the lead to the payment, over the wire: each step by whom it belongs to, the capital with it."""

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from google.type.date_pb2 import Date

from bole.funding.v1 import (
    committee_pb2,
    committee_service_pb2,
    deal_action_pb2,
    deal_analysis_service_pb2,
    deal_analysis_service_pb2_grpc,
    deal_pb2,
    deal_service_pb2,
    deal_service_pb2_grpc,
    fund_pb2,
    fund_service_pb2,
    fund_service_pb2_grpc,
    screening_service_pb2,
    screening_service_pb2_grpc,
)
from services.chassis.identity.identity import Grant
from services.chassis.rpc.wire import instant_to_wire
from tests.contract.funding.board import SECRETARY, Board, Tier, seated
from tests.contract.installation import Installation, refused

State = deal_pb2.Deal.State
Outcome = committee_pb2.Decision.Outcome
ROLES = ("fund_manager", "fund_analyst", "committee_secretary", "legal", "finance")
APPROVE = {"decision": deal_service_pb2.DecideInternalRequest.DECISION_APPROVE}
WAY: tuple[tuple[str, str, str, dict[str, Any], State], ...] = (
    ("fund_manager", "Submit", "SUBMIT", {}, State.STATE_SUBMITTED),
    ("fund_analyst", "StartScreening", "START_SCREENING", {}, State.STATE_SCREENING),
    ("fund_manager", "Initiate", "INITIATE", {}, State.STATE_INITIATED),
    ("fund_manager", "StartDueDiligence", "START_DUE_DILIGENCE", {}, State.STATE_DUE_DILIGENCE),
    ("fund_manager", "SubmitToCommittee", "SUBMIT_TO_COMMITTEE", {}, State.STATE_IC_INTERNAL),
    ("committee_secretary", "DecideInternal", "PASS_INTERNAL", APPROVE, State.STATE_IC_EXTERNAL),
    ("committee_secretary", "DecideExternal", "APPROVE", APPROVE, State.STATE_APPROVED),
    ("fund_manager", "Sign", "PREPARE_SIGNING", {}, State.STATE_APPROVED),
    ("legal", "Sign", "SIGN", {}, State.STATE_SIGNED),
    ("finance", "Close", "PREPARE_CLOSING", {}, State.STATE_SIGNED),
    ("fund_manager", "Close", "CLOSE", {}, State.STATE_INVESTED),
)


@pytest.fixture
def staff(whole: Installation) -> Iterator[dict[str, Any]]:
    """DealService as five persons, one for each role, and the manager's channel under `channel`."""
    with ExitStack() as stack:
        found: dict[str, Any] = {}
        for role in ROLES:
            channel = stack.enter_context(whole.channel("funding", Grant(role), subject=f"the-{role}"))
            found[role] = deal_service_pb2_grpc.DealServiceStub(channel)
            found.setdefault("channel", channel)
        yield found


@pytest.fixture
def board(whole: Installation) -> Iterator[Board]:
    with seated(whole) as made:
        yield made


# Before these steps a committee votes, or the team is put together.
VOTES = {"PASS_INTERNAL": Tier.TIER_INTERNAL, "APPROVE": Tier.TIER_EXTERNAL}


def prepare(board: Board, deal: deal_pb2.Deal, action: str) -> deal_pb2.Deal:
    """What people have to do before the step."""
    if action == "START_DUE_DILIGENCE":
        return board.team_up(deal)
    if action in VOTES:
        board.vote(deal, VOTES[action])
    return deal


@pytest.fixture
def lead(staff: dict[str, Any]) -> deal_pb2.Deal:
    """A new lead on the terms of a deal that nothing speaks against."""
    screening = screening_service_pb2_grpc.ScreeningServiceStub(staff["channel"])
    funds = fund_service_pb2_grpc.FundServiceStub(staff["channel"])
    for fund in funds.ListFunds(fund_service_pb2.ListFundsRequest()).funds:
        request = screening_service_pb2.ScreenDealsRequest(
            fund=fund.name, filter="eligible = true AND ticket <= 2000万", page_size=1
        )
        for each in screening.ScreenDeals(request).deals:
            given = deal_pb2.Deal()
            given.CopyFrom(each.deal)
            given.round, given.source_ref, given.owner = f"轮{uuid4().hex[:8]}", "", "项目负责人"
            given.submitted_date.CopyFrom(Date(year=2026, month=6, day=1))
            made: deal_pb2.Deal = staff["fund_manager"].CreateDeal(
                deal_service_pb2.CreateDealRequest(deal=given)
            )
            return made
    raise AssertionError("the sample has no eligible deal")


def fund_of(staff: dict[str, Any], deal: deal_pb2.Deal) -> fund_pb2.Fund:
    stub = fund_service_pb2_grpc.FundServiceStub(staff["channel"])
    found: fund_pb2.Fund = stub.GetFund(fund_service_pb2.GetFundRequest(name=deal.fund))
    return found


def counted(staff: dict[str, Any], deal: deal_pb2.Deal) -> int:
    """Yuan in firms by name, as the fund's limits count them."""
    stub = deal_analysis_service_pb2_grpc.DealAnalysisServiceStub(staff["channel"])
    request = deal_analysis_service_pb2.GetFundHeadroomRequest(name=deal.fund)
    return int(stub.GetFundHeadroom(request).counted.units)


def papers(stub: Any, deal: deal_pb2.Deal, action: str) -> list[deal_action_pb2.DealEvidence]:
    """What is still missing for an action, new."""
    answer = stub.ListDealActions(deal_service_pb2.ListDealActionsRequest(name=deal.name))
    [view] = [each for each in answer.actions if each.action == action]
    received = instant_to_wire(datetime.now(UTC) - timedelta(minutes=1))
    return [
        deal_action_pb2.DealEvidence(
            kind=kind,
            title=kind,
            sha256=hashlib.sha256(f"{kind}{action}{deal.name}".encode()).hexdigest(),
            receive_time=received,
        )
        for kind in view.missing_evidence
    ]


def step(
    staff: dict[str, Any], deal: deal_pb2.Deal, role: str, verb: str, action: str, more: dict[str, Any]
) -> tuple[Any, Any]:
    """The method and its request."""
    command = deal_action_pb2.DealCommand(
        etag=deal.etag, evidence=papers(staff["fund_manager"], deal, action), request_id=str(uuid4())
    )
    name = verb if verb in {"StartScreening", "StartDueDiligence", "SubmitToCommittee"} else f"{verb}Deal"
    name = verb if verb.startswith("Decide") else name
    kind = getattr(deal_service_pb2, f"{name}Request")
    return getattr(staff[role], name), kind(name=deal.name, command=command, **more)


def test_a_deal_goes_its_whole_way(staff: dict[str, Any], board: Board, lead: deal_pb2.Deal) -> None:
    before, ticket, deal = fund_of(staff, lead), lead.ticket.units, lead
    in_firms = counted(staff, lead)
    for role, verb, action, more, state in WAY:
        deal = prepare(board, deal, action)
        call, request = step(staff, deal, role, verb, action, more)
        deal = call(request)
        assert deal.state == state, action
        assert call(request) == deal
        fund = fund_of(staff, lead)
        held = state in (State.STATE_APPROVED, State.STATE_SIGNED, State.STATE_INVESTED)
        assert before.headroom.units - fund.headroom.units == (ticket if held else 0), action
        assert counted(staff, lead) - in_firms == (ticket if held else 0), "approved is counted, as signed is"
        reserved = fund.reserved.units - before.reserved.units
        assert reserved == (ticket if state == State.STATE_APPROVED else 0), action
    request = deal_service_pb2.ListDealTransitionsRequest(name=lead.name)
    history = staff["fund_analyst"].ListDealTransitions(request).transitions
    assert [each.sequence for each in history] == list(range(1, len(WAY) + 1))
    assert [each.action for each in history] == [action for _, _, action, _, _ in WAY]
    assert {each.actor for each in history} == {f"the-{role}" for role in ROLES}
    over = deal_service_pb2.WithdrawDealRequest(
        name=deal.name, command=deal_action_pb2.DealCommand(etag=deal.etag, reason="太晚了")
    )
    failure = refused(staff["fund_manager"].WithdrawDeal, over)
    assert (failure.reason, failure.metadata["allowedActions"]) == ("ILLEGAL_TRANSITION", "")


def test_no_hand_is_given_twice_and_none_out_of_turn(
    staff: dict[str, Any], board: Board, lead: deal_pb2.Deal
) -> None:
    deal = lead
    for role, verb, action, more, _ in WAY[:7]:
        deal = prepare(board, deal, action)
        call, request = step(staff, deal, role, verb, action, more)
        deal = call(request)
    correct(board, deal)
    call, request = step(staff, deal, "legal", "Sign", "SIGN", {})
    assert refused(call, request).code == "PERMISSION_DENIED"  # the manager signs first
    call, request = step(staff, deal, "fund_manager", "Sign", "PREPARE_SIGNING", {})
    deal = call(request)
    call, request = step(staff, deal, "fund_manager", "Sign", "SIGN", {})
    assert refused(call, request).code == "PERMISSION_DENIED"
    reserved = fund_of(staff, deal).headroom.units
    call, request = step(
        staff, deal, "committee_secretary", "Decline", "DECLINE", {"reason_code": "CONDITIONS_NOT_MET"}
    )
    request.command.reason = "交割条件未满足"
    declined = call(request)
    assert declined.state == State.STATE_DECLINED
    assert fund_of(staff, deal).headroom.units == reserved + deal.ticket.units
    decisions = board.committees(SECRETARY).ListDecisions(
        committee_service_pb2.ListDecisionsRequest(parent=deal.name)
    )
    assert [(each.outcome, each.supersedes, each.standing) for each in decisions.decisions] == [
        (Outcome.OUTCOME_APPROVED, 0, True),
        (Outcome.OUTCOME_APPROVED, 0, False),
        (Outcome.OUTCOME_APPROVED, 2, False),
        (Outcome.OUTCOME_DECLINED, 3, True),
    ]


def correct(board: Board, deal: deal_pb2.Deal) -> None:
    """The external committee adds a condition to its approval, by a vote of its own."""
    stub = board.committees(SECRETARY)
    vote = board.vote(deal, Tier.TIER_EXTERNAL, purpose=committee_pb2.Vote.PURPOSE_CORRECTION)
    request = committee_service_pb2.CorrectDecisionRequest(
        parent=deal.name,
        vote=vote.name,
        conditions="交割前完成核心专利转让登记",
        reason="补充先决条件",
        request_id=str(uuid4()),
    )
    made = stub.CorrectDecision(request)
    assert (made.number, made.supersedes, made.conditions) == (3, 2, request.conditions)
    assert stub.CorrectDecision(request) == made
    request.request_id = str(uuid4())
    failure = refused(stub.CorrectDecision, request)
    assert (failure.code, failure.reason) == ("FAILED_PRECONDITION", "VOTE_SPENT")
