"""DealService: steps with their evidence, refusals with what is allowed."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import grpc
import pytest
from google.type.date_pb2 import Date
from google.type.money_pb2 import Money

from bole.funding.v1 import (
    deal_action_pb2,
    deal_pb2,
    deal_service_pb2,
    deal_service_pb2_grpc,
    firm_service_pb2,
    firm_service_pb2_grpc,
    fund_service_pb2,
    fund_service_pb2_grpc,
)
from services.chassis.identity import Grant
from services.chassis.rpc.wire import instant_to_wire
from tests.contract.installation import MANAGER, Installation, refused


@pytest.fixture
def channel(whole: Installation) -> Iterator[grpc.Channel]:
    with whole.channel("funding", MANAGER, Grant("fund_analyst")) as opened:
        yield opened


@pytest.fixture
def deal(channel: grpc.Channel) -> deal_pb2.Deal:
    fund = (
        fund_service_pb2_grpc.FundServiceStub(channel).ListFunds(fund_service_pb2.ListFundsRequest()).funds[0]
    )
    firm = (
        firm_service_pb2_grpc.FirmServiceStub(channel).ListFirms(firm_service_pb2.ListFirmsRequest()).firms[0]
    )
    given = deal_pb2.Deal(
        fund=fund.name,
        firm=firm.name,
        round=f"测试轮{uuid4().hex[:6]}",
        ticket=Money(currency_code="CNY", units=3_000_000),
        submitted_date=Date(year=2026, month=6, day=1),
        owner="张三",
    )
    made: deal_pb2.Deal = stub(channel).CreateDeal(deal_service_pb2.CreateDealRequest(deal=given))
    return made


def stub(channel: grpc.Channel) -> Any:
    return deal_service_pb2_grpc.DealServiceStub(channel)


def evidence(*kinds: str) -> list[deal_action_pb2.DealEvidence]:
    received = instant_to_wire(datetime.now(UTC) - timedelta(minutes=5))
    return [
        deal_action_pb2.DealEvidence(
            kind=kind,
            title=f"{kind}.pdf",
            sha256=hashlib.sha256(kind.encode()).hexdigest(),
            receive_time=received,
        )
        for kind in kinds
    ]


def command(deal: deal_pb2.Deal, *kinds: str, **more: Any) -> deal_action_pb2.DealCommand:
    return deal_action_pb2.DealCommand(etag=deal.etag, evidence=evidence(*kinds), **more)


def missing(channel: grpc.Channel, deal: deal_pb2.Deal, action: str) -> list[str]:
    answer = stub(channel).ListDealActions(deal_service_pb2.ListDealActionsRequest(name=deal.name))
    return list(next(each.missing_evidence for each in answer.actions if each.action == action))


def test_a_deal_moves_by_evidence_and_keeps_its_history(channel: grpc.Channel, deal: deal_pb2.Deal) -> None:
    submit = deal_service_pb2.SubmitDealRequest(name=deal.name, command=command(deal))
    failure = refused(stub(channel).SubmitDeal, submit)
    assert (failure.code, failure.reason) == ("FAILED_PRECONDITION", "MISSING_EVIDENCE")
    kinds = missing(channel, deal, "SUBMIT")
    assert kinds
    checked = deal_service_pb2.SubmitDealRequest(
        name=deal.name, command=command(deal, *kinds, validate_only=True)
    )
    assert stub(channel).SubmitDeal(checked).state == deal_pb2.Deal.STATE_SUBMITTED
    got = stub(channel).GetDeal(deal_service_pb2.GetDealRequest(name=deal.name))
    assert got.state == deal_pb2.Deal.STATE_LEAD  # only checked
    request = deal_service_pb2.SubmitDealRequest(
        name=deal.name, command=command(deal, *kinds, request_id=str(uuid4()))
    )
    moved = stub(channel).SubmitDeal(request)
    assert moved.state == deal_pb2.Deal.STATE_SUBMITTED
    assert stub(channel).SubmitDeal(request) == moved
    history = stub(channel).ListDealTransitions(deal_service_pb2.ListDealTransitionsRequest(name=deal.name))
    assert [each.sequence for each in history.transitions] == [1]


def test_an_illegal_step_names_what_is_allowed(channel: grpc.Channel, deal: deal_pb2.Deal) -> None:
    request = deal_service_pb2.InitiateDealRequest(name=deal.name, command=command(deal))
    failure = refused(stub(channel).InitiateDeal, request)
    assert (failure.code, failure.reason) == ("FAILED_PRECONDITION", "ILLEGAL_TRANSITION")
    assert "SUBMIT" in failure.metadata["allowedActions"]


def test_etags_roles_and_unknown_things_are_refused(
    whole: Installation, channel: grpc.Channel, deal: deal_pb2.Deal
) -> None:
    stale = deal_action_pb2.DealCommand(etag='"v99"')
    request = deal_service_pb2.SubmitDealRequest(name=deal.name, command=stale)
    assert refused(stub(channel).SubmitDeal, request).reason == "STALE_ETAG"
    empty = deal_service_pb2.SubmitDealRequest(name=deal.name)
    assert refused(stub(channel).SubmitDeal, empty).code == "INVALID_ARGUMENT"
    odd = deal_service_pb2.SubmitDealRequest(name=deal.name, command=command(deal, "selfie"))
    assert refused(stub(channel).SubmitDeal, odd).reason == "UNKNOWN_EVIDENCE"
    decide = deal_service_pb2.DecideExternalRequest(
        name=deal.name,
        command=command(deal),
        decision=deal_service_pb2.DecideExternalRequest.DECISION_APPROVE,
    )
    assert refused(stub(channel).DecideExternal, decide).code == "PERMISSION_DENIED"
    with whole.channel("funding", Grant("talent_officer")) as foreign:
        get = deal_service_pb2.GetDealRequest(name="deals/none")
        assert refused(stub(foreign).GetDeal, get).code == "PERMISSION_DENIED"


def test_a_second_open_deal_of_the_round_is_refused(channel: grpc.Channel, deal: deal_pb2.Deal) -> None:
    again = deal_pb2.Deal(
        fund=deal.fund,
        firm=deal.firm,
        round=deal.round,
        ticket=deal.ticket,
        submitted_date=Date(year=2026, month=6, day=1),
    )
    failure = refused(stub(channel).CreateDeal, deal_service_pb2.CreateDealRequest(deal=again))
    assert (failure.code, failure.reason) == ("ALREADY_EXISTS", "DEAL_OPEN")


@pytest.mark.parametrize(
    "money",
    [
        Money(currency_code="CNY", units=0),
        Money(currency_code="CNY", units=-1),
        Money(currency_code="USD", units=5),
        Money(currency_code="CNY", units=1, nanos=5),
        Money(currency_code="CNY", units=1, nanos=-10_000_000),
        Money(units=5),
    ],
)
def test_wrong_money_is_refused(channel: grpc.Channel, deal: deal_pb2.Deal, money: Money) -> None:
    given = deal_pb2.Deal(
        fund=deal.fund,
        firm=deal.firm,
        round="另一轮",
        ticket=money,
        submitted_date=Date(year=2026, month=6, day=1),
    )
    failure = refused(stub(channel).CreateDeal, deal_service_pb2.CreateDealRequest(deal=given))
    assert failure.code == "INVALID_ARGUMENT"


def test_deals_are_listed_by_state(channel: grpc.Channel, deal: deal_pb2.Deal) -> None:
    page = stub(channel).ListDeals(
        deal_service_pb2.ListDealsRequest(filter="state = STATE_LEAD", page_size=5)
    )
    assert page.total_size >= 1
    assert all(each.state == deal_pb2.Deal.STATE_LEAD for each in page.deals)
    wrong = deal_service_pb2.ListDealsRequest(filter="state = STATE_NOWHERE")
    assert refused(stub(channel).ListDeals, wrong).reason == "INVALID_FILTER"
