"""TalentImportService: files good and bad through a real server; what is refused leaves nothing behind."""

import threading
import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import grpc
import pytest

from bole.common.v1.workbook_import_pb2 import ImportMode
from bole.talent.v1 import (
    import_service_pb2,
    import_service_pb2_grpc,
    library_service_pb2,
    library_service_pb2_grpc,
    position_service_pb2,
    position_service_pb2_grpc,
)
from services.chassis.identity.identity import Grant
from tests.contract.installation import MANAGER, OFFICER, Installation, fields, refused
from tests.contract.talent.files import Row, counts, csv_of, people_in, person, position, team, upload
from tests.contract.uploads import parts


@pytest.fixture
def talent(files_library: Installation) -> Installation:
    """A library into which files alone are brought: people are counted."""
    return files_library


@pytest.fixture
def channel(talent: Installation) -> Iterator[grpc.Channel]:
    with talent.channel("talent", OFFICER) as opened:
        yield opened


def test_a_file_is_taken_once_and_then_is_the_same(channel: grpc.Channel, book: Any) -> None:
    ref = f"I-{uuid4().hex[:8]}"
    data = book(persons=[person(ref)], teams=[team(f"T{ref}", ref)], positions=[position(f"P{ref}")])
    new, nothing = (1, 0, 0, 0), (0, 0, 1, 0)
    first = upload(channel, data)
    assert first.committed
    assert counts(first) == {"persons": new, "teams": new, "positions": new}
    assert counts(upload(channel, data)) == {"persons": nothing, "teams": nothing, "positions": nothing}


def test_positions_are_listed_by_the_import_that_brought_them(channel: grpc.Channel, book: Any) -> None:
    ref = f"I-{uuid4().hex[:8]}"
    stub = position_service_pb2_grpc.PositionServiceStub(channel)
    first, again = str(uuid4()), str(uuid4())
    upload(channel, book(positions=[position(f"P{ref}"), position(f"Q{ref}")]), request_id=first)
    upload(channel, book(positions=[position(f"P{ref}", headcount=7)]), request_id=again)
    for name, brought in ((first, {f"P{ref}", f"Q{ref}"}), (again, {f"P{ref}"})):
        for told in (f'import:"{name}"', f'import:"imports/{name}"'):
            found = stub.ListPositions(position_service_pb2.ListPositionsRequest(filter=told))
            assert {each.source_ref for each in found.positions} == brought
    none = position_service_pb2.SearchPositionsRequest(filter="import:none", facets=["city_code"])
    assert not stub.SearchPositions(none).positions


def test_people_and_teams_are_listed_by_the_import_that_brought_them(
    channel: grpc.Channel, book: Any
) -> None:
    ref = f"I-{uuid4().hex[:8]}"
    stub = library_service_pb2_grpc.LibraryServiceStub(channel)
    first, again = str(uuid4()), str(uuid4())
    upload(
        channel,
        book(persons=[person(f"P{ref}"), person(f"Q{ref}")], teams=[team(f"T{ref}", f"P{ref}")]),
        request_id=first,
    )
    upload(channel, book(persons=[person(f"Q{ref}", city="南京")]), request_id=again)
    for name, people, teams in ((first, {f"P{ref}", f"Q{ref}"}, {f"T{ref}"}), (again, {f"Q{ref}"}, set())):
        told = f'import:"imports/{name}"'
        listed = stub.ListPersons(library_service_pb2.ListPersonsRequest(filter=told))
        found = stub.SearchPersons(library_service_pb2.SearchPersonsRequest(filter=told))
        assert {each.source_ref for each in listed.persons} == people
        assert found.total_size == len(people)
        brought = stub.ListTeams(library_service_pb2.ListTeamsRequest(filter=told))
        assert {each.source_ref for each in brought.teams} == teams


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


