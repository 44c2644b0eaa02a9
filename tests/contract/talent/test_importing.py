"""TalentImportService: files good and bad through a real server; what is refused leaves nothing behind."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import grpc
import pytest

from bole.common.v1.workbook_import_pb2 import ImportMode, ImportReport
from bole.talent.v1 import (
    import_service_pb2,
    import_service_pb2_grpc,
    library_service_pb2,
    library_service_pb2_grpc,
)
from services.chassis.identity import Grant
from tests.contract.installation import MANAGER, OFFICER, Installation, fields, installation, refused
from tests.contract.uploads import parts

Row = dict[str, Any]


@pytest.fixture(scope="module")
def talent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The talent service alone, empty."""
    made = installation(tmp_path_factory.mktemp("talent-import"))
    made.start("talent")
    yield made
    assert set(made.stop().values()) == {0}


@pytest.fixture
def channel(talent: Installation) -> Iterator[grpc.Channel]:
    with talent.channel("talent", OFFICER) as opened:
        yield opened


def person(ref: str, **changes: Any) -> Row:
    return {
        "ref": ref,
        "name": "欧阳演示",
        "category": "卓越工程师",
        "city": "南通",
        "availability": "随时",
        "directions": "seawater-h2",
        "profile": "从事海水直接电解制氢。",
        "observed": "2026-06-01",
        "purposes": "人岗匹配",
        "origin": "演示数据",
        **changes,
    }


def team(ref: str, lead: str) -> Row:
    return {"ref": ref, "name": f"演示团队{ref}", "lead": lead, "directions": "seawater-h2", "city": "南通"}


def position(ref: str, **changes: Any) -> Row:
    return {
        "ref": ref,
        "title": "海水制氢工程师",
        "employer": "演示制氢有限公司",
        "city": "南通",
        "direction": "seawater-h2",
        "category": "卓越工程师",
        "headcount": 2,
        "opened": "2026-06-01",
        "requirement": "膜电极耐氯腐蚀。",
        "origin": "演示数据",
        **changes,
    }


def upload(channel: grpc.Channel, data: bytes, **header: Any) -> ImportReport:
    stub = import_service_pb2_grpc.TalentImportServiceStub(channel)
    report: ImportReport = stub.ImportWorkbook(
        parts(import_service_pb2.ImportWorkbookRequest, data, header), timeout=30
    )
    return report


def counts(report: ImportReport) -> dict[str, tuple[int, int, int, int]]:
    """Created, changed, same and refused of each sheet."""
    return {
        each.sheet: (each.created_count, each.changed_count, each.same_count, each.refused_count)
        for each in report.sheets
    }


def people_in(channel: grpc.Channel) -> int:
    stub = library_service_pb2_grpc.LibraryServiceStub(channel)
    return int(stub.ListPersons(library_service_pb2.ListPersonsRequest(), timeout=30).total_size)


def test_a_file_is_taken_once_and_then_is_the_same(channel: grpc.Channel, book: Any) -> None:
    ref = f"I-{uuid4().hex[:8]}"
    data = book(persons=[person(ref)], teams=[team(f"T{ref}", ref)], positions=[position(f"P{ref}")])
    new, nothing = (1, 0, 0, 0), (0, 0, 1, 0)
    first = upload(channel, data)
    assert first.committed
    assert counts(first) == {"persons": new, "teams": new, "positions": new}
    assert counts(upload(channel, data)) == {"persons": nothing, "teams": nothing, "positions": nothing}


def test_a_dry_run_and_all_or_nothing_leave_nothing_behind(channel: grpc.Channel, book: Any) -> None:
    good, bad = f"I-{uuid4().hex[:8]}", f"I-{uuid4().hex[:8]}"
    data, before = book(persons=[person(good), person(bad, city="亚特兰蒂斯")]), people_in(channel)
    for mode in (ImportMode.IMPORT_MODE_DRY_RUN, ImportMode.IMPORT_MODE_ALL_OR_NOTHING):
        report = upload(channel, data, mode=mode)
        assert not report.committed
        assert counts(report) == {"persons": (1, 0, 0, 1)}
        assert people_in(channel) == before
    assert upload(channel, data).committed
    assert people_in(channel) == before + 1


@pytest.mark.parametrize(
    "changes",
    [
        {"city": "亚特兰蒂斯"},
        {"directions": "perpetual-motion"},
        {"category": "国王"},
        {"observed": "2026-02-30"},
        {"name": ""},
    ],
)
def test_a_wrong_row_names_sheet_row_and_field(channel: grpc.Channel, book: Any, changes: Row) -> None:
    report = upload(channel, book(persons=[person(f"I-{uuid4().hex[:8]}", **changes)]))
    assert counts(report) == {"persons": (0, 0, 0, 1)}
    (problem,) = report.problems
    assert problem.sheet == "persons"
    assert problem.row > 1
    assert problem.field
    assert problem.text.zh
    assert problem.text.en


