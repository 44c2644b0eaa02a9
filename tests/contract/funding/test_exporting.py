"""FundingExportService: what leaves is what is seen, with amounts to the fen, sums, and an entry in the register."""

import csv
import hashlib
import io
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import grpc
import openpyxl
import pytest

from bole.common.v1.workbook_import_pb2 import ImportMode
from bole.funding.v1 import (
    deal_service_pb2,
    deal_service_pb2_grpc,
    export_service_pb2,
    export_service_pb2_grpc,
    firm_identity_service_pb2,
    firm_identity_service_pb2_grpc,
    firm_service_pb2,
    firm_service_pb2_grpc,
    fund_service_pb2,
    fund_service_pb2_grpc,
    screening_service_pb2,
    screening_service_pb2_grpc,
)
from services.chassis.identity.identity import Grant
from tests.contract.funding.test_firms_and_funds import firm
from tests.contract.funding.test_importing import credit_code, send
from tests.contract.installation import MANAGER, Installation, fields, refused

CSV, XLSX = export_service_pb2.EXPORT_FORMAT_CSV_UTF8, export_service_pb2.EXPORT_FORMAT_XLSX


@pytest.fixture
def channel(whole: Installation) -> Iterator[grpc.Channel]:
    with whole.channel("funding", MANAGER) as opened:
        yield opened


def stub(channel: grpc.Channel) -> Any:
    return export_service_pb2_grpc.FundingExportServiceStub(channel)


def take(channel: grpc.Channel, **asked: Any) -> tuple[export_service_pb2.Export, bytes]:
    given = {"format": XLSX, "reason": "呈分管副市长", **asked}
    first, *rest = list(stub(channel).ExportRecords(export_service_pb2.ExportRecordsRequest(**given)))
    data = b"".join(part.data for part in rest)
    assert hashlib.sha256(data).hexdigest() == first.export.sha256
    assert len(data) == first.export.size_bytes
    return first.export, data


def table(data: bytes, title: str) -> list[dict[str, Any]]:
    _, headers, *rows = openpyxl.load_workbook(io.BytesIO(data))[title].iter_rows(values_only=True)
    return [dict(zip(headers, row, strict=True)) for row in rows]


def cover(data: bytes) -> dict[str, str]:
    page = openpyxl.load_workbook(io.BytesIO(data))["封面"]
    return {str(name): str(value) for name, value in page.iter_rows(values_only=True)}


def some_fund(channel: grpc.Channel) -> str:
    funds = fund_service_pb2_grpc.FundServiceStub(channel).ListFunds(
        fund_service_pb2.ListFundsRequest(page_size=50)
    )
    screens = screening_service_pb2_grpc.ScreeningServiceStub(channel)
    counts = {
        each.name: screens.ScreenDeals(
            screening_service_pb2.ScreenDealsRequest(fund=each.name, page_size=1)
        ).total_size
        for each in funds.funds
    }
    return max(counts, key=lambda name: counts[name])


def test_a_screening_leaves_as_it_is_seen(channel: grpc.Channel) -> None:
    """“把这个筛选导出给分管副市长。”"""
    fund, query = some_fund(channel), 'ticket <= "2000万元"'
    screens = screening_service_pb2_grpc.ScreeningServiceStub(channel)
    seen = screens.ScreenDeals(
        screening_service_pb2.ScreenDealsRequest(fund=fund, filter=query, page_size=200)
    )
    assert seen.deals
    entry, data = take(channel, sheet="deals", fund=fund, filter=query)
    rows = table(data, "项目")
    assert [row["编号"] or "" for row in rows] == [each.deal.source_ref for each in seen.deals]
    assert entry.row_count == seen.total_size == len(rows)
    total = seen.total_ticket.units * 100 + seen.total_ticket.nanos // 10_000_000
    assert {each.column: int(each.sum_fen) for each in entry.sums}["ticket"] == total
    for row, each in zip(rows, seen.deals, strict=True):
        fen = each.deal.ticket.units * 100 + each.deal.ticket.nanos // 10_000_000
        assert row["拟投金额/分"] == fen
        assert Decimal(str(row["拟投金额"]).removesuffix("万元")) * 1_000_000 == fen
        assert row["符合投资规则"] == ("是" if each.eligible else "否")
        assert row["投早"] is None or isinstance(row["投早"], float | int)
    said = cover(data)
    assert said["条数"] == str(len(rows))
    assert query in said["筛选"]
    assert f"{said['基金']} 筛选" in said["筛选"]
    assert fund not in said["筛选"]
    assert "基金" in said["基金"]
    assert "/" not in said["基金"]
    assert f"（{total} 分）" in said["拟投金额合计"]
    assert "呈分管副市长" in said["用途"]
    assert "SYNTHETIC" in said["数据性质"]
    listed = stub(channel).ListExports(export_service_pb2.ListExportsRequest(filter="sheet = deals"))
    assert entry in listed.exports


