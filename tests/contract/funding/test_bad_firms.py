"""Bad input to firms and imports: what each must get, in both languages, with nothing written."""

import unicodedata
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import grpc
import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from google.type.date_pb2 import Date
from google.type.money_pb2 import Money

from bole.funding.v1 import (
    firm_pb2,
    firm_service_pb2,
    firm_service_pb2_grpc,
    import_service_pb2,
    import_service_pb2_grpc,
)
from tests.contract.funding.test_firms_and_funds import credit_code, firm
from tests.contract.funding.test_importing import firm as row
from tests.contract.funding.test_importing import problems, send
from tests.contract.installation import MANAGER, Installation, fields, refused

wire = firm_service_pb2


@pytest.fixture
def channel(whole: Installation) -> Iterator[grpc.Channel]:
    with whole.channel("funding", MANAGER) as opened:
        yield opened


@pytest.fixture
def stub(channel: grpc.Channel) -> Any:
    return firm_service_pb2_grpc.FirmServiceStub(channel)


@pytest.mark.parametrize(
    ("uscc", "said"),
    [
        ("91320000DEM100001X", "第18位"),
        ("320500000012345", "15位旧注册号"),
        ("9132000IDEM1000011", "第8位"),
        ("91320000OEM1000011", "第9位"),
        ("91320000DEM1", "18位"),
        ("９１３２００００ＤＥＭ１００００１", "18位"),
    ],
)
def test_a_wrong_credit_code_is_told_with_its_place(stub: Any, uscc: str, said: str) -> None:
    failure = refused(stub.CreateFirm, wire.CreateFirmRequest(firm=firm(500, uscc=uscc)))
    assert (failure.code, failure.violations[0].reason) == ("INVALID_ARGUMENT", "INVALID_USCC")
    assert fields(failure) == ["firm.uscc"]
    assert said in failure.violations[0].text.zh


def test_a_credit_code_in_lower_case_and_a_name_in_parts_are_made_normal(stub: Any) -> None:
    name = unicodedata.normalize("NFD", "演示Café材料有限公司")
    code = credit_code(501)
    made = stub.CreateFirm(wire.CreateFirmRequest(firm=firm(501, uscc=code.lower(), display_name=name)))
    assert (made.uscc, made.display_name) == (code, unicodedata.normalize("NFC", name))
    again = refused(stub.CreateFirm, wire.CreateFirmRequest(firm=firm(501, uscc=code.lower())))
    assert (again.code, again.reason) == ("ALREADY_EXISTS", "USCC_TAKEN")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"display_name": "长" * 10_000}, "firm.display_name"),
        ({"display_name": "名\u202e称"}, "firm.display_name"),
        ({"display_name": "名\x00称"}, "firm.display_name"),
        ({"technology": "术" * 20_001}, "firm.technology"),
        ({"founded_date": Date(year=1900, month=2, day=29)}, "firm.founded_date"),
        ({"founded_date": Date(year=1948, month=1, day=1)}, "firm.founded_date"),
        ({"founded_date": Date(year=9999, month=12, day=31)}, "firm.founded_date"),
        ({"snapshot": firm_pb2.FirmSnapshot(staff_count=1)}, "firm.snapshot.as_of_date"),
    ],
)
def test_what_cannot_be_true_is_named(stub: Any, changes: dict[str, Any], field: str) -> None:
    failure = refused(stub.CreateFirm, wire.CreateFirmRequest(firm=firm(502, **changes)))
    assert failure.code == "INVALID_ARGUMENT"
    assert any(each.startswith(field) for each in fields(failure)), failure


def test_a_founding_before_the_republic_is_warned_of_and_taken_once_it_is_confirmed(stub: Any) -> None:
    old = firm(503, founded_date=Date(year=1948, month=1, day=1))
    failure = refused(stub.CreateFirm, wire.CreateFirmRequest(firm=old))
    [violation] = failure.violations
    assert (violation.field, violation.reason) == ("firm.founded_date", "FOUNDED_TOO_EARLY")
    assert "confirm_founded_date" in violation.text.zh
    assert "confirm_founded_date" in violation.text.en
    made = stub.CreateFirm(wire.CreateFirmRequest(firm=old, confirm_founded_date=True))
    made.product = "另一产品"
    changed = stub.UpdateFirm(wire.UpdateFirmRequest(firm=made, update_mask=FieldMask(paths=["product"])))
    changed.founded_date.CopyFrom(Date(year=1947, month=1, day=1))
    moved = wire.UpdateFirmRequest(firm=changed, update_mask=FieldMask(paths=["founded_date"]))
    assert fields(refused(stub.UpdateFirm, moved)) == ["firm.founded_date"]
    moved.confirm_founded_date = True
    assert stub.UpdateFirm(moved).founded_date.year == 1947
    future = firm(504, founded_date=Date(year=2198, month=1, day=1))
    request = wire.CreateFirmRequest(firm=future, confirm_founded_date=True)
    assert refused(stub.CreateFirm, request).violations[0].reason == "DATE_IN_FUTURE"