def test_references_to_people_whom_nobody_has_are_named_by_row(channel: grpc.Channel, book: Any) -> None:
    mark = uuid4().hex[:8]
    known, gone = f"K-{mark}", f"N-{mark}"
    move = {"ref": f"M-{mark}", "person": gone, "from_city": "南通", "to_city": "省外", "day": "2026-05-01"}
    report = upload(
        channel,
        book(
            persons=[person(known)],
            teams=[team(f"T-{mark}", gone), {**team(f"S-{mark}", known), "members": f"{known};{gone}"}],
            moves=[move],
        ),
    )
    assert counts(report) == {"persons": (1, 0, 0, 0), "teams": (0, 0, 0, 2), "moves": (0, 0, 0, 1)}
    assert {(each.sheet, each.reason) for each in report.problems} == {
        ("teams", "UNKNOWN_PERSON"),
        ("moves", "UNKNOWN_PERSON"),
    }
    assert all(gone in each.text.zh and gone in each.text.en for each in report.problems)


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


def test_a_csv_file_tells_how_it_was_read(channel: grpc.Channel) -> None:
    report = upload(channel, csv_of(person(f"I-{uuid4().hex[:8]}"), encoding="gbk"), filename="persons.csv")
    assert (report.committed, report.encoding, report.separator) == (True, "gb18030", ",")
    ignored = upload(channel, csv_of({**person(f"I-{uuid4().hex[:8]}"), "星座": "狮子"}))
    assert "星座" in ignored.warnings[0].zh


def test_a_file_or_a_row_names_the_list_that_people_come_from(channel: grpc.Channel) -> None:
    mine = person(f"I-{uuid4().hex[:8]}")
    assert upload(channel, csv_of(mine), source_list="社保").sheets[0].created_count == 1
    assert upload(channel, csv_of(mine), source_list="social-insurance").sheets[0].same_count == 1
    assert upload(channel, csv_of({**mine, "source_list": "高校"})).sheets[0].changed_count == 1
    stub = import_service_pb2_grpc.TalentImportServiceStub(channel)
    message, before = import_service_pb2.ImportWorkbookRequest, people_in(channel)
    other = person(f"I-{uuid4().hex[:8]}")
    failure = refused(stub.ImportWorkbook, parts(message, csv_of(other), {"source_list": "星座"}))
    assert (failure.code, failure.reason) == ("INVALID_ARGUMENT", "UNKNOWN_CHOICE")
    assert fields(failure) == ["header.source_list"]
    assert "社保" in failure.text.zh
    assert people_in(channel) == before
    row = upload(channel, csv_of({**other, "source_list": "星座"}))
    assert [(each.field, each.reason) for each in row.problems] == [("来源名单", "UNKNOWN_CHOICE")]


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
    message = (
        import_service_pb2.ImportWorkbookRequest
    )  # a piece that a client could not write arrives as nothing
    failure = refused(stub.ImportWorkbook, iter([*parts(message, data, {}), message()]))
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


def test_rows_of_one_name_and_one_telephone_are_told_however_little_else_agrees(
    channel: grpc.Channel, book: Any
) -> None:
    refs = [f"D-{uuid4()}" for _ in range(3)]
    same = {"name": "王伟", "phone": "13912345679"}
    rows = [
        person(refs[0], **same, employer="演示甲研究所", city="苏州", directions="seawater-h2"),
        person(
            refs[1], **same, employer="演示乙大学", city="徐州", directions="氧化镓", category="科技领军人才"
        ),
        person(refs[2], name="王伟", phone="13912345670", employer="演示丙公司", city="徐州"),
    ]
    report = upload(channel, book(persons=rows), mode=ImportMode.IMPORT_MODE_DRY_RUN)
    found = import_service_pb2_grpc.TalentImportServiceStub(channel).ListImportRows(
        import_service_pb2.ListImportRowsRequest(parent=report.import_name)
    )
    told = [[each.ref for each in row.resemblances] for row in found.rows]
    assert (told[0], told[1]) == ([refs[1]], [refs[0]])


def test_only_officers_import(talent: Installation, book: Any) -> None:
    with talent.channel("talent", MANAGER) as channel:
        stub = import_service_pb2_grpc.TalentImportServiceStub(channel)
        data = book(persons=[person("I-0")])
        asked = parts(import_service_pb2.ImportWorkbookRequest, data, {})
        assert refused(stub.ImportWorkbook, asked).code == "PERMISSION_DENIED"


