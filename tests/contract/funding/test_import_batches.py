"""Imports of funding as batches: what changed, amounts echoed back, caps that take a second person, the way back."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import grpc
import pytest
from google.type.money_pb2 import Money

from bole.common.v1.workbook_import_pb2 import ImportMode
from bole.funding.v1 import (
    amount_approval_service_pb2,
    amount_approval_service_pb2_grpc,
    deal_service_pb2,
    deal_service_pb2_grpc,
    firm_pb2,
    firm_service_pb2,
    firm_service_pb2_grpc,
    import_pb2,
    import_service_pb2,
    import_service_pb2_grpc,
    interest_pb2,
    interest_service_pb2,
    interest_service_pb2_grpc,
)
from services.chassis.identity.identity import Grant
from tests.contract.funding.test_firms_and_funds import credit_code as other_code
from tests.contract.funding.test_firms_and_funds import firm as firm_message
from tests.contract.funding.test_importing import credit_code, deal, firm, fund, problems, send
from tests.contract.installation import MANAGER, Installation, fields, installation, refused
from tests.servers import nursery

DRY = ImportMode.IMPORT_MODE_DRY_RUN


@pytest.fixture(scope="module")
def funding(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The funding service alone, empty."""
    made = installation(tmp_path_factory.mktemp("batches"), nursery.spawn)
    made.start("funding")
    yield made
    assert set(made.stop().values()) == {0}


@pytest.fixture
def channel(funding: Installation) -> Iterator[grpc.Channel]:
    with funding.channel("funding", MANAGER) as opened:
        yield opened


def imports(channel: grpc.Channel) -> Any:
    return import_service_pb2_grpc.FundingImportServiceStub(channel)


def rows(channel: grpc.Channel, name: str, filter_: str = "") -> list[import_pb2.ImportRow]:
    request = import_service_pb2.ListImportRowsRequest(parent=name, filter=filter_)
    return list(imports(channel).ListImportRows(request).rows)


def undo(channel: grpc.Channel, name: str, **options: Any) -> Any:
    return imports(channel).UndoImport(import_service_pb2.UndoImportRequest(name=name, **options))


def one_firm(channel: grpc.Channel, code: str) -> list[firm_pb2.Firm]:
    stub = firm_service_pb2_grpc.FirmServiceStub(channel)
    return list(stub.ListFirms(firm_service_pb2.ListFirmsRequest(filter=f"uscc = {code}")).firms)


def test_rows_come_sheet_by_sheet_as_the_file_has_them_and_page_by_page(
    channel: grpc.Channel, book: Any
) -> None:
    """By name `deals` would come before `firms`."""
    ref = "R-order"
    report = send(
        channel,
        book(
            firms=[firm(170), firm(171)],
            funds=[fund("F-order")],
            deals=[deal(ref, "F-order", 170), deal("R-none", "F-none", 170)],
        ),
    )
    read: list[tuple[str, int]] = []
    token = ""
    while True:
        asked = import_service_pb2.ListImportRowsRequest(
            parent=report.import_name, page_size=2, page_token=token
        )
        page = imports(channel).ListImportRows(asked)
        read += [(each.sheet, each.row) for each in page.rows]
        token = page.next_page_token
        if not token:
            break
    assert read == [("firms", 2), ("firms", 3), ("funds", 2), ("deals", 2), ("deals", 3)]
    assert page.total_size == len(read)
    only = rows(channel, report.import_name, "sheet = deals")
    assert [each.row for each in only] == [2, 3]


