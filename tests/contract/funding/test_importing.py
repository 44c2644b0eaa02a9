"""FundingImportService: files good and bad through a real server; what is refused leaves nothing behind."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import grpc
import pytest

from bole.common.v1.workbook_import_pb2 import ImportHeader, ImportMode, ImportReport
from bole.funding.v1 import (
    deal_pb2,
    deal_service_pb2,
    deal_service_pb2_grpc,
    firm_service_pb2,
    firm_service_pb2_grpc,
    fund_service_pb2,
    fund_service_pb2_grpc,
    import_service_pb2,
    import_service_pb2_grpc,
)
from services.chassis.identity.identity import Grant
from services.kernel.uscc import check_character
from tests.contract.installation import MANAGER, Installation, fields, installation, refused
from tests.contract.uploads import parts
from tests.servers import nursery

Row = dict[str, Any]


def credit_code(number: int) -> str:
    first = f"91320500DEM9{number:05d}"
    return first + check_character(first)


def firm(number: int, **changes: Any) -> Row:
    return {
        "uscc": credit_code(number),
        "name": f"演示第{number}材料科技有限公司",
        "city": "苏州",
        "directions": "sic",
        "founded": "2024-03-15",
        "stage": "初创期",
        "technology": "碳化硅衬底",
        "as_of": "2026-06-30",
        "origin": "演示数据",
        **changes,
    }


def fund(ref: str, **changes: Any) -> Row:
    return {
        "ref": ref,
        "name": f"演示基金{ref}",
        "kind": "未来产业天使基金",
        "city": "苏州",
        "size": "1000万元",
        "established": "2025-01-01",
        "life_years": 12,
        "investment_years": 5,
        "ruleset": "苏州天使母基金规则",
        "origin": "演示数据",
        **changes,
    }


def deal(ref: str, fund_ref: str, number: int, **changes: Any) -> Row:
    return {
        "ref": ref,
        "fund": fund_ref,
        "firm": credit_code(number),
        "round": "天使轮",
        "ticket": "300万元",
        "submitted": "2026-05-18",
        "origin": "演示数据",
        **changes,
    }


@pytest.fixture(scope="module")
def funding(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The funding service alone, empty."""
    made = installation(tmp_path_factory.mktemp("funding"), nursery.spawn)
    made.start("funding")
    yield made
    assert set(made.stop().values()) == {0}


@pytest.fixture
def channel(funding: Installation) -> Iterator[grpc.Channel]:
    with funding.channel("funding", MANAGER) as opened:
        yield opened


def send(channel: grpc.Channel, data: bytes, **header: Any) -> ImportReport:
    stub = import_service_pb2_grpc.FundingImportServiceStub(channel)
    report: ImportReport = stub.ImportWorkbook(parts(import_service_pb2.ImportWorkbookRequest, data, header))
    return report


def problems(report: ImportReport) -> list[tuple[str, str, str]]:
    return [(each.sheet, each.field, each.reason) for each in report.problems]


def created(report: ImportReport) -> dict[str, int]:
    return {each.sheet: each.created_count for each in report.sheets}


def firms_in(channel: grpc.Channel) -> int:
    stub = firm_service_pb2_grpc.FirmServiceStub(channel)
    return int(stub.ListFirms(firm_service_pb2.ListFirmsRequest(page_size=1)).total_size)


def test_an_attempt_is_answered_once_and_stands_for_one_file(channel: grpc.Channel, book: Any) -> None:
    attempt, data = str(uuid4()), book(firms=[firm(1)])
    first = send(channel, data, request_id=attempt)
    assert created(first) == {"firms": 1}
    assert send(channel, data, request_id=attempt) == first
    again = send(channel, data)
    assert [(each.created_count, each.same_count) for each in again.sheets] == [(0, 1)]
    other = parts(import_service_pb2.ImportWorkbookRequest, book(firms=[firm(2)]), {"request_id": attempt})
    failure = refused(import_service_pb2_grpc.FundingImportServiceStub(channel).ImportWorkbook, other)
    assert (failure.code, failure.reason) == ("ALREADY_EXISTS", "REQUEST_ID_REUSED")


