"""TalentExportService: what leaves the house is what the caller may see, is registered, and can be read again."""

import hashlib
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import grpc
import pytest

from bole.talent.v1 import (
    evidence_service_pb2,
    evidence_service_pb2_grpc,
    export_service_pb2,
    export_service_pb2_grpc,
    import_service_pb2,
    import_service_pb2_grpc,
    library_service_pb2,
    library_service_pb2_grpc,
)
from services.chassis.identity.identity import Grant
from services.workbook.reading import read_workbook
from services.workbook.tables import Row
from tests.contract.installation import MANAGER, OFFICER, Installation, fields, installation, refused
from tests.contract.talent.approving import let_erase
from tests.contract.uploads import parts
from tests.servers import nursery

CSV, GB18030, XLSX = (
    export_service_pb2.EXPORT_FORMAT_CSV_UTF8,
    export_service_pb2.EXPORT_FORMAT_CSV_GB18030,
    export_service_pb2.EXPORT_FORMAT_XLSX,
)
PEOPLE = (
    {
        "ref": "E-1",
        "name": "欧阳演示",
        "city": "南通",
        "phone": "+8613900000001",
        "profile": "=HYPERLINK(1)",
        "orcid": "0000-0002-1825-0097",
        "birth_year": 1980,
        "other_names": "OUYANG Yanshi | 拉丁转写\n欧阳旧名 | 曾用名",
        "affiliations": "演示研究院 | 研究员 | 2018-09 | 2021-02\n演示大学",
        "education": "演示大学 | 博士 | | 2008",
        "work_items": "一种装置 | 专利 | 2020 | https://example.cn/1",
    },
    {"ref": "E-2", "name": "李演示", "city": "苏州", "phone": "13900000002", "profile": "固态储氢"},
)
COMMON = {
    "category": "卓越工程师",
    "availability": "随时",
    "directions": "seawater-h2:0.6;ga2o3:0.4",
    "observed": "2026-06-01",
    "purposes": "人岗匹配;数据统计",
    "works": "成果一",
    "origin": "演示数据",
}
TEAM = {
    "ref": "E-T",
    "name": "演示团队",
    "lead": "E-1",
    "members": "E-2",
    "directions": "ga2o3",
    "city": "南通",
    "needs": "ga2o3=3;sic=1",
}
POSITION = {
    "ref": "E-J",
    "title": "工程师",
    "employer": "演示公司",
    "city": "南通",
    "direction": "ga2o3",
    "category": "卓越工程师",
    "headcount": 2,
    "opened": "2026-06-01",
}
PLACE = {
    "ref": "E-P",
    "provider": "演示大学",
    "city": "南通",
    "direction": "ga2o3",
    "category": "卓越工程师",
    "places": 20,
    "starts": "2026-09-01",
    "completes": "2027-06-30",
    "completion": "92.5%",
    "retention": "60%",
}
MOVE = {
    "ref": "E-M",
    "person": "E-2",
    "from_city": "南通",
    "to_city": "苏州",
    "day": "2026-03-01",
    "reason": "工作",
    "note": "随团队",
}
EVIDENCE = (
    {
        "ref": "E-V1",
        "kind": "开放应用场景",
        "title": "园区无人配送示范",
        "city": "常州",
        "industry": "氢能",
        "approved": "2025-01-10",
        "opened": "2025-06-01",
        "document": "常工信〔2025〕3号",
        "department": "省工业和信息化厅",
    },
    {
        "ref": "E-V2",
        "kind": "领军人才(团队)",
        "city": "南通",
        "industry": "氢能",
        "opened": "2025-06-01",
        "document": "聘用合同",
        "person": "E-1",
    },
    {"ref": "E-V3", "kind": "领军人才(团队)", "city": "南通", "opened": "2025-06-01", "team": "E-T"},
)


