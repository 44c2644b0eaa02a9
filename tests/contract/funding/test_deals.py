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
    screening_service_pb2,
    screening_service_pb2_grpc,
)
from services.chassis.identity.identity import Grant
from services.chassis.rpc.wire import instant_to_wire
from tests.contract.installation import MANAGER, Installation, fields, refused


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
        Money(currency_code="CNY", units=2**63 - 1),
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
    assert all(each.startswith("deal.ticket") for each in fields(failure)), failure
    listed = stub(channel).ListDeals(
        deal_service_pb2.ListDealsRequest(filter=f'fund = "{deal.fund}" AND round = "另一轮"')
    )
    assert listed.total_size == 0


def test_deals_are_listed_by_state(channel: grpc.Channel, deal: deal_pb2.Deal) -> None:
    page = stub(channel).ListDeals(
        deal_service_pb2.ListDealsRequest(filter="state = STATE_LEAD", page_size=5)
    )
    assert page.total_size >= 1
    assert all(each.state == deal_pb2.Deal.STATE_LEAD for each in page.deals)
    wrong = deal_service_pb2.ListDealsRequest(filter="state = STATE_NOWHERE")
    assert refused(stub(channel).ListDeals, wrong).reason == "INVALID_FILTER"


def test_a_lead_keeps_all_that_was_stated(channel: grpc.Channel, deal: deal_pb2.Deal) -> None:
    given = deal_pb2.Deal(
        source_ref=f"S-{uuid4().hex}",
        fund=deal.fund,
        firm=deal.firm,
        round=f"另{uuid4().hex[:6]}轮",
        ticket=Money(currency_code="CNY", units=7_654_321),
        pre_money=Money(currency_code="CNY", units=80_000_000),
        submitted_date=Date(year=2026, month=6, day=2),
        expert_rating=4,
        owner="李四",
    )
    made = stub(channel).CreateDeal(deal_service_pb2.CreateDealRequest(deal=given))
    for name in ("source_ref", "ticket", "pre_money", "submitted_date", "expert_rating", "owner"):
        assert getattr(made, name) == getattr(given, name)
    given.round = "再一轮"
    taken = refused(stub(channel).CreateDeal, deal_service_pb2.CreateDealRequest(deal=given))
    assert (taken.code, taken.reason) == ("ALREADY_EXISTS", "SOURCE_REF_TAKEN")
    assert taken.metadata["resource"] == made.name
    funds = fund_service_pb2_grpc.FundServiceStub(channel).ListFunds(fund_service_pb2.ListFundsRequest())
    given.fund = next(each.name for each in funds.funds if each.name != deal.fund)
    elsewhere = refused(stub(channel).CreateDeal, deal_service_pb2.CreateDealRequest(deal=given))
    assert elsewhere.reason == "SOURCE_REF_TAKEN"
    assert "resource" not in elsewhere.metadata  # a deal of another fund is not named
    for filter_ in (
        "ticket = 7654321 AND submitted_date = 2026-06-02",
        f'pre_money = 8000万 AND fund = "{deal.fund}" AND ticket > 765万',
    ):
        found = stub(channel).ListDeals(deal_service_pb2.ListDealsRequest(filter=filter_))
        assert made in found.deals, filter_
    later = deal_service_pb2.ListDealsRequest(filter="ticket = 7654321 AND submitted_date > 2026-06-02")
    assert made not in stub(channel).ListDeals(later).deals


def test_a_date_to_come_and_a_ticket_over_the_round_are_named(
    channel: grpc.Channel, deal: deal_pb2.Deal
) -> None:
    given = deal_pb2.Deal(
        fund=deal.fund,
        firm=deal.firm,
        round="第三轮",
        ticket=Money(currency_code="CNY", units=5),
        round_total=Money(currency_code="CNY", units=4),
        submitted_date=Date(year=2150, month=1, day=1),
    )
    failure = refused(stub(channel).CreateDeal, deal_service_pb2.CreateDealRequest(deal=given))
    assert {"deal.submitted_date", "deal.ticket"} <= set(fields(failure))