@pytest.mark.parametrize("floor", ["50%", "1/2"])
def test_a_fund_whose_share_is_written_otherwise_is_the_same(
    channel: grpc.Channel, book: Any, floor: str
) -> None:
    ref = f"F-{uuid4().hex[:8]}"
    assert created(send(channel, book(funds=[fund(ref)]))) == {"funds": 1}
    again = send(channel, book(funds=[fund(ref, early_floor=floor)]))
    assert (problems(again), [each.same_count for each in again.sheets]) == ([], [1])


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "IMPORT_EMPTY"),
        (b"dear sirs, please find enclosed", "SHEET_MISSING"),
        (b"PK\x03\x04 half an archive", "NOT_A_WORKBOOK"),
        (b"\xff\xfe\x00\x01\x02" * 50, None),
    ],
)
def test_what_is_no_workbook_is_refused(channel: grpc.Channel, data: bytes, reason: str | None) -> None:
    before = firms_in(channel)
    stub = import_service_pb2_grpc.FundingImportServiceStub(channel)
    failure = refused(stub.ImportWorkbook, parts(import_service_pb2.ImportWorkbookRequest, data, {}))
    assert failure.code == "INVALID_ARGUMENT"
    assert reason in (None, failure.reason)
    assert firms_in(channel) == before


def test_a_stream_must_begin_with_a_whole_header(channel: grpc.Channel, book: Any) -> None:
    stub = import_service_pb2_grpc.FundingImportServiceStub(channel)
    data = book(firms=[firm(1)])
    headless = iter([import_service_pb2.ImportWorkbookRequest(data=data)])
    assert refused(stub.ImportWorkbook, headless).reason == "IMPORT_HEADER_MISSING"
    assert refused(stub.ImportWorkbook, iter(())).reason == "IMPORT_HEADER_MISSING"
    empty = iter([import_service_pb2.ImportWorkbookRequest(header=ImportHeader())])
    assert set(fields(refused(stub.ImportWorkbook, empty))) >= {"header.filename", "header.mode"}
    listed = parts(import_service_pb2.ImportWorkbookRequest, data, {"source_list": "社保"})
    assert refused(stub.ImportWorkbook, listed).reason == "SOURCE_LIST_NOT_TAKEN"
    persons = book(persons=[{"ref": "p-1", "name": "张三"}])
    assert (
        refused(stub.ImportWorkbook, parts(import_service_pb2.ImportWorkbookRequest, persons, {})).reason
        == "SHEET_MISSING"
    )


def test_every_wrong_cell_is_named_by_its_header(channel: grpc.Channel, book: Any) -> None:
    report = send(
        channel,
        book(
            firms=[
                firm(11, founded="2026-02-30", city="苏洲"),
                firm(12, uscc=credit_code(12)[:-1] + "0"),
                firm(13, directions="sicc"),
                firm(14),
                firm(14, name="另一名称有限公司"),
            ],
            funds=[fund("w-1", size="很多"), fund("w-2", committed="2000万元")],
            deals=[deal("w-1", "none", 14), deal("w-2", "w-1", 99), deal("w-3", "w-1", 14, state="飞了")],
        ),
    )
    assert report.committed
    assert created(report) == {"firms": 1, "funds": 0, "deals": 0}
    found = problems(report)
    assert {("firms", "成立日期"), ("firms", "所在城市"), ("firms", "技术方向")} <= {
        each[:2] for each in found
    }
    assert ("firms", "统一社会信用代码", "INVALID_USCC") in found
    assert ("firms", "统一社会信用代码", "DUPLICATE_REF") in found
    assert {("funds", "认缴规模"), ("funds", "已承诺投资额")} <= {each[:2] for each in found}
    assert ("deals", "基金编号", "UNKNOWN_FUND") in found
    assert any(each[:2] == ("deals", "当前状态") for each in found)
    [city] = [each for each in report.problems if each.field == "所在城市"]
    assert "苏州" in city.text.zh


