"""Records that look like others, come by another way, or are not what their bytes say; and bounds of what is asked."""

import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from google.type.date_pb2 import Date
from google.type.money_pb2 import Money

from bole.funding.v1 import (
    deal_analysis_service_pb2,
    deal_analysis_service_pb2_grpc,
    deal_pb2,
    deal_service_pb2,
    deal_service_pb2_grpc,
    firm_identity_service_pb2,
    firm_identity_service_pb2_grpc,
    firm_pb2,
    firm_service_pb2,
    firm_service_pb2_grpc,
    fund_service_pb2,
    fund_service_pb2_grpc,
    saved_search_pb2,
    saved_search_service_pb2,
    saved_search_service_pb2_grpc,
    screening_service_pb2,
    screening_service_pb2_grpc,
)
from services.chassis.rpc.failures import read_failure
from services.chassis.rpc.wire import instant_to_wire
from tests.contract.funding.test_bad_calls import new
from tests.contract.funding.test_deals import command
from tests.contract.funding.test_importing import deal as deal_row
from tests.contract.funding.test_importing import firm as row
from tests.contract.funding.test_importing import fund as fund_row
from tests.contract.funding.test_importing import send
from tests.contract.installation import MANAGER, Installation, fields, refused

wire = firm_service_pb2


@pytest.fixture
def channel(whole: Installation) -> Iterator[grpc.Channel]:
    with whole.channel("funding", MANAGER) as opened:
        yield opened


@pytest.fixture
def firms(channel: grpc.Channel) -> Any:
    return firm_service_pb2_grpc.FirmServiceStub(channel)


@pytest.fixture
def fund(channel: grpc.Channel) -> str:
    stub = fund_service_pb2_grpc.FundServiceStub(channel)
    return str(stub.ListFunds(fund_service_pb2.ListFundsRequest(page_size=1)).funds[0].name)


def a_deal(firm: str, fund: str, **changes: Any) -> deal_pb2.Deal:
    given: dict[str, Any] = {
        "fund": fund,
        "firm": firm,
        "round": f"轮{uuid4().hex[:6]}",
        "ticket": Money(currency_code="CNY", units=3_000_000),
        "submitted_date": Date(year=2026, month=6, day=1),
    }
    return deal_pb2.Deal(**{**given, **changes})


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("演示张江珩瓒有限公司", "演示張江珩瓚有限公司"),
        ("演示MECA珩瓒有限公司", "演示МЕСА珩瓒有限公司"),
        ("演示ＡＢ（珩瓒）有限公司", "演示ab(珩瓒)有限公司"),
    ],
)
def test_names_that_only_look_the_same_are_shown_for_review(
    channel: grpc.Channel, firms: Any, name: str, other: str
) -> None:
    one, two = (
        firms.CreateFirm(wire.CreateFirmRequest(firm=new(display_name=each))) for each in (name, other)
    )
    assert (one.display_name, two.display_name) == (name, other)
    stub = firm_identity_service_pb2_grpc.FirmIdentityServiceStub(channel)
    request = firm_identity_service_pb2.ListFirmDuplicatesRequest(parent=one.name)
    [pair] = [each for each in stub.ListFirmDuplicates(request).duplicates if each.other.name == two.name]
    assert "SAME_NAME" in [each.code for each in pair.signs]


@pytest.mark.parametrize("char", ["\u200b", "\u2060", "\ufeff", "\u202e", "\u00ad"])
def test_what_cannot_be_seen_in_a_name_is_refused_with_its_place(firms: Any, char: str) -> None:
    failure = refused(
        firms.CreateFirm, wire.CreateFirmRequest(firm=new(display_name=f"演示{char}科技有限公司"))
    )
    assert (failure.code, fields(failure)) == ("INVALID_ARGUMENT", ["firm.display_name"])


def test_a_known_credit_code_under_another_name_points_at_the_record(
    channel: grpc.Channel, firms: Any, book: Any
) -> None:
    made = firms.CreateFirm(wire.CreateFirmRequest(firm=new()))
    other = new(display_name="另一名称有限公司")
    other.uscc = made.uscc
    failure = refused(firms.CreateFirm, wire.CreateFirmRequest(firm=other))
    assert (failure.code, failure.reason) == ("ALREADY_EXISTS", "USCC_TAKEN")
    assert failure.metadata["resource"] == made.name
    again = {**row(0), "uscc": made.uscc, "name": "另一名称有限公司"}
    assert send(channel, book(firms=[again])).sheets[0].changed_count == 1
    assert firms.GetFirm(wire.GetFirmRequest(name=made.name)).display_name == "另一名称有限公司"
    asked = wire.ListFirmsRequest(filter=f'uscc = "{made.uscc}"')
    assert firms.ListFirms(asked).total_size == 1