def test_an_import_is_undone_exactly(channel: grpc.Channel, book: Any) -> None:
    send(channel, book(firms=[firm(101, staff=10, revenue="100万元")]))
    [before] = one_firm(channel, credit_code(101))
    changed = firm(101, staff=12, revenue="1,250万元", name="演示改名材料科技有限公司", as_of="2026-07-01")
    dry = send(channel, book(firms=[changed, firm(102, revenue="３．５亿元")]), mode=DRY)
    assert (dry.committed, dry.sheets[0].created_count, dry.sheets[0].changed_count) == (False, 1, 1)
    [read] = dry.amounts
    assert (read.column, read.amount_count, read.sum_fen, read.largest_written, read.largest_row) == (
        "营业收入",
        2,
        36_250_000_000,
        "３．５亿元",
        3,
    )
    kept = imports(channel).GetImport(import_service_pb2.GetImportRequest(name=dry.import_name))
    assert list(kept.amounts) == list(dry.amounts)
    [known, new] = rows(channel, dry.import_name)
    assert (known.outcome, new.outcome) == (
        import_pb2.ImportRow.OUTCOME_CHANGED,
        import_pb2.ImportRow.OUTCOME_NEW,
    )
    assert {each.field.zh: (each.before, each.after) for each in known.changes} == {
        "企业名称": ("演示第101材料科技有限公司", "演示改名材料科技有限公司"),
        "员工人数": ("10", "12"),
        "营业收入": ("100万元", "1,250万元"),
        "数据截止日期": ("2026-06-30", "2026-07-01"),
    }
    [remark] = known.remarks
    assert "已登记在“演示第101材料科技有限公司”名下，将更名为“演示改名材料科技有限公司”" in remark.zh
    assert "renamed 演示改名材料科技有限公司" in remark.en
    assert not new.remarks
    assert [(each.written, each.text) for each in new.amounts] == [("３．５亿元", "3.5亿元")]
    assert new.resource == ""

    done = send(channel, book(firms=[changed, firm(102)]))
    [now] = one_firm(channel, credit_code(101))
    assert (now.snapshot.staff_count, now.snapshot.revenue.units) == (12, 12_500_000)
    then = firm_service_pb2.GetFirmAsKnownRequest(name=before.name)
    then.known_time.FromMicroseconds(now.update_time.ToMicroseconds() - 1)
    stub = firm_service_pb2_grpc.FirmServiceStub(channel)
    assert stub.GetFirmAsKnown(then).firm.display_name == "演示第101材料科技有限公司"
    tried = undo(channel, done.import_name, validate_only=True)
    assert (tried.removed_count, tried.restored_count) == (1, 1)
    assert one_firm(channel, credit_code(102))
    gone = undo(channel, done.import_name)
    assert getattr(gone, "import").state == import_pb2.Import.STATE_UNDONE
    assert one_firm(channel, credit_code(102)) == []
    [after] = one_firm(channel, credit_code(101))
    for same in (before, after):
        same.ClearField("etag")
        same.ClearField("update_time")
    assert after == before
    listed = stub.ListFirmSnapshots(firm_service_pb2.ListFirmSnapshotsRequest(parent=before.name)).snapshots
    assert [each.retracted_name for each in listed if each.retracted_name] == [f"{before.name}/snapshots/2"]
    assert refused(
        imports(channel).UndoImport, import_service_pb2.UndoImportRequest(name=done.import_name)
    ).reason == ("NOTHING_TO_UNDO")
    again = send(channel, book(firms=[changed, firm(102)]))
    assert (again.sheets[0].created_count, again.sheets[0].changed_count) == (1, 1)


def test_what_has_a_history_or_changed_since_stays(channel: grpc.Channel, book: Any) -> None:
    done = send(
        channel,
        book(
            firms=[firm(111), firm(112), firm(113)],
            funds=[fund("u-1")],
            deals=[deal("u-1", "u-1", 111), deal("u-2", "u-1", 112, state="初审")],
        ),
    )
    assert not done.problems
    [changed] = one_firm(channel, credit_code(113))
    stub = firm_service_pb2_grpc.FirmServiceStub(channel)
    changed.technology = "另一技术"
    stub.UpdateFirm(firm_service_pb2.UpdateFirmRequest(firm=changed))
    request = import_service_pb2.UndoImportRequest(name=done.import_name)
    failure = refused(imports(channel).UndoImport, request)
    assert (failure.code, failure.reason) == ("FAILED_PRECONDITION", "IMPORT_CHANGED_SINCE")
    answer = undo(channel, done.import_name, skip_changed=True, request_id=str(uuid4()))
    assert (answer.removed_count, answer.kept_count) == (2, 4)
    assert sorted((each.sheet, each.reason) for each in answer.kept) == [
        ("deals", "ON_RECORD"),
        ("firms", "CHANGED_SINCE"),
        ("firms", "IN_USE"),
        ("funds", "ON_RECORD"),
    ]
    assert one_firm(channel, credit_code(111)) == []
    shown = imports(channel).GetImport(import_service_pb2.GetImportRequest(name=done.import_name))
    assert shown.state == import_pb2.Import.STATE_PARTLY_UNDONE
    listed = imports(channel).ListImports(
        import_service_pb2.ListImportsRequest(filter="state = PARTLY_UNDONE")
    )
    assert shown in listed.imports