@pytest.mark.parametrize("mode", [ImportMode.IMPORT_MODE_DRY_RUN, ImportMode.IMPORT_MODE_ALL_OR_NOTHING])
def test_nothing_is_written_when_the_mode_forbids_it(
    channel: grpc.Channel, book: Any, mode: ImportMode
) -> None:
    before = firms_in(channel)
    report = send(channel, book(firms=[firm(21), firm(22, founded="昨天")]), mode=mode)
    assert not report.committed
    assert created(report) == {"firms": 1}
    assert firms_in(channel) == before


def test_imported_deals_hold_the_capital_of_their_state_and_never_more(
    channel: grpc.Channel, book: Any
) -> None:
    numbers = range(31, 36)
    report = send(
        channel,
        book(
            firms=[firm(number) for number in numbers],
            funds=[fund("k-1")],
            deals=[
                deal("k-1", "k-1", 31, state="已批准"),
                deal("k-2", "k-1", 32, state="已签约", round="种子轮"),
                deal("k-3", "k-1", 33, state="已出资"),
                deal("k-4", "k-1", 34, state="已批准"),
                deal("k-5", "k-1", 35, state="暂缓"),
            ],
        ),
    )
    assert problems(report) == [("deals", "拟投金额", "INSUFFICIENT_FUND_CAPITAL")]
    assert created(report)["deals"] == 4
    funds = fund_service_pb2_grpc.FundServiceStub(channel).ListFunds(
        fund_service_pb2.ListFundsRequest(filter="display_name = 演示基金k-1")
    )
    [one] = funds.funds
    assert (one.reserved.units, one.committed.units) == (3_000_000, 6_000_000)
    assert one.headroom.units == 1_000_000
    deals = deal_service_pb2_grpc.DealServiceStub(channel)
    page = deals.ListDeals(deal_service_pb2.ListDealsRequest(filter=f"fund = {one.name.split('/')[1]}"))
    assert {each.source_ref for each in page.deals} == {"k-1", "k-2", "k-3", "k-5"}
    [parked] = [each for each in page.deals if each.state == deal_pb2.Deal.STATE_ON_HOLD]
    assert parked.return_state == deal_pb2.Deal.STATE_SCREENING
    history = deals.ListDealTransitions(deal_service_pb2.ListDealTransitionsRequest(name=parked.name))
    assert [(each.sequence, each.action) for each in history.transitions] == [(1, "IMPORT")]


def test_a_second_open_deal_of_a_round_is_refused_in_a_file_and_beside_the_stored_ones(
    channel: grpc.Channel, book: Any
) -> None:
    report = send(
        channel,
        book(
            firms=[firm(41)],
            funds=[fund("o-1")],
            deals=[
                deal("o-1", "o-1", 41),
                deal("o-2", "o-1", 41),
                deal("o-3", "o-1", 41, state="已否决"),
                deal("o-4", "o-1", 41, round="A轮"),
            ],
        ),
    )
    assert problems(report) == [("deals", "轮次", "DEAL_OPEN")]
    assert created(report)["deals"] == 3
    report = send(channel, book(deals=[deal("o-5", "o-1", 41, round="A轮")]))
    assert problems(report) == [("deals", "轮次", "DEAL_OPEN")]


def test_who_may_not_import_is_refused_before_the_file_is_read(
    funding: Installation, channel: grpc.Channel, book: Any
) -> None:
    with funding.channel("funding", Grant("talent_officer")) as foreign:
        stub = import_service_pb2_grpc.FundingImportServiceStub(foreign)
        assert (
            refused(stub.ImportWorkbook, parts(import_service_pb2.ImportWorkbookRequest, b"x", {})).code
            == "PERMISSION_DENIED"
        )
    with funding.channel("funding", Grant("fund_manager", city="wuxi")) as narrow:
        report = send(narrow, book(firms=[firm(51), firm(52, city="无锡")]))
    assert problems(report) == [("firms", "所在城市", "CITY_NOT_GRANTED")]
    assert created(report) == {"firms": 1}