def test_a_deal_on_hold_says_where_it_returns_to(channel: grpc.Channel, deal: deal_pb2.Deal) -> None:
    day = datetime.now(UTC).date() + timedelta(days=30)
    review = Date(year=day.year, month=day.month, day=day.day)
    hold = deal_service_pb2.HoldDealRequest(name=deal.name, command=command(deal), review_date=review)
    assert "command.reason" in fields(refused(stub(channel).HoldDeal, hold))
    hold.command.reason = "等待环评"
    late = deal_service_pb2.HoldDealRequest(name=deal.name, command=hold.command)
    late.review_date.CopyFrom(Date(year=2150, month=1, day=1))
    assert "review_date" in fields(refused(stub(channel).HoldDeal, late))
    held = stub(channel).HoldDeal(hold)
    assert (held.state, held.return_state) == (deal_pb2.Deal.STATE_ON_HOLD, deal_pb2.Deal.STATE_LEAD)
    listed = stub(channel).ListDeals(
        deal_service_pb2.ListDealsRequest(filter=f'state = ON_HOLD AND round = "{deal.round}"')
    )
    assert list(listed.deals) == [held]
    resume = deal_service_pb2.ResumeDealRequest(name=deal.name, command=command(held))
    assert stub(channel).ResumeDeal(resume).state == deal_pb2.Deal.STATE_LEAD


def test_a_deal_is_declined_for_a_known_reason(channel: grpc.Channel, deal: deal_pb2.Deal) -> None:
    request = deal_service_pb2.DeclineDealRequest(
        name=deal.name, command=command(deal, reason="估值过高"), reason_code="EXPENSIVE"
    )
    assert refused(stub(channel).DeclineDeal, request).reason == "UNKNOWN_REASON"
    request.reason_code = "VALUATION"
    declined = stub(channel).DeclineDeal(request)
    assert declined.state == deal_pb2.Deal.STATE_DECLINED
    withdraw = deal_service_pb2.WithdrawDealRequest(
        name=deal.name, command=command(declined, reason="不再融资")
    )
    assert refused(stub(channel).WithdrawDeal, withdraw).reason == "ILLEGAL_TRANSITION"


def test_a_deal_says_since_when_it_stands_where_it_does_and_is_found_by_its_last_change(
    channel: grpc.Channel, deal: deal_pb2.Deal
) -> None:
    screening = screening_service_pb2_grpc.ScreeningServiceStub(channel)
    asked = screening_service_pb2.ScreenDealRequest(name=deal.name)
    lead = screening.ScreenDeal(asked)
    assert lead.stand_time == deal.create_time
    assert lead.allowed_day_count == 0
    assert not lead.HasField("waiting_for")
    papers = command(deal, "BUSINESS_LICENCE", "BUSINESS_PLAN")
    moved = stub(channel).SubmitDeal(deal_service_pb2.SubmitDealRequest(name=deal.name, command=papers))
    submitted = screening.ScreenDeal(asked)
    assert submitted.stand_time == moved.update_time
    assert submitted.allowed_day_count == 5
    assert submitted.waiting_for.zh
    since = moved.update_time.ToJsonString()
    newer = deal_service_pb2.ListDealsRequest(filter=f'update_time >= "{since}"', order_by="update_time desc")
    listed = stub(channel).ListDeals(newer).deals
    assert moved in listed
    assert [each.update_time.ToNanoseconds() for each in listed] == sorted(
        (each.update_time.ToNanoseconds() for each in listed), reverse=True
    )
    newer.filter = "update_time > yesterday"
    assert "filter" in fields(refused(stub(channel).ListDeals, newer))


def test_a_decision_must_be_stated(whole: Installation, deal: deal_pb2.Deal) -> None:
    with whole.channel("funding", Grant("committee_secretary")) as opened:
        request = deal_service_pb2.DecideInternalRequest(name=deal.name, command=command(deal))
        assert fields(refused(stub(opened).DecideInternal, request)) == ["decision"]


@pytest.mark.parametrize("role", ["legal", "finance"])
def test_who_signs_or_pays_may_read_the_deal(whole: Installation, deal: deal_pb2.Deal, role: str) -> None:
    with whole.channel("funding", Grant(role)) as opened:
        assert stub(opened).GetDeal(deal_service_pb2.GetDealRequest(name=deal.name)).etag == deal.etag
        answer = stub(opened).ListDealActions(deal_service_pb2.ListDealActionsRequest(name=deal.name))
    assert not any(each.permitted for each in answer.actions)


def test_a_deal_is_withdrawn_with_its_reason(channel: grpc.Channel, deal: deal_pb2.Deal) -> None:
    request = deal_service_pb2.WithdrawDealRequest(name=deal.name, command=command(deal))
    assert refused(stub(channel).WithdrawDeal, request).code == "INVALID_ARGUMENT"
    request.command.reason = "企业暂不融资"
    withdrawn = stub(channel).WithdrawDeal(request)
    assert withdrawn.state == deal_pb2.Deal.STATE_WITHDRAWN