def test_a_file_says_that_an_early_founding_was_checked(channel: grpc.Channel, book: Any) -> None:
    old = row(571, founded="1947-05-01")
    for refused_ in (old, {**old, "founded_checked": "否"}):
        [problem] = send(channel, book(firms=[refused_])).problems
        assert (problem.field, problem.reason) == ("成立日期", "FOUNDED_TOO_EARLY")
        assert "成立日期已核对" in problem.text.zh
        assert "Founding date checked" in problem.text.en
    taken = send(channel, book(firms=[{**old, "founded_checked": "是"}]))
    assert taken.sheets[0].created_count == 1
    imports = import_service_pb2_grpc.FundingImportServiceStub(channel)
    listed = imports.ListImportRows(import_service_pb2.ListImportRowsRequest(parent=taken.import_name))
    [remark] = listed.rows[0].remarks
    assert "1947-05-01" in remark.zh
    assert "1947-05-01" in remark.en
    assert send(channel, book(firms=[old])).sheets[0].same_count == 1
    later = {**old, "founded": "1948-05-01"}
    assert [each.reason for each in send(channel, book(firms=[later])).problems] == ["FOUNDED_TOO_EARLY"]


@pytest.mark.parametrize(
    "money",
    [
        Money(currency_code="CNY", units=90_000_000_000_001),
        Money(currency_code="CNY", units=2**63 - 1),
        Money(currency_code="CNY", units=1, nanos=10**9),
        Money(currency_code="CNY", units=-1, nanos=1),
        Money(currency_code="usd", units=1),
        Money(units=1),
    ],
)
def test_an_amount_that_is_none_is_named(stub: Any, money: Money) -> None:
    message = firm(503)
    message.snapshot.revenue.CopyFrom(money)
    failure = refused(stub.CreateFirm, wire.CreateFirmRequest(firm=message))
    assert failure.code == "INVALID_ARGUMENT"
    assert any(each.startswith("firm.snapshot.revenue") for each in fields(failure)), failure


def test_attempts_masks_and_etags(stub: Any) -> None:
    attempt = str(uuid4())
    made = stub.CreateFirm(wire.CreateFirmRequest(firm=firm(504), request_id=attempt))
    other = wire.CreateFirmRequest(firm=firm(505), request_id=attempt)
    assert refused(stub.CreateFirm, other).reason == "REQUEST_ID_REUSED"
    assert refused(stub.CreateFirm, wire.CreateFirmRequest(firm=firm(506), request_id="7")).code == (
        "INVALID_ARGUMENT"
    )
    for path in ("state", "uscc", "merged_into", "salary", "snapshot.name"):
        update = wire.UpdateFirmRequest(firm=made, update_mask=FieldMask(paths=[path]))
        update.firm.state = firm_pb2.Firm.STATE_WITHDRAWN
        failure = refused(stub.UpdateFirm, update)
        assert (failure.code, fields(failure)) == ("INVALID_ARGUMENT", ["update_mask"]), path
        assert stub.GetFirm(wire.GetFirmRequest(name=made.name)).etag == made.etag
    bare = firm_pb2.Firm()
    bare.CopyFrom(made)
    bare.ClearField("etag")
    assert refused(stub.UpdateFirm, wire.UpdateFirmRequest(firm=bare)).code == "INVALID_ARGUMENT"


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig", "utf-16"])
def test_files_as_offices_save_them(channel: grpc.Channel, encoding: str) -> None:
    number = {"gb18030": 510, "utf-8-sig": 511, "utf-16": 512}[encoding]
    cells = {**row(number), "revenue": "１，２００万元", "technology": "=HYPERLINK(演示)"}
    headers = {
        "uscc": "统一社会信用代码",
        "name": "企业名称",
        "city": "所在城市",
        "directions": "技术方向",
        "founded": "成立日期",
        "stage": "发展阶段",
        "technology": "核心技术",
        "as_of": "数据截止日期",
        "revenue": "营业收入",
        "origin": "数据来源",
    }
    lines = [headers.values(), (f'"{cells[key]}"' for key in headers)]
    data = "\r\n".join(",".join(line) for line in lines).encode(encoding)
    report = send(channel, data, sheet="firms", filename="企业.csv")
    assert not problems(report)
    assert report.encoding
    [read] = report.amounts
    assert (read.sum_fen, read.largest_written) == (1_200_000_000, "１，２００万元")
    stub = firm_service_pb2_grpc.FirmServiceStub(channel)
    [made] = stub.ListFirms(wire.ListFirmsRequest(filter=f"uscc = {cells['uscc']}")).firms
    assert made.technology == "=HYPERLINK(演示)"