def test_a_dry_run_tells_whom_new_people_may_be_to_those_who_may_search_for_them(
    talent: Installation, channel: grpc.Channel, book: Any
) -> None:
    known = {"name": "诸葛翎翙", "employer": f"演示研究所{uuid4()}"}
    upload(channel, book(persons=[person(f"D-{uuid4()}", **known)]), mode=ImportMode.IMPORT_MODE_GOOD_ROWS)
    again = book(persons=[person(f"D-{uuid4()}", **known), person(f"D-{uuid4()}", name="慕容谧")])
    deadline = time.monotonic() + 300
    with talent.channel("talent", OFFICER, purpose="talent-service") as personal:
        while True:
            report = upload(personal, again, mode=ImportMode.IMPORT_MODE_DRY_RUN)
            if report.sheets[0].possible_duplicate_count or time.monotonic() > deadline:
                break
            threading.Event().wait(0.1)  # what was imported is found a moment later
        assert (report.sheets[0].created_count, report.sheets[0].possible_duplicate_count) == (2, 1)
        rows = import_service_pb2_grpc.TalentImportServiceStub(personal).ListImportRows(
            import_service_pb2.ListImportRowsRequest(parent=report.import_name)
        )
    assert [len(each.possible_duplicates) for each in rows.rows] == [1, 0]
    (other,) = rows.rows[0].resemblances
    assert (other.person, other.ref) == (rows.rows[0].possible_duplicates[0], "")
    assert {"name", "employer"} <= {each.feature for each in other.evidence}
    assert all(each.text.zh and each.text.en for each in other.evidence)
    plain = upload(channel, again, mode=ImportMode.IMPORT_MODE_DRY_RUN)
    assert plain.sheets[0].possible_duplicate_count == 0


@pytest.mark.parametrize("purpose", ["talent-service", "contact", None])
def test_a_dry_run_compares_the_rows_of_a_file_with_each_other_whoever_asks(
    talent: Installation, book: Any, purpose: str | None
) -> None:
    refs = [f"D-{uuid4()}" for _ in range(3)]
    twice = {"name": "澹台灭演", "employer": f"演示研究所{uuid4()}", "phone": "13912345678"}
    rows = [person(refs[0], **twice), person(refs[1], name="宗政演示"), person(refs[2], **twice)]
    with talent.channel("talent", OFFICER, purpose=purpose) as personal:
        report = upload(personal, book(persons=rows), mode=ImportMode.IMPORT_MODE_DRY_RUN)
        found = import_service_pb2_grpc.TalentImportServiceStub(personal).ListImportRows(
            import_service_pb2.ListImportRowsRequest(parent=report.import_name)
        )
    assert (report.sheets[0].created_count, report.sheets[0].possible_duplicate_count) == (3, 2)
    assert [[each.ref for each in row.resemblances] for row in found.rows] == [[refs[2]], [], [refs[0]]]
    assert not any(row.possible_duplicates for row in found.rows)


def test_totals_and_notes_are_no_rows_and_are_told(channel: grpc.Channel) -> None:
    ref = f"I-{uuid4().hex[:8]}"
    nothing = dict.fromkeys(person(ref), "")
    rows = [person(ref), {**nothing, "ref": "合计"}, {**nothing, "ref": "注：演示"}]
    report = upload(channel, csv_of(*rows), mode=ImportMode.IMPORT_MODE_ALL_OR_NOTHING)
    assert report.committed
    (sheet,) = report.sheets
    assert (sheet.row_count, sheet.created_count, sheet.aside_count, sheet.refused_count) == (1, 1, 2, 0)
    assert any("第3、4行" in each.zh for each in report.warnings)
    stub = import_service_pb2_grpc.TalentImportServiceStub(channel)
    kept = stub.GetImport(import_service_pb2.GetImportRequest(name=report.import_name))
    assert [each.aside_count for each in kept.sheets] == [2]
