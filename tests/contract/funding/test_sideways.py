"""Steps beside the way of a deal, who may take them, and requests that are wrong in several places at once."""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import grpc
import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from google.type.date_pb2 import Date
from google.type.money_pb2 import Money

from bole.common.v1 import direction_share_pb2
from bole.funding.v1 import (
    deal_action_pb2,
    deal_pb2,
    deal_service_pb2,
    deal_service_pb2_grpc,
    firm_pb2,
    firm_service_pb2,
    firm_service_pb2_grpc,
    fund_service_pb2,
    fund_service_pb2_grpc,
    screening_service_pb2,
    screening_service_pb2_grpc,
)
from services.chassis.identity.identity import Grant
from services.chassis.rpc.failures import read_failure
from services.chassis.rpc.wire import instant_to_wire
from tests.contract.installation import MANAGER, Installation, fields, refused

State = deal_pb2.Deal.State
SECONDS = 300


@pytest.fixture
def channel(whole: Installation) -> Iterator[grpc.Channel]:
    with whole.channel("funding", MANAGER, Grant("fund_analyst")) as opened:
        yield opened


def deals(channel: grpc.Channel) -> Any:
    return deal_service_pb2_grpc.DealServiceStub(channel)


def a_deal(channel: grpc.Channel, filter_: str) -> deal_pb2.Deal:
    found: deal_pb2.Deal = (
        deals(channel).ListDeals(deal_service_pb2.ListDealsRequest(filter=filter_, page_size=1)).deals[0]
    )
    return found


def command(deal: deal_pb2.Deal, *kinds: str, **more: Any) -> deal_action_pb2.DealCommand:
    received = instant_to_wire(datetime.now(UTC) - timedelta(minutes=1))
    evidence = [
        deal_action_pb2.DealEvidence(
            kind=kind, title=kind, sha256=hashlib.sha256(uuid4().bytes).hexdigest(), receive_time=received
        )
        for kind in kinds
    ]
    return deal_action_pb2.DealCommand(etag=deal.etag, evidence=evidence, **more)


def test_a_question_and_its_answer_return_to_where_it_was_asked(channel: grpc.Channel) -> None:
    deal = a_deal(channel, "state = SCREENING")
    ask = deal_service_pb2.RequestInformationRequest(
        name=deal.name, command=command(deal, "question-list", reason="请补充审计报告")
    )
    asked = deals(channel).RequestInformation(ask)
    assert (asked.state, asked.return_state) == (State.STATE_INFO_REQUESTED, State.STATE_SCREENING)
    answer = deal_service_pb2.AnswerInformationRequest(name=deal.name, command=command(asked))
    assert refused(deals(channel).AnswerInformation, answer).reason == "MISSING_EVIDENCE"
    answer.command.CopyFrom(command(asked, "answers"))
    assert deals(channel).AnswerInformation(answer).state == State.STATE_SCREENING


def test_an_approval_does_not_lapse_before_its_time(whole: Installation, channel: grpc.Channel) -> None:
    deal = a_deal(channel, "state = APPROVED")
    request = deal_service_pb2.LapseDealRequest(name=deal.name, command=command(deal))
    assert refused(deals(channel).LapseDeal, request).code == "PERMISSION_DENIED"
    with whole.channel("funding", Grant("service")) as system:
        assert refused(deals(system).LapseDeal, request).reason == "APPROVAL_IN_FORCE"


def test_an_approval_lapses_after_its_time(whole: Installation, channel: grpc.Channel) -> None:
    """Half a year cannot be waited for, so the approval is put back in the database itself."""
    ended = "ABORTED"
    while ended == "ABORTED":  # the service has looked by itself this very moment, as it does once a minute
        deal, held = _overdue(whole, channel)
        with whole.channel("funding", Grant("service")) as system:
            ended = _lapse(deals(system), deal)
    assert ended == "STATE_LAPSED"
    assert fund_of(channel, deal).reserved != held