@pytest.fixture(scope="module")
def talent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The talent service with two people, a team and a position."""
    made = installation(tmp_path_factory.mktemp("talent-export"), nursery.spawn)
    made.start("talent")
    yield made
    assert set(made.stop().values()) == {0}


@pytest.fixture
def filled(talent: Installation, book: Any) -> Installation:
    data = book(
        persons=[{**COMMON, **each} for each in PEOPLE],
        teams=[TEAM],
        positions=[POSITION],
        training=[PLACE],
        moves=[MOVE],
        evidence=list(EVIDENCE),
    )
    with talent.channel("talent", OFFICER) as channel:
        load(channel, data)
    return talent


@pytest.fixture
def cleared(filled: Installation) -> Iterator[grpc.Channel]:
    """An officer who may see contact data."""
    with filled.channel("talent", OFFICER, purpose="contact") as channel:
        yield channel


def load(channel: grpc.Channel, data: bytes) -> Any:
    stub = import_service_pb2_grpc.TalentImportServiceStub(channel)
    return stub.ImportWorkbook(parts(import_service_pb2.ImportWorkbookRequest, data, {}), timeout=300)


def take(channel: grpc.Channel, **asked: Any) -> tuple[export_service_pb2.Export, bytes]:
    request = export_service_pb2.ExportRecordsRequest(
        **{"sheet": "persons", "format": CSV, "reason": "年度核对", **asked}
    )
    entry, *pieces = export_service_pb2_grpc.TalentExportServiceStub(channel).ExportRecords(
        request, timeout=300
    )
    data = b"".join(piece.data for piece in pieces)
    assert hashlib.sha256(data).hexdigest() == entry.export.sha256
    assert len(data) == entry.export.size_bytes
    return entry.export, data


def rows_of(data: bytes, sheet: str = "persons") -> list[Row]:
    return list(read_workbook(data, filename=sheet, sheet=sheet).tables[sheet].rows)


@pytest.mark.parametrize("form", [CSV, GB18030, XLSX])
@pytest.mark.parametrize("sheet", ["persons", "teams", "positions", "training", "moves", "evidence"])
def test_what_is_exported_is_the_same_when_imported_again(
    cleared: grpc.Channel, form: Any, sheet: str
) -> None:
    entry, data = take(cleared, sheet=sheet, format=form)
    assert entry.row_count == len(rows_of(data, sheet))
    report = load(cleared, data)
    (counts,) = report.sheets
    assert (counts.same_count, counts.changed_count, counts.refused_count) == (entry.row_count, 0, 0), (
        report.problems
    )


def test_the_file_says_where_it_comes_from(cleared: grpc.Channel) -> None:
    entry, data = take(cleared, filter="city_code = nantong")
    text = data.decode("utf-8-sig")
    first = text.splitlines()[0]
    assert data.startswith(b"\xef\xbb\xbf")
    for part in ("SYNTHETIC", entry.name, "tester", "contact", "年度核对", "city_code = nantong", "1 条"):
        assert part in first
    assert [row.cells["ref"] for row in rows_of(data)] == ["E-1"]


def test_people_found_by_words_are_taken_along_and_no_name_stays_behind(
    filled: Installation, cleared: grpc.Channel
) -> None:
    entry, data = take(cleared, query="海水制氢 欧阳", filter="city_code = nantong")
    assert [row.cells["ref"] for row in rows_of(data)] == ["E-1"]
    assert entry.filter == "city_code = nantong；文字 海水制氢 ＊"
    assert entry.filter in data.decode("utf-8-sig").splitlines()[0]
    with filled.channel("talent", OFFICER) as masked:
        entry, data = take(masked, query="欧阳", columns=["ref", "city"])
    assert (entry.row_count, entry.filter) == (0, "文字 ＊")
    entry, data = take(cleared, sheet="positions", query="工程师")
    assert (len(rows_of(data, "positions")), entry.filter) == (1, "文字 工程师")


def test_no_formula_is_computed_and_a_telephone_number_stays_one(cleared: grpc.Channel) -> None:
    _, data = take(cleared, columns=["ref", "profile", "phone", "name", "city"])
    text = data.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in text
    assert ",+8613900000001," in text


def test_who_may_see_less_gets_less(filled: Installation) -> None:
    with filled.channel("talent", OFFICER) as channel:
        _, data = take(channel)
    text = data.decode("utf-8-sig")
    assert "脱敏姓名" in text
    assert "欧**" in text
    for hidden in ("欧阳演示", "13900000001", "HYPERLINK"):
        assert hidden not in text
    local = Grant("talent_officer", city="nantong", purposes=frozenset({"contact"}))
    with filled.channel("talent", local, purpose="contact") as channel:
        _, data = take(channel)
    text = data.decode("utf-8-sig")
    assert "欧阳演示" in text
    assert "李演示" not in text
    assert "13900000002" not in text


def test_every_export_is_registered_with_who_is_in_it_until_erasure(
    filled: Installation, cleared: grpc.Channel
) -> None:
    ref = f"E-{uuid4().hex[:8]}"
    library = library_service_pb2_grpc.LibraryServiceStub(cleared)
    header = "ref,name,category,city,availability,directions,observed"
    load(cleared, f"{header}\n{ref},王演示,卓越工程师,无锡,随时,ga2o3,2026-06-01\n".encode())
    found = library.ListPersons(library_service_pb2.ListPersonsRequest(filter="city_code = wuxi"))
    person = next(each.name for each in found.persons if each.source_ref == ref)
    entry, _ = take(cleared, filter="city_code = wuxi")
    stub = export_service_pb2_grpc.TalentExportServiceStub(cleared)
    asked = export_service_pb2.ListExportsRequest(filter=f'person:"{person}"')
    (listed,) = stub.ListExports(asked).exports
    assert listed == entry
    let_erase(filled, person)
    library.ErasePerson(library_service_pb2.ErasePersonRequest(name=person, reason="本人要求"))
    assert stub.ListExports(asked).total_size == 0
    wrong = export_service_pb2.ListExportsRequest(filter="person =")
    assert refused(stub.ListExports, wrong).code == "INVALID_ARGUMENT"
    everything = stub.ListExports(export_service_pb2.ListExportsRequest(page_size=500))
    assert entry in everything.exports


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"sheet": "deals"}, "sheet"),
        ({"columns": ["id_number"]}, "columns"),
        ({"reason": ""}, "reason"),
        ({"format": 0}, "format"),
        ({"filter": "name = 1"}, "filter"),
        ({"order_by": "category_code"}, "order_by"),
        ({"sheet": "teams", "order_by": "update_time"}, "order_by"),
        ({"sheet": "outcomes", "order_by": "number"}, "order_by"),
        ({"sheet": "moves", "order_by": "opened_date"}, "order_by"),
        ({"sheet": "teams", "query": "氢"}, "query"),
    ],
)
def test_requests_that_are_wrong(cleared: grpc.Channel, wrong: dict[str, Any], field: str) -> None:
    given = {"sheet": "persons", "format": CSV, "reason": "年度核对", **wrong}
    stub = export_service_pb2_grpc.TalentExportServiceStub(cleared)
    failure = refused(
        lambda request: list(stub.ExportRecords(request)), export_service_pb2.ExportRecordsRequest(**given)
    )
    assert failure.code == "INVALID_ARGUMENT"
    assert field in " ".join([*fields(failure), failure.reason.lower()])


def test_only_officers_export_and_read_the_register(filled: Installation) -> None:
    with filled.channel("talent", MANAGER) as channel:
        stub = export_service_pb2_grpc.TalentExportServiceStub(channel)
        asked = export_service_pb2.ExportRecordsRequest(sheet="persons", format=CSV, reason="核对")
        assert refused(lambda request: list(stub.ExportRecords(request)), asked).code == "PERMISSION_DENIED"
        register = export_service_pb2.ListExportsRequest()
        assert refused(stub.ListExports, register).code == "PERMISSION_DENIED"


def test_cells_are_written_in_words_as_the_template_offers_them(cleared: grpc.Channel) -> None:
    _, people = take(cleared, filter="city_code = nantong")
    (person,) = rows_of(people)
    assert person.cells["directions"] == "海水制氢:0.6;氧化镓:0.4"
    _, positions = take(cleared, sheet="positions")
    assert rows_of(positions, "positions")[0].cells["direction"] == "氧化镓"


def test_evidence_names_talents_by_their_number_and_what_was_taken_back_stays(cleared: grpc.Channel) -> None:
    evidence = evidence_service_pb2_grpc.EvidenceServiceStub(cleared)
    listed = evidence.ListEvidenceRecords(evidence_service_pb2.ListEvidenceRecordsRequest()).records
    wrong = next(each for each in listed if each.source_ref == "E-V3")
    entry, data = take(cleared, sheet="evidence")
    rows = {row.cells["ref"]: row.cells for row in rows_of(data, "evidence")}
    assert (rows["E-V2"]["person"], rows["E-V3"]["team"], rows["E-V1"]["industry"]) == ("E-1", "E-T", "氢能")
    assert rows["E-V1"]["department"] == "省工业和信息化厅"
    register = export_service_pb2_grpc.TalentExportServiceStub(cleared)
    subject = next(each.subject for each in listed if each.source_ref == "E-V2")
    holding = export_service_pb2.ListExportsRequest(filter=f'person:"{subject}" AND sheet = evidence')
    assert entry in register.ListExports(holding).exports
    evidence.VoidEvidenceRecord(
        evidence_service_pb2.VoidEvidenceRecordRequest(name=wrong.name, etag=wrong.etag, reason="重复登记")
    )
    _, data = take(cleared, sheet="evidence")
    assert {row.cells["ref"] for row in rows_of(data, "evidence")} == {"E-V1", "E-V2"}


def test_what_is_known_of_a_persons_life_is_exported_as_it_was_imported(cleared: grpc.Channel) -> None:
    _, data = take(cleared)
    (row,) = (each for each in rows_of(data) if each.cells["ref"] == "E-1")
    assert row.cells["affiliations"] == "演示研究院 | 研究员 | 2018-09-01 | 2021-02-28\n演示大学"
    for key in ("orcid", "other_names", "education", "work_items"):
        assert row.cells[key] == PEOPLE[0][key]
    assert row.cells["birth_year"] in ("1980", "")  # only for those who may see it


def test_moves_name_nobody_to_those_who_may_not_know_who_moved(filled: Installation) -> None:
    with filled.channel("talent", OFFICER) as plain:
        _, data = take(plain, sheet="moves")
    (row,) = rows_of(data, "moves")
    assert (row.cells["person"], row.cells["note"], row.cells["to_city"]) == ("", "", "苏州")
    with filled.channel("talent", OFFICER, purpose="talent-service") as personal:
        entry, data = take(personal, sheet="moves")
        register = export_service_pb2_grpc.TalentExportServiceStub(personal).ListExports(
            export_service_pb2.ListExportsRequest(filter=f'sha256 = "{entry.sha256}"')
        )
    (row,) = rows_of(data, "moves")
    assert (row.cells["person"], row.cells["note"]) == ("E-2", "随团队")
    assert [each.name for each in register.exports] == [entry.name]