def test_a_field_of_the_wrong_kind_on_the_wire_is_a_field_that_is_missing(channel: grpc.Channel) -> None:
    method = "/bole.funding.v1.FirmService/CreateFirm"
    call = channel.unary_unary(method, request_serializer=bytes, response_deserializer=bytes)
    firm = wire.CreateFirmRequest.DESCRIPTOR.fields_by_name["firm"].number << 3 | 0
    with pytest.raises(grpc.RpcError) as caught:
        call(bytes([firm, 7]))
    failure = read_failure(caught.value)
    assert (failure.code, fields(failure)) == ("INVALID_ARGUMENT", ["firm"])


@pytest.mark.parametrize("value", [-0.0, 5e-324, 0.1 + 0.2])
def test_small_numbers_are_kept_as_the_numbers_they_are(
    channel: grpc.Channel, fund: str, value: float
) -> None:
    stub = saved_search_service_pb2_grpc.SavedSearchServiceStub(channel)
    search = saved_search_pb2.SavedSearch(title="零", fund=fund, crossing_score="hard", crossing_value=value)
    request = saved_search_service_pb2.CreateSavedSearchRequest(saved_search=search, validate_only=True)
    kept = stub.CreateSavedSearch(request).crossing_value
    assert kept == value
    assert math.copysign(1.0, kept) == 1.0


@pytest.mark.parametrize("text", ["0.30000000000000004", "1e6", "NaN", "-0.001", "约500", "500万美元"])
def test_an_amount_in_a_file_that_is_none_to_the_fen_is_refused(
    channel: grpc.Channel, book: Any, text: str
) -> None:
    [problem] = send(channel, book(firms=[{**row(0), "uscc": new().uscc, "revenue": text}])).problems
    assert problem.field == "营业收入"
    assert problem.text.zh
    assert problem.text.en


def test_how_many_are_asked_for_is_bounded(channel: grpc.Channel, fund: str) -> None:
    screens = screening_service_pb2_grpc.ScreeningServiceStub(channel)
    analysis = deal_analysis_service_pb2_grpc.DealAnalysisServiceStub(channel)
    ask, compare = screening_service_pb2.ScreenDealsRequest, deal_analysis_service_pb2.CompareDealsRequest
    deals = [each.deal.name for each in screens.ScreenDeals(ask(fund=fund, page_size=7)).deals]
    assert len(deals) == 7
    for names in ([], deals[:1], deals, [deals[0]] * 2):
        assert fields(refused(analysis.CompareDeals, compare(names=names))) == ["names"]
    assert len(analysis.CompareDeals(compare(names=deals[:6])).deals) == 6
    assert refused(screens.ScreenDeals, ask(fund=fund, page_size=-1)).code == "INVALID_ARGUMENT"
    assert refused(screens.ScreenDeals, ask(fund=fund, mandate_revision=-1)).code == "INVALID_ARGUMENT"
    assert refused(screens.ScreenDeals, ask(fund=fund, mandate_revision=10**6)).code == "NOT_FOUND"


def test_a_firm_that_is_gone_takes_no_deal_by_any_way(
    channel: grpc.Channel, firms: Any, fund: str, book: Any
) -> None:
    gone = firms.CreateFirm(wire.CreateFirmRequest(firm=new()))
    firms.WithdrawFirm(wire.WithdrawFirmRequest(name=gone.name, etag=gone.etag, reason="注销"))
    deals = deal_service_pb2_grpc.DealServiceStub(channel)
    failure = refused(deals.CreateDeal, deal_service_pb2.CreateDealRequest(deal=a_deal(gone.name, fund)))
    assert (failure.code, failure.reason) == ("FAILED_PRECONDITION", "FIRM_WITHDRAWN")
    update = wire.UpdateFirmRequest(firm=firms.GetFirm(wire.GetFirmRequest(name=gone.name)))
    assert refused(firms.UpdateFirm, update).code == "FAILED_PRECONDITION"
    listed = fund_row(f"F-{gone.uscc[-8:]}"), deal_row(f"D-{gone.uscc[-8:]}", f"F-{gone.uscc[-8:]}", 0)
    row_of = {**listed[1], "firm": gone.uscc, "state": "已申报"}
    report = send(channel, book(funds=[listed[0]], deals=[row_of]))
    assert [each.reason for each in report.problems] == ["FIRM_WITHDRAWN"]
    absent = deal_service_pb2.CreateDealRequest(deal=a_deal("firms/01j00000000000000000000000", fund))
    assert refused(deals.CreateDeal, absent).code == "NOT_FOUND"