@pytest.mark.parametrize("order", ["", "ticket desc", "submitted_date", "update_time desc"])
def test_deals_leave_in_the_order_of_their_list(channel: grpc.Channel, order: str) -> None:
    query = 'origin = SYNTHETIC AND ticket <= "2000万元"'
    request = deal_service_pb2.ListDealsRequest(filter=query, order_by=order, page_size=500)
    seen = deal_service_pb2_grpc.DealServiceStub(channel).ListDeals(request)
    assert len(seen.deals) == seen.total_size > 10
    entry, data = take(channel, sheet="deals", filter=query, order_by=order)
    assert [row["编号"] or "" for row in table(data, "项目")] == [each.source_ref for each in seen.deals]
    assert (f"排序 {order}" in entry.filter) is bool(order)


@pytest.mark.parametrize("order", ["composite desc", "ticket", "submitted_date desc"])
def test_a_screening_leaves_in_its_order(channel: grpc.Channel, order: str) -> None:
    fund, query = some_fund(channel), "eligible = true OR ticket > 0"
    request = screening_service_pb2.ScreenDealsRequest(fund=fund, filter=query, order_by=order, page_size=200)
    seen = screening_service_pb2_grpc.ScreeningServiceStub(channel).ScreenDeals(request)
    assert len(seen.deals) == seen.total_size > 3
    _, data = take(channel, sheet="deals", fund=fund, filter=query, order_by=order)
    assert [row["编号"] or "" for row in table(data, "项目")] == [each.deal.source_ref for each in seen.deals]


@pytest.mark.parametrize("order", ["", "display_name", "founded_date desc"])
def test_firms_leave_in_the_order_of_their_list(channel: grpc.Channel, order: str) -> None:
    request = firm_service_pb2.ListFirmsRequest(filter="city_code = 南京", order_by=order, page_size=500)
    seen = firm_service_pb2_grpc.FirmServiceStub(channel).ListFirms(request)
    assert len(seen.firms) == seen.total_size > 3
    _, data = take(channel, sheet="firms", filter="city_code = 南京", order_by=order)
    assert [row["企业名称"] for row in table(data, "企业")] == [each.display_name for each in seen.firms]


def test_an_order_that_the_list_does_not_have_is_refused(channel: grpc.Channel) -> None:
    for sheet, order in (("funds", "display_name"), ("firms", "ticket"), ("deals", "composite desc")):
        request = export_service_pb2.ExportRecordsRequest(
            sheet=sheet, format=CSV, reason="核对", order_by=order
        )
        failure = refused(lambda asked: list(stub(channel).ExportRecords(asked)), request)
        assert fields(failure) == ["order_by"]


def test_what_is_exported_is_read_again_and_changes_nothing(channel: grpc.Channel) -> None:
    deals = deal_service_pb2_grpc.DealServiceStub(channel)
    query = "origin = SYNTHETIC"
    seen = deals.ListDeals(deal_service_pb2.ListDealsRequest(filter=query, page_size=1)).total_size
    for sheet, form in (("firms", CSV), ("firms", XLSX), ("funds", XLSX), ("deals", CSV)):
        entry, data = take(channel, sheet=sheet, format=form, filter=query)
        report = send(
            channel,
            data,
            mode=ImportMode.IMPORT_MODE_DRY_RUN,
            sheet=sheet,
            filename=entry.filename,
        )
        [counted] = report.sheets
        unnumbered = {each.row for each in report.problems if each.field == "编号"}  # not from a workbook
        rest = [each for each in report.problems if each.row not in unnumbered]
        unknown = [each for each in rest if each.field != "已承诺投资额"]
        assert not unknown, unknown
        assert counted.row_count == entry.row_count
        assert counted.changed_count == 0
        if sheet == "deals":
            assert entry.row_count == seen