def _lapse(stub: Any, deal: deal_pb2.Deal) -> str:
    """The state of the deal then, or the code of the refusal."""
    try:
        lapsed = stub.LapseDeal(deal_service_pb2.LapseDealRequest(name=deal.name, command=command(deal)))
    except grpc.RpcError as error:
        return read_failure(error).code
    return str(State.Name(lapsed.state))


def _overdue(whole: Installation, channel: grpc.Channel) -> tuple[deal_pb2.Deal, Any]:
    """A deal that was approved too long ago, and what its fund has reserved."""
    deal = a_deal(channel, "state = APPROVED")
    held, id_ = fund_of(channel, deal).reserved, deal.name.partition("/")[2]
    path = whole.settings.data_dir / "funding.db"
    with closing(sqlite3.connect(path, timeout=SECONDS)) as database, database:
        (approved,) = database.execute("SELECT approved_at FROM deal WHERE id = ?", [id_]).fetchone()
        earlier = (datetime.fromisoformat(approved) - timedelta(days=800)).isoformat(sep=approved[10])
        database.execute("UPDATE deal SET approved_at = ? WHERE id = ?", [earlier, id_])
    return deal, held


def fund_of(channel: grpc.Channel, deal: deal_pb2.Deal) -> Any:
    stub = fund_service_pb2_grpc.FundServiceStub(channel)
    return stub.GetFund(fund_service_pb2.GetFundRequest(name=deal.fund))


def test_deals_are_moved_only_within_the_granted_cities(whole: Installation, channel: grpc.Channel) -> None:
    funds = fund_service_pb2_grpc.FundServiceStub(channel).ListFunds(fund_service_pb2.ListFundsRequest())
    nanjing = next(fund for fund in funds.funds if fund.city_code == "nanjing")
    deal = a_deal(channel, f'fund = "{nanjing.name}" AND state = LEAD')
    withdraw = deal_service_pb2.WithdrawDealRequest(name=deal.name, command=command(deal, reason="不再融资"))
    with whole.channel("funding", Grant("fund_manager", city="suzhou")) as narrow:
        failure = refused(deals(narrow).WithdrawDeal, withdraw)
        assert (failure.code, failure.reason) == ("PERMISSION_DENIED", "CITY_NOT_GRANTED")
    withdraw.command.validate_only = True
    with whole.channel("funding", Grant("fund_manager", city="nanjing")) as own:
        assert deals(own).WithdrawDeal(withdraw).state == State.STATE_WITHDRAWN
    got = deals(channel).GetDeal(deal_service_pb2.GetDealRequest(name=deal.name))
    assert got == deal


def test_an_unknown_direction_is_answered_with_what_may_be_meant(channel: grpc.Channel) -> None:
    given = firm_pb2.Firm(
        uscc="91320000MA1ABCDE0X",
        display_name="演示有限公司",
        city_code="suzhou",
        direction_shares=[direction_share_pb2.DirectionShare(code="seawater-h3", permille=1000)],
        founded_date=Date(year=2024, month=1, day=1),
        stage=firm_pb2.FIRM_STAGE_SEED,
        snapshot=firm_pb2.FirmSnapshot(as_of_date=Date(year=2026, month=6, day=30)),
    )
    stub = firm_service_pb2_grpc.FirmServiceStub(channel)
    failure = refused(stub.CreateFirm, firm_service_pb2.CreateFirmRequest(firm=given))
    assert (failure.code, failure.reason) == ("INVALID_ARGUMENT", "UNKNOWN_DIRECTION")
    assert "海水制氢" in failure.text.zh


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("snapshot.nothing", "UNKNOWN_FIELD"),
        ("direction_shares.code", "UNKNOWN_FIELD"),
        ("founded_date.year", "UNKNOWN_FIELD"),
        ("display_name.x", "UNKNOWN_FIELD"),
        ("", "MASK_PATH_EMPTY"),
        ("uscc", "FIELD_NOT_CHANGEABLE"),
        ("state", "FIELD_NOT_CHANGEABLE"),
        ("origin", "FIELD_NOT_CHANGEABLE"),
    ],
)
def test_a_mask_names_only_what_can_change(channel: grpc.Channel, path: str, reason: str) -> None:
    stub = firm_service_pb2_grpc.FirmServiceStub(channel)
    firm = stub.ListFirms(firm_service_pb2.ListFirmsRequest(page_size=1)).firms[0]
    firm.origin = 3 - firm.origin
    update = firm_service_pb2.UpdateFirmRequest(firm=firm, update_mask=FieldMask(paths=[path]))
    assert refused(stub.UpdateFirm, update).reason == reason