def test_evidence_of_a_time_to_come_is_refused_and_a_little_skew_is_taken(
    channel: grpc.Channel, firms: Any, fund: str
) -> None:
    firm: firm_pb2.Firm = firms.CreateFirm(wire.CreateFirmRequest(firm=new()))
    deals = deal_service_pb2_grpc.DealServiceStub(channel)
    deal = deals.CreateDeal(deal_service_pb2.CreateDealRequest(deal=a_deal(firm.name, fund)))

    def submit(at: Timestamp) -> deal_service_pb2.SubmitDealRequest:
        order = command(deal, "BUSINESS_LICENCE", "BUSINESS_PLAN", validate_only=True)
        for each in order.evidence:
            each.receive_time.CopyFrom(at)
        return deal_service_pb2.SubmitDealRequest(name=deal.name, command=order)

    now = datetime.now(UTC)
    for later in (timedelta(minutes=30), timedelta(days=3650)):
        failure = refused(deals.SubmitDeal, submit(instant_to_wire(now + later)))
        assert failure.code == "INVALID_ARGUMENT"
        assert any("receive_time" in each for each in fields(failure)), failure
    assert deals.SubmitDeal(submit(instant_to_wire(now))).state == deal_pb2.Deal.STATE_SUBMITTED
    more = submit(instant_to_wire(now))
    more.command.evidence.add().CopyFrom(more.command.evidence[0])
    more.command.evidence[-1].receive_time.CopyFrom(instant_to_wire(now + timedelta(minutes=3)))
    assert (
        deals.SubmitDeal(more).state == deal_pb2.Deal.STATE_SUBMITTED
    )  # late, and no mistake: clocks differ


def test_a_deal_of_a_firm_that_leaves_goes_no_further_and_can_only_be_ended(
    channel: grpc.Channel, firms: Any, fund: str
) -> None:
    firm = firms.CreateFirm(wire.CreateFirmRequest(firm=new()))
    deals = deal_service_pb2_grpc.DealServiceStub(channel)
    deal = deals.CreateDeal(deal_service_pb2.CreateDealRequest(deal=a_deal(firm.name, fund)))
    ended = deals.CreateDeal(deal_service_pb2.CreateDealRequest(deal=a_deal(firm.name, fund)))
    order = command(ended, reason="不再融资")
    deals.WithdrawDeal(deal_service_pb2.WithdrawDealRequest(name=ended.name, command=order))
    firms.WithdrawFirm(wire.WithdrawFirmRequest(name=firm.name, etag=firm.etag, reason="注销"))
    papers = command(deal, "BUSINESS_LICENCE", "BUSINESS_PLAN")
    failure = refused(deals.SubmitDeal, deal_service_pb2.SubmitDealRequest(name=deal.name, command=papers))
    assert (failure.code, failure.reason) == ("FAILED_PRECONDITION", "FIRM_WITHDRAWN")
    assert "注销" in failure.text.zh
    assert "注销" in failure.text.en
    listed = deals.ListDealActions(deal_service_pb2.ListDealActionsRequest(name=deal.name)).actions
    said = {each.action: list(each.reason_codes) for each in listed}
    assert "FIRM_WITHDRAWN" in said["SUBMIT"]
    assert "FIRM_WITHDRAWN" not in said["WITHDRAW"]
    current = deals.GetDeal(deal_service_pb2.GetDealRequest(name=ended.name))
    again = deal_service_pb2.ReopenDealRequest(name=ended.name, etag=current.etag, reason="再次融资")
    assert refused(deals.ReopenDeal, again).reason == "FIRM_WITHDRAWN"
    deal = deals.GetDeal(deal_service_pb2.GetDealRequest(name=deal.name))
    request = deal_service_pb2.WithdrawDealRequest(name=deal.name, command=command(deal, reason="企业注销"))
    assert deals.WithdrawDeal(request).state == deal_pb2.Deal.STATE_WITHDRAWN