def test_nobody_leaves_in_a_file_whatever_the_purpose(whole: Installation, channel: grpc.Channel) -> None:
    """So no file of funding needs a second person's word, however many rows it has."""
    firms = firm_service_pb2_grpc.FirmServiceStub(channel)
    made = firms.CreateFirm(firm_service_pb2.CreateFirmRequest(firm=firm(460)))
    person = firm_identity_service_pb2.FirmPerson(
        part="PART_LEGAL_REPRESENTATIVE", display_name="演示法人闫垚犇"
    )
    identity = firm_identity_service_pb2_grpc.FirmIdentityServiceStub
    identity(channel).SetFirmPeople(
        firm_identity_service_pb2.SetFirmPeopleRequest(name=made.name, etag=made.etag, people=[person])
    )
    with whole.channel("funding", MANAGER, purpose="due-diligence") as cleared:
        listed = firm_identity_service_pb2.ListFirmPeopleRequest(parent=made.name)
        assert identity(cleared).ListFirmPeople(listed).people[0].display_name == person.display_name
        for sheet in ("firms", "funds", "deals"):
            shown, seen = take(cleared, sheet=sheet, format=CSV)
            bare, unseen = take(channel, sheet=sheet, format=CSV)
            assert "闫垚犇" not in seen.decode("utf-8-sig")
            assert shown.row_count == bare.row_count > 0
            assert rows_of(seen) == rows_of(unseen)
        assert made.uscc in take(cleared, sheet="firms", format=CSV)[1].decode("utf-8-sig")


def rows_of(data: bytes) -> list[list[str]]:
    """A CSV file without what it says of itself."""
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    header = next(place for place, row in enumerate(rows) if len(row) > 5)
    return rows[header:]


def test_columns_are_chosen_and_formulas_are_harmless(channel: grpc.Channel, book: Any) -> None:
    code = credit_code(777)
    row = {
        "uscc": code,
        "name": "=HYPERLINK(演示)有限公司",
        "city": "苏州",
        "directions": "sic",
        "founded": "2024-03-15",
        "stage": "初创期",
        "as_of": "2026-06-30",
        "revenue": "1250万元",
        "net_assets": "-12.34元",
        "origin": "演示数据",
    }
    assert not send(channel, book(firms=[row])).problems
    wanted = ["name", "revenue", "revenue_fen", "net_assets", "net_assets_fen"]
    entry, data = take(channel, sheet="firms", format=CSV, filter=f"uscc = {code}", columns=wanted)
    assert list(entry.columns) == wanted
    text = data.decode("utf-8-sig").splitlines()
    assert text[1] == "企业名称,营业收入,营业收入/分,净资产,净资产/分"
    assert text[2] == "'=HYPERLINK(演示)有限公司,1250万元,1250000000,-0.001234万元,-1234"


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"sheet": "persons"}, "sheet"),
        ({"sheet": "deals", "columns": ["salary"]}, "columns"),
        ({"sheet": "firms", "fund": "funds/x"}, "fund"),
        ({"sheet": "deals", "reason": ""}, "reason"),
        ({"sheet": "deals", "format": 0}, "format"),
        ({"sheet": "deals", "filter": "stgae = SEED"}, "filter"),
        ({"sheet": "deals", "filter": "ticket > abc"}, "filter"),
    ],
)
def test_a_wrong_wish_is_named(channel: grpc.Channel, asked: dict[str, Any], field: str) -> None:
    given = {"format": XLSX, "reason": "呈报", **asked}
    request = export_service_pb2.ExportRecordsRequest(**given)
    failure = refused(lambda wish: list(stub(channel).ExportRecords(wish)), request)
    assert failure.code == "INVALID_ARGUMENT"
    assert field in fields(failure)


def test_who_may_not_and_whose_exports_are_seen(whole: Installation, channel: grpc.Channel) -> None:
    request = export_service_pb2.ExportRecordsRequest(sheet="firms", format=CSV, reason="x")
    with whole.channel("funding", Grant("talent_officer")) as other:
        failure = refused(lambda wish: list(stub(other).ExportRecords(wish)), request)
        assert failure.code == "PERMISSION_DENIED"
    take(channel, sheet="funds")
    with whole.channel("funding", Grant("fund_analyst", city="wuxi"), subject="narrow") as narrow:
        assert stub(narrow).ListExports(export_service_pb2.ListExportsRequest()).total_size == 0
    bad = export_service_pb2.ListExportsRequest(filter="reason = x")
    assert refused(stub(channel).ListExports, bad).code == "INVALID_ARGUMENT"
    missing = export_service_pb2.ExportRecordsRequest(
        sheet="deals", format=CSV, reason="x", fund="funds/none"
    )
    failure = refused(lambda wish: list(stub(channel).ExportRecords(wish)), missing)
    assert failure.code in ("NOT_FOUND", "FAILED_PRECONDITION")