def test_deals_change_until_they_are_initiated(channel: grpc.Channel, book: Any) -> None:
    kept = {"firms": [firm(121), firm(122)], "funds": [fund("c-1")]}
    send(channel, book(**kept, deals=[deal("c-1", "c-1", 121), deal("c-2", "c-1", 122, state="立项")]))
    plan = {"hiring_plan": "卓越工程师=6；sic:卓越工程师=2", "hiring_months": 24}
    report = send(
        channel,
        book(
            deals=[
                deal("c-1", "c-1", 121, ticket="350万元", owner="演示甲", **plan),
                deal("c-2", "c-1", 122, ticket="350万元"),
            ]
        ),
    )
    assert [each[2] for each in problems(report)] == ["DEAL_TERMS_FIXED"]
    deals = deal_service_pb2_grpc.DealServiceStub(channel)
    found = deals.ListDeals(deal_service_pb2.ListDealsRequest(filter="owner = 演示甲")).deals
    [one] = found
    assert (one.ticket.units, one.hiring_plan.window_months) == (3_500_000, 24)
    assert sum(each.headcount for each in one.hiring_plan.hires) == 8
    undo(channel, report.import_name)
    back = deals.GetDeal(deal_service_pb2.GetDealRequest(name=one.name))
    assert (back.ticket.units, back.owner, back.HasField("hiring_plan")) == (3_000_000, "", False)


def test_who_is_recused_from_a_deal_changes_it_by_no_file_and_takes_no_change_back(
    channel: grpc.Channel, book: Any
) -> None:
    send(channel, book(firms=[firm(131)], funds=[fund("c-3")], deals=[deal("c-3", "c-3", 131)]))
    before = send(channel, book(deals=[deal("c-3", "c-3", 131, ticket="350万元")]))
    [row] = rows(channel, before.import_name)
    tie = interest_service_pb2.DeclareInterestRequest(
        parent=row.resource, kinds=[interest_pb2.INTEREST_KIND_EQUITY], text="持有其股东的份额"
    )
    interest_service_pb2_grpc.InterestServiceStub(channel).DeclareInterest(tie)
    after = send(channel, book(deals=[deal("c-3", "c-3", 131, ticket="360万元")]))
    assert [each[2] for each in problems(after)] == ["RECUSED"]
    asked = import_service_pb2.UndoImportRequest(name=before.import_name)
    failure = refused(imports(channel).UndoImport, asked)
    assert (failure.code, failure.reason) == ("PERMISSION_DENIED", "RECUSED")


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"hiring_plan": "卓越工程师"}, "BAD_HIRE"),
        ({"hiring_plan": "卓越工程师=0"}, "BAD_HIRE"),
        ({"hiring_plan": "卓越工程师=3;卓越工程师=4"}, "BAD_HIRE"),
        ({"hiring_plan": "某类人才=3"}, None),
        ({"hiring_months": 6}, "HIRING_MONTHS_ALONE"),
        ({"ticket": "-5万元"}, "OUT_OF_RANGE"),
        ({"ticket": "约500万"}, "AMOUNT_NOT_UNDERSTOOD"),
        ({"ticket": "两万五"}, "AMOUNT_NOT_UNDERSTOOD"),
        ({"ticket": "1e6"}, "AMOUNT_NOT_UNDERSTOOD"),
        ({"ticket": "NaN"}, "AMOUNT_NOT_UNDERSTOOD"),
        ({"ticket": "500万美元"}, "AMOUNT_NOT_UNDERSTOOD"),
        ({"ticket": "0"}, "AMOUNT_TOO_SMALL"),
        ({"ticket": "0.001元"}, "AMOUNT_NOT_WHOLE_FEN"),
        ({"ticket": "500000000万元"}, "AMOUNT_OVER_CAP"),
        ({"submitted": "30/06/2026"}, "BAD_DATE"),
        ({"submitted": "2026-02-30"}, "BAD_DATE"),
        ({"submitted": "2150-01-01"}, "DATE_IN_FUTURE"),
        ({"firm": "91320500DEM9"}, "INVALID_USCC"),
        ({"firm": "320500000012345"}, "INVALID_USCC"),
        ({"firm": "3.20102E+17"}, "EXCEL_DAMAGED_NUMBER"),
        ({"round": "轮\u202e次"}, None),
    ],
)
def test_a_bad_cell_is_a_refused_row(
    channel: grpc.Channel, book: Any, cells: dict[str, Any], reason: str | None
) -> None:
    given = {**deal("b-1", "b-1", 131), **cells}
    report = send(channel, book(firms=[firm(131)], funds=[fund("b-1")], deals=[given]), mode=DRY)
    found = [each for each in report.problems if each.sheet == "deals"]
    assert found
    assert reason in (None, found[0].reason)
    assert found[0].text.zh
    assert found[0].text.en


