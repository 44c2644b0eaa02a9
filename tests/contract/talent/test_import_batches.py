"""TalentImportService: the ledger of imports, their rows, and taking them back."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any
from uuid import uuid4

import grpc
import pytest

from bole.talent.v1 import (
    evidence_service_pb2,
    evidence_service_pb2_grpc,
    import_pb2,
    import_service_pb2,
    import_service_pb2_grpc,
    library_service_pb2,
    library_service_pb2_grpc,
    move_service_pb2,
    move_service_pb2_grpc,
    position_service_pb2,
    position_service_pb2_grpc,
    training_service_pb2,
    training_service_pb2_grpc,
)
from services.chassis.identity.identity import Grant
from tests.contract.installation import MANAGER, OFFICER, Installation, refused
from tests.contract.talent.files import csv_of, mixed, people_in, person, position, upload


@pytest.fixture
def talent(files_library: Installation) -> Installation:
    """A library into which files alone are brought: people are counted."""
    return files_library


@pytest.fixture
def channel(talent: Installation) -> Iterator[grpc.Channel]:
    with talent.channel("talent", OFFICER) as opened:
        yield opened


def test_an_import_is_a_batch_whose_rows_can_be_read(talent: Installation, channel: grpc.Channel) -> None:
    ref, request_id = f"I-{uuid4().hex[:8]}", str(uuid4())
    upload(channel, csv_of(person(ref)))
    data = csv_of(
        person(ref, city="苏州", name="李演示"), person(f"{ref}-2"), person(f"{ref}-3", city="亚特兰蒂斯")
    )
    report = upload(channel, data, request_id=request_id, reason="年度更新")
    assert report.import_name == f"imports/{request_id}"
    stub = import_service_pb2_grpc.TalentImportServiceStub(channel)
    batch = stub.GetImport(import_service_pb2.GetImportRequest(name=report.import_name))
    assert (batch.state, batch.reason) == (import_pb2.Import.STATE_COMMITTED, "年度更新")
    assert (batch.processed_row_count, batch.sha256) == (3, report.sha256)
    listed = stub.ListImports(
        import_service_pb2.ListImportsRequest(filter="state = COMMITTED", page_size=500)
    )
    assert listed.imports[0].name == report.import_name
    asked = import_service_pb2.ListImportRowsRequest(parent=report.import_name)
    with talent.channel("talent", OFFICER, purpose="talent-service") as cleared:
        seen = import_service_pb2_grpc.TalentImportServiceStub(cleared).ListImportRows(asked)
    changed, new, bad = seen.rows
    assert set(changed.changed_fields) == {"display_name", "city_code"}
    assert (changed.person_before.display_name, changed.person_after.display_name) == ("欧阳演示", "李演示")
    assert (changed.person_before.city_code, changed.person_after.city_code) == ("nantong", "suzhou")
    assert new.resource.startswith("persons/")
    assert [problem.field for problem in bad.problems] == ["所在城市"]
    (masked, *_) = stub.ListImportRows(asked).rows
    assert (masked.person_before.display_name, masked.person_after.display_name) == ("欧**", "李**")


def test_every_record_that_was_written_is_named_and_numbered(
    talent: Installation, channel: grpc.Channel, book: Any
) -> None:
    ref = f"I-{uuid4().hex[:8]}"
    report = upload(channel, book(**mixed(ref)), filename="全部.xlsx")
    assert report.committed
    stub = import_service_pb2_grpc.TalentImportServiceStub(channel)
    rows = stub.ListImportRows(import_service_pb2.ListImportRowsRequest(parent=report.import_name)).rows
    assert [each.source_ref for each in rows] == [f"{ref}-{kind}" for kind in "PTJOCME"]
    person_, team_, position_, outcome, place, move, record = (each.resource for each in rows)
    library = library_service_pb2_grpc.LibraryServiceStub(channel)
    assert library.GetPerson(library_service_pb2.GetPersonRequest(name=person_)).source_ref == f"{ref}-P"
    assert library.GetTeam(library_service_pb2.GetTeamRequest(name=team_)).source_ref == f"{ref}-T"
    assert outcome == f"{position_}/outcomes/1"
    places = training_service_pb2_grpc.TrainingServiceStub(channel)
    asked = training_service_pb2.GetTrainingPlaceRequest(name=place)
    got = places.GetTrainingPlace(asked)
    assert (got.source_ref, got.import_name, got.recorded_by) == (f"{ref}-C", report.import_name, "tester")
    mine = f"import:{report.import_name.partition('/')[2]}"
    request = training_service_pb2.ListTrainingPlacesRequest(filter=mine)
    assert [each.name for each in places.ListTrainingPlaces(request).training_places] == [place]
    moves = move_service_pb2_grpc.MoveServiceStub(channel)
    moved = moves.GetMove(move_service_pb2.GetMoveRequest(name=move))
    assert (moved.source_ref, moved.import_name) == (f"{ref}-M", report.import_name)
    listed = moves.ListMoves(move_service_pb2.ListMovesRequest(filter=f"{mine} AND source_ref = '{ref}-M'"))
    assert [each.name for each in listed.moves] == [move]
    evidence = evidence_service_pb2_grpc.EvidenceServiceStub(channel)
    listing = evidence_service_pb2.ListEvidenceRecordsRequest
    for filter_ in (mine, f"source_ref = '{ref}-E'"):
        listed = evidence.ListEvidenceRecords(listing(filter=filter_)).records
        assert [each.name for each in listed] == [record]
    upload(channel, book(evidence=[{**mixed(ref)["evidence"][0], "document": "3号"}]), filename="佐证.xlsx")
    undoing = import_service_pb2.UndoImportRequest(name=report.import_name, request_id=str(uuid4()))
    failure = refused(stub.UndoImport, undoing)
    assert record in {each.field for each in failure.violations}


def test_positions_of_which_an_import_brought_outcomes_are_found_by_it(
    channel: grpc.Channel, book: Any
) -> None:
    ref, told = f"I-{uuid4().hex[:8]}", mixed(f"I-{uuid4().hex[:8]}")["outcomes"]
    upload(channel, book(positions=[position(ref), position(f"{ref}-other")]), filename="岗位.xlsx")
    report = upload(channel, book(outcomes=[{**told[0], "position": ref}]), filename="结果.xlsx")
    stub = position_service_pb2_grpc.PositionServiceStub(channel)
    filter_ = f"import:{report.import_name.partition('/')[2]}"
    listed = stub.ListPositions(position_service_pb2.ListPositionsRequest(filter=filter_)).positions
    assert [each.source_ref for each in listed] == [ref]


def test_what_a_program_before_has_kept_of_a_refused_row_is_shown_without_contacts(
    talent: Installation, channel: grpc.Channel
) -> None:
    report = upload(channel, csv_of(person(uuid4().hex[:8], city="亚特兰蒂斯")))
    kept = json.dumps(
        {"problems": [["记录日期", "BAD_DATE", "“13812345678”不是日期", "'13812345678' is no date"]]}
    )
    id_ = report.import_name.removeprefix("imports/")
    with closing(sqlite3.connect(talent.settings.data_dir / "talent.db", timeout=60)) as library, library:
        changed = library.execute("UPDATE import_row SET detail = ? WHERE batch_id = ?", (kept.encode(), id_))
        assert changed.rowcount == 1
    stub = import_service_pb2_grpc.TalentImportServiceStub(channel)
    (row,) = stub.ListImportRows(import_service_pb2.ListImportRowsRequest(parent=report.import_name)).rows
    assert [(each.text.zh, each.text.en) for each in row.problems] == [("“***”不是日期", "'***' is no date")]


def test_a_page_of_rows_leads_to_the_next(channel: grpc.Channel) -> None:
    ref = uuid4().hex[:8]
    report = upload(channel, csv_of(*(person(f"{ref}-{n}") for n in range(5))))
    stub, token, rows = import_service_pb2_grpc.TalentImportServiceStub(channel), "", []
    while True:
        asked = import_service_pb2.ListImportRowsRequest(
            parent=report.import_name,
            page_size=2,
            page_token=token,
            filter="outcome = NEW AND sheet = persons",
        )
        page = stub.ListImportRows(asked)
        rows += [row.row for row in page.rows]
        token = page.next_page_token
        if not token:
            break
    assert (rows, page.total_size) == ([2, 3, 4, 5, 6], 5)


def test_an_import_is_undone_once_and_may_be_tried_first(channel: grpc.Channel) -> None:
    before = people_in(channel)
    report = upload(channel, csv_of(*(person(uuid4().hex[:8]) for _ in range(3))))
    stub, request = (
        import_service_pb2_grpc.TalentImportServiceStub(channel),
        import_service_pb2.UndoImportRequest,
    )
    tried = stub.UndoImport(request(name=report.import_name, validate_only=True))
    assert (tried.removed_count, people_in(channel)) == (3, before + 3)
    asked = request(name=report.import_name, request_id=str(uuid4()))
    done = stub.UndoImport(asked)
    assert (done.removed_count, done.kept_count, people_in(channel)) == (3, 0, before)
    assert stub.UndoImport(asked) == done
    assert refused(stub.UndoImport, request(name=report.import_name)).reason == "NOTHING_TO_UNDO"


def test_records_that_changed_since_stop_an_undo_unless_skipped(channel: grpc.Channel) -> None:
    ref = uuid4().hex[:8]
    report = upload(channel, csv_of(person(f"{ref}-1"), person(f"{ref}-2")))
    upload(channel, csv_of(person(f"{ref}-1", city="苏州")))
    stub, request = (
        import_service_pb2_grpc.TalentImportServiceStub(channel),
        import_service_pb2.UndoImportRequest,
    )
    failure = refused(stub.UndoImport, request(name=report.import_name))
    assert (failure.code, failure.reason) == ("FAILED_PRECONDITION", "IMPORT_CHANGED_SINCE")
    assert [violation.reason for violation in failure.violations] == ["CHANGED_SINCE"]
    done = stub.UndoImport(request(name=report.import_name, skip_changed=True))
    assert (done.removed_count, done.kept_count) == (1, 1)
    assert getattr(done, "import").state == import_pb2.Import.STATE_PARTLY_UNDONE


def test_requests_about_imports_that_are_wrong(talent: Installation, channel: grpc.Channel) -> None:
    stub = import_service_pb2_grpc.TalentImportServiceStub(channel)
    service = import_service_pb2
    for call, request in (
        (stub.GetImport, service.GetImportRequest(name="persons/x")),
        (stub.ListImports, service.ListImportsRequest(filter="nonsense = 1")),
        (stub.ListImportRows, service.ListImportRowsRequest(parent="imports/")),
        (stub.UndoImport, service.UndoImportRequest()),
    ):
        assert refused(call, request).code == "INVALID_ARGUMENT"
    for call, request in (
        (stub.GetImport, service.GetImportRequest(name="imports/none")),
        (stub.ListImportRows, service.ListImportRowsRequest(parent="imports/none")),
        (stub.UndoImport, service.UndoImportRequest(name="imports/none")),
    ):
        assert refused(call, request).code == "NOT_FOUND"
    report = upload(channel, csv_of(person(uuid4().hex[:8])))
    stale = service.UndoImportRequest(name=report.import_name, etag='"99"')
    assert refused(stub.UndoImport, stale).code in {"ABORTED", "INVALID_ARGUMENT"}
    with talent.channel("talent", MANAGER) as foreign:
        other = import_service_pb2_grpc.TalentImportServiceStub(foreign)
        undoing = service.UndoImportRequest(name=report.import_name)
        assert refused(other.UndoImport, undoing).code == "PERMISSION_DENIED"


def test_an_officer_of_a_city_sees_imports_of_their_own_only(
    talent: Installation, channel: grpc.Channel
) -> None:
    report = upload(channel, csv_of(person(uuid4().hex[:8])))
    stub_of, service = import_service_pb2_grpc.TalentImportServiceStub, import_service_pb2
    with talent.channel("talent", Grant("talent_officer", city="nantong")) as local:
        # The token names the same account: what it imported is its own.
        assert stub_of(local).GetImport(service.GetImportRequest(name=report.import_name)).name
        other = upload(channel, csv_of(person(uuid4().hex[:8], city="苏州")))
        failure = refused(stub_of(local).UndoImport, service.UndoImportRequest(name=other.import_name))
        assert failure.reason == "CITY_NOT_GRANTED"
