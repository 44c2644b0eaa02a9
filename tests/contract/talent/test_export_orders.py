"""TalentExportService: a file has the order of its list, its own or another that the list knows."""

from collections.abc import Iterator
from typing import Any

import grpc
import pytest

from bole.talent.v1 import (
    evidence_service_pb2,
    evidence_service_pb2_grpc,
    export_service_pb2,
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
from services.workbook.writing import write_xlsx
from tests.contract.installation import OFFICER, Installation, installation, refused
from tests.contract.talent.test_exporting import COMMON, EVIDENCE, MOVE, PLACE, POSITION, load, rows_of, take
from tests.servers import nursery

NAMES = ("赵演示", "白演示", "马演示", "丁演示", "周演示")
DAYS = ("2026-03-01", "2026-06-01", "2026-02-01", "2026-05-01", "2026-04-01")
CITIES = ("南通", "苏州", "无锡", "苏州", "南通")


@pytest.fixture(scope="module")
def talent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The talent service with five of everything, in no order."""
    made = installation(tmp_path_factory.mktemp("talent-orders"), nursery.spawn)
    made.start("talent")
    several = list(enumerate(zip(NAMES, DAYS, CITIES, strict=True), 1))
    tables: dict[str, list[dict[str, Any]]] = {
        "persons": [
            {**COMMON, "ref": f"O-{n}", "name": name, "city": city, "observed": day}
            for n, (name, day, city) in several
        ],
        "positions": [
            {**POSITION, "ref": f"OJ-{n}", "opened": day, "title": f"岗位{n}"} for n, (_, day, _) in several
        ],
        "training": [
            {**PLACE, "ref": f"OP-{n}", "places": 10 + n * 7 % 5, "completes": day, "starts": "2026-01-01"}
            for n, (_, day, _) in several
        ],
        "moves": [{**MOVE, "ref": f"OM-{n}", "person": f"O-{n}", "day": day} for n, (_, day, _) in several],
        "evidence": [{**EVIDENCE[0], "ref": f"OV-{n}", "opened": day} for n, (_, day, _) in several],
    }
    path = tmp_path_factory.mktemp("book") / "orders.xlsx"
    write_xlsx(path, tables)
    with made.channel("talent", OFFICER) as channel:
        report = load(channel, path.read_bytes())
        assert not report.problems
    yield made
    assert set(made.stop().values()) == {0}


@pytest.fixture
def officer(talent: Installation) -> Iterator[grpc.Channel]:
    with talent.channel("talent", OFFICER, purpose="contact") as channel:
        yield channel


def listed(channel: grpc.Channel, sheet: str, order: str) -> list[str]:
    """What the list shows in this order, by something that the file has too."""
    if sheet == "persons":
        library = library_service_pb2_grpc.LibraryServiceStub(channel)
        persons = library.ListPersons(library_service_pb2.ListPersonsRequest(order_by=order)).persons
        return [each.source_ref for each in persons]
    if sheet == "positions":
        positions = position_service_pb2_grpc.PositionServiceStub(channel)
        asked = position_service_pb2.ListPositionsRequest(order_by=order)
        return [each.source_ref for each in positions.ListPositions(asked).positions]
    if sheet == "training":
        training = training_service_pb2_grpc.TrainingServiceStub(channel)
        places = training.ListTrainingPlaces(training_service_pb2.ListTrainingPlacesRequest(order_by=order))
        return [each.source_ref for each in places.training_places]
    if sheet == "moves":
        moves = move_service_pb2_grpc.MoveServiceStub(channel)
        return [
            each.source_ref
            for each in moves.ListMoves(move_service_pb2.ListMovesRequest(order_by=order)).moves
        ]
    evidence = evidence_service_pb2_grpc.EvidenceServiceStub(channel)
    asked_of = evidence_service_pb2.ListEvidenceRecordsRequest(order_by=order)
    return [each.source_ref for each in evidence.ListEvidenceRecords(asked_of).records]


@pytest.mark.parametrize(
    ("sheet", "order"),
    [
        ("persons", ""),
        ("persons", "observed_date desc"),
        ("persons", "display_name"),
        ("persons", "display_name desc"),
        ("positions", ""),
        ("positions", "opened_date"),
        ("training", ""),
        ("training", "place_count desc"),
        ("moves", ""),
        ("moves", "headcount, move_date"),
        ("evidence", ""),
        ("evidence", "opened_date desc"),
    ],
)
def test_a_file_has_the_order_of_its_list(officer: grpc.Channel, sheet: str, order: str) -> None:
    entry, data = take(officer, sheet=sheet, order_by=order)
    refs = [str(row.cells["ref"]) for row in rows_of(data, sheet)]
    assert refs == listed(officer, sheet, order)
    assert len(refs) == len(NAMES)
    assert entry.filter == (f"排序 {order}" if order else "")


def test_nobody_sorts_a_file_by_names_that_they_may_not_read(talent: Installation) -> None:
    def by_name(channel: grpc.Channel) -> list[str]:
        _, data = take(channel, order_by="display_name", columns=["ref"])
        return data.decode("utf-8-sig").splitlines()[2:]

    with talent.channel("talent", OFFICER) as channel:
        request = export_service_pb2.ExportRecordsRequest()
        failure = refused(lambda _: by_name(channel), request)
        assert failure.reason == "PURPOSE_NEEDED"
    local = Grant("talent_officer", city="suzhou", purposes=frozenset({"contact"}))
    with talent.channel("talent", local, purpose="contact") as channel:
        first = by_name(channel)[:2]
        assert first == ["O-2", "O-4"]  # 白, 丁: the two of 苏州, then all whose names are masked