def test_an_amount_over_the_cap_takes_a_second_person(
    funding: Installation, channel: grpc.Channel, book: Any
) -> None:
    data = book(firms=[firm(141, assets="50000000万元")])
    [problem] = send(channel, data).problems
    assert (problem.field, problem.reason) == ("总资产", "AMOUNT_OVER_CAP")
    assert "5,000亿元" in problem.text.zh
    subject, amount = f"firm:{credit_code(141)}", Money(currency_code="CNY", units=500_000_000_000)
    approve = amount_approval_service_pb2.ApproveAmountRequest(
        subject=subject, column="assets", amount=amount, reason="年报如此"
    )
    mine = amount_approval_service_pb2_grpc.AmountApprovalServiceStub(channel)
    mine.ApproveAmount(approve)
    assert send(channel, data).problems  # one's own word does not count
    with funding.channel("funding", MANAGER, subject="second") as second:
        stub = amount_approval_service_pb2_grpc.AmountApprovalServiceStub(second)
        within = amount_approval_service_pb2.ApproveAmountRequest(
            subject=subject, column="assets", amount=Money(currency_code="CNY", units=1), reason="x"
        )
        assert refused(stub.ApproveAmount, within).reason == "AMOUNT_WITHIN_CAP"
        unknown = amount_approval_service_pb2.ApproveAmountRequest(
            subject=subject, column="salary", amount=amount, reason="x"
        )
        assert refused(stub.ApproveAmount, unknown).reason == "UNKNOWN_COLUMN"
        stub.ApproveAmount(approve)
    assert send(channel, data).sheets[0].created_count == 1
    listed = mine.ListAmountApprovals(amount_approval_service_pb2.ListAmountApprovalsRequest(subject=subject))
    assert [each.approver for each in listed.approvals] == ["second", "tester"]
    bare = amount_approval_service_pb2.ListAmountApprovalsRequest()
    assert fields(refused(mine.ListAmountApprovals, bare)) == ["subject"]


def test_an_amount_over_the_cap_is_refused_by_the_rpc_as_well(channel: grpc.Channel) -> None:
    stub = firm_service_pb2_grpc.FirmServiceStub(channel)
    message = firm_message(77, uscc=other_code(77))
    message.snapshot.revenue.CopyFrom(Money(currency_code="CNY", units=50_000_000_000))
    failure = refused(stub.CreateFirm, firm_service_pb2.CreateFirmRequest(firm=message))
    assert (failure.code, failure.reason) == ("FAILED_PRECONDITION", "AMOUNT_OVER_CAP")
    assert fields(failure) == ["firm.snapshot.revenue"]
    assert failure.metadata["subject"] == f"firm:{other_code(77)}"


def test_who_may_not_and_what_is_not_there(funding: Installation, channel: grpc.Channel, book: Any) -> None:
    stub = imports(channel)
    assert (
        refused(stub.GetImport, import_service_pb2.GetImportRequest(name="imports/none")).code == "NOT_FOUND"
    )
    for call, request in (
        (stub.ListImportRows, import_service_pb2.ListImportRowsRequest(parent="imports/none")),
        (stub.UndoImport, import_service_pb2.UndoImportRequest(name="imports/none")),
    ):
        assert refused(call, request).code == "NOT_FOUND"
    assert (
        refused(stub.ListImports, import_service_pb2.ListImportsRequest(filter="statte = X")).code
        == "INVALID_ARGUMENT"
    )
    name = send(channel, book(firms=[firm(151)])).import_name
    with funding.channel("funding", Grant("fund_manager", city="wuxi"), subject="other") as narrow:
        foreign = import_service_pb2.GetImportRequest(name=name)
        assert refused(imports(narrow).GetImport, foreign).code == "NOT_FOUND"
    with funding.channel("funding", Grant("fund_analyst")) as analyst:
        failure = refused(imports(analyst).UndoImport, import_service_pb2.UndoImportRequest(name=name))
        assert failure.code == "PERMISSION_DENIED"