def test_a_mask_changes_what_it_names_and_a_star_everything(channel: grpc.Channel) -> None:
    stub = firm_service_pb2_grpc.FirmServiceStub(channel)
    firm = stub.ListFirms(firm_service_pb2.ListFirmsRequest(page_size=1)).firms[0]
    given = firm_pb2.Firm()
    given.CopyFrom(firm)
    given.snapshot.staff_count, given.technology = 90_000, "新技术"  # over any part of the staff
    mask = FieldMask(paths=["snapshot.staff_count"])
    changed = stub.UpdateFirm(firm_service_pb2.UpdateFirmRequest(firm=given, update_mask=mask))
    assert (changed.snapshot.staff_count, changed.technology) == (90_000, firm.technology)
    assert changed.snapshot.as_of_date == firm.snapshot.as_of_date
    given.etag = changed.etag
    whole = stub.UpdateFirm(
        firm_service_pb2.UpdateFirmRequest(firm=given, update_mask=FieldMask(paths=["*"]))
    )
    assert (whole.technology, whole.uscc) == ("新技术", firm.uscc)


def test_every_wrong_field_of_a_request_is_named_at_once(channel: grpc.Channel) -> None:
    request = deal_service_pb2.CreateDealRequest(
        deal=deal_pb2.Deal(
            fund="funds/\u0000",
            round="轮" * 41,
            ticket=Money(currency_code="CNY", units=1, nanos=1),
            expert_rating=9,
            submitted_date=Date(year=2026, month=2, day=30),
        ),
        request_id="yesterday",
    )
    failure = refused(deals(channel).CreateDeal, request)
    wrong = {"fund", "firm", "round", "ticket", "expert_rating", "submitted_date"}
    assert {f"deal.{name}" for name in wrong} | {"request_id"} <= {
        each.removesuffix(".nanos") for each in fields(failure)
    }


def test_tokens_belong_to_their_query_and_caller(whole: Installation, channel: grpc.Channel) -> None:
    stub = screening_service_pb2_grpc.ScreeningServiceStub(channel)
    fund = a_deal(channel, "").fund
    page = stub.ScreenDeals(screening_service_pb2.ScreenDealsRequest(fund=fund, page_size=1))
    assert page.next_page_token
    for changed in (
        {"filter": "hard > 10"},
        {"order_by": "hard"},
        {"as_of_date": Date(year=2026, month=1, day=1)},
    ):
        request = screening_service_pb2.ScreenDealsRequest(
            fund=fund, page_token=page.next_page_token, **changed
        )
        assert refused(stub.ScreenDeals, request).reason == "PAGE_TOKEN_MISMATCH"
    foreign = deal_service_pb2.ListDealsRequest(page_token=page.next_page_token)
    assert refused(deals(channel).ListDeals, foreign).reason == "PAGE_TOKEN_MISMATCH"
    damaged = screening_service_pb2.ScreenDealsRequest(fund=fund, page_token=page.next_page_token[:-2] + "AA")
    assert refused(stub.ScreenDeals, damaged).reason == "PAGE_TOKEN_INVALID"