def test_an_officer_of_a_city_imports_for_that_city_only(talent: Installation, book: Any) -> None:
    mine, other = f"I-{uuid4().hex[:8]}", f"I-{uuid4().hex[:8]}"
    data = book(
        persons=[person(mine), person(other, city="苏州")],
        positions=[position(f"P{mine}"), position(f"P{other}", city="苏州")],
    )
    with talent.channel("talent", Grant("talent_officer", city="nantong")) as channel:
        report = upload(channel, data)
        assert counts(report) == {"persons": (1, 0, 0, 1), "positions": (1, 0, 0, 1)}
        assert {problem.reason for problem in report.problems} == {"CITY_NOT_GRANTED"}
    with talent.channel("talent", Grant("talent_officer", city="suzhou")) as channel:
        moved = upload(channel, book(persons=[person(mine, city="苏州")]))
        assert [problem.reason for problem in moved.problems] == ["CITY_NOT_GRANTED"]


def test_a_file_that_is_no_workbook_is_refused(channel: grpc.Channel, book: Any) -> None:
    message = import_service_pb2.ImportWorkbookRequest
    stub = import_service_pb2_grpc.TalentImportServiceStub(channel)
    for data, reason in ((b"PK\x03\x04 no workbook", None), (b"", "IMPORT_EMPTY")):
        failure = refused(stub.ImportWorkbook, parts(message, data, {}))
        assert failure.code == "INVALID_ARGUMENT"
        assert reason in (None, failure.reason)
    foreign = refused(stub.ImportWorkbook, parts(message, book(funds=[]), {}))
    assert (foreign.code, fields(foreign)) == ("INVALID_ARGUMENT", ["file"])
    headless = refused(stub.ImportWorkbook, iter([message(data=b"x")]))
    assert headless.reason == "IMPORT_HEADER_MISSING"


def csv_of(*rows: Row, encoding: str = "utf-8") -> bytes:
    """The rows as a CSV file with the columns of the first one."""
    text = "\n".join(",".join(str(row[key]) for key in rows[0]) for row in rows)
    return f"{','.join(rows[0])}\n{text}\n".encode(encoding)


def test_a_csv_file_tells_how_it_was_read(channel: grpc.Channel) -> None:
    report = upload(channel, csv_of(person(f"I-{uuid4().hex[:8]}"), encoding="gbk"), filename="persons.csv")
    assert (report.committed, report.encoding, report.separator) == (True, "gb18030", ",")
    ignored = upload(channel, csv_of({**person(f"I-{uuid4().hex[:8]}"), "星座": "狮子"}))
    assert "星座" in ignored.warnings[0].zh


def test_an_encoding_in_question_is_asked_for(channel: grpc.Channel) -> None:
    header = "編號,姓名,人才類別,所在城市,到崗意願,研究方向,記錄日期"
    text = f"{header}\n{uuid4().hex[:8]},陳寧,卓越工程师,蘇州,NOW,seawater-h2,2026-06-01\n"
    data = text.replace("师", "師").encode("big5")
    stub = import_service_pb2_grpc.TalentImportServiceStub(channel)
    asked = refused(stub.ImportWorkbook, parts(import_service_pb2.ImportWorkbookRequest, data, {}))
    assert (asked.code, asked.reason) == ("INVALID_ARGUMENT", "ENCODING_QUESTION")
    answered = upload(channel, data, encoding="big5", mode=ImportMode.IMPORT_MODE_DRY_RUN)
    assert (answered.encoding, sum(each.row_count for each in answered.sheets)) == ("big5", 1)


def test_an_upload_that_is_not_what_its_header_announces(channel: grpc.Channel) -> None:
    data, before = csv_of(person(f"I-{uuid4().hex[:8]}")), people_in(channel)
    stub = import_service_pb2_grpc.TalentImportServiceStub(channel)
    for announced in ({"size_bytes": len(data) * 2}, {"sha256": "0" * 64}):
        cut = parts(import_service_pb2.ImportWorkbookRequest, data, announced)
        failure = refused(stub.ImportWorkbook, cut)
        assert (failure.code, failure.reason) == ("ABORTED", "UPLOAD_INCOMPLETE")
    assert people_in(channel) == before


def test_an_upload_larger_than_memory_holds_is_read_from_disk(channel: grpc.Channel) -> None:
    rows = [person(f"I-{uuid4().hex[:8]}", city="亚特兰蒂斯", profile="氢" * 2_000) for _ in range(600)]
    report = upload(channel, csv_of(*rows), mode=ImportMode.IMPORT_MODE_ALL_OR_NOTHING)
    assert (report.committed, counts(report)) == (False, {"persons": (0, 0, 0, 600)})
    assert len(report.problems) == 600


def test_a_request_id_stands_for_one_file(channel: grpc.Channel, book: Any) -> None:
    request_id, ref = str(uuid4()), f"I-{uuid4().hex[:8]}"
    data = book(persons=[person(ref)])
    assert upload(channel, data, request_id=request_id) == upload(channel, data, request_id=request_id)
    stub = import_service_pb2_grpc.TalentImportServiceStub(channel)
    other = parts(import_service_pb2.ImportWorkbookRequest, book(persons=[]), {"request_id": request_id})
    assert refused(stub.ImportWorkbook, other).reason == "REQUEST_ID_REUSED"


def test_only_officers_import(talent: Installation, book: Any) -> None:
    with talent.channel("talent", MANAGER) as channel:
        stub = import_service_pb2_grpc.TalentImportServiceStub(channel)
        data = book(persons=[person("I-0")])
        asked = parts(import_service_pb2.ImportWorkbookRequest, data, {})
        assert refused(stub.ImportWorkbook, asked).code == "PERMISSION_DENIED"
