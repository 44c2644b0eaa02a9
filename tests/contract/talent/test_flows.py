"""TrainingService, MoveService and ExpectedHireService: good requests and bad ones."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from google.type.date_pb2 import Date

from bole.common.v1 import direction_share_pb2
from bole.talent.v1 import (
    expected_hire_service_pb2,
    expected_hire_service_pb2_grpc,
    library_service_pb2_grpc,
    move_pb2,
    move_service_pb2_grpc,
    training_pb2,
    training_service_pb2_grpc,
)
from bole.talent.v1 import move_service_pb2 as moving
from bole.talent.v1 import training_service_pb2 as training
from services.chassis.identity.identity import Grant
from tests.contract.installation import OFFICER, Installation, fields, refused
from tests.contract.talent.people import create

SUZHOU = Grant("talent_officer", city="suzhou")


@pytest.fixture
def places(talent: Installation) -> Iterator[Any]:
    with talent.channel("talent", OFFICER) as channel:
        yield training_service_pb2_grpc.TrainingServiceStub(channel)


@pytest.fixture
def moves(talent: Installation) -> Iterator[Any]:
    with talent.channel("talent", OFFICER, purpose="talent-service") as channel:
        yield move_service_pb2_grpc.MoveServiceStub(channel)


def place(**changes: Any) -> training_pb2.TrainingPlace:
    given: dict[str, Any] = {
        "source_ref": f"T-{uuid4()}",
        "provider": f"演示大学{uuid4().hex[:6]}",
        "city_code": "nantong",
        "direction_code": "seawater-h2",
        "category_code": "outstanding-engineer",
        "place_count": 40,
        "start_date": Date(year=2025, month=9, day=1),
        "completion_date": Date(year=2027, month=6, day=30),
        "completion_permille": 900,
        "retention_permille": 500,
    }
    return training_pb2.TrainingPlace(**{**given, **changes})


def move(**changes: Any) -> move_pb2.Move:
    given: dict[str, Any] = {
        "category_code": "outstanding-engineer",
        "direction_shares": [direction_share_pb2.DirectionShare(code="seawater-h2", permille=1000)],
        "from_city_code": "nantong",
        "to_city_code": "outside",
        "move_date": Date(year=2026, month=5, day=1),
        "headcount": 3,
        "reason": move_pb2.Move.REASON_PAY,
    }
    return move_pb2.Move(**{**given, **changes})


def record(places: Any, **changes: Any) -> training_pb2.TrainingPlace:
    request = training.CreateTrainingPlaceRequest(training_place=place(**changes))
    made: training_pb2.TrainingPlace = places.CreateTrainingPlace(request)
    return made


def test_places_are_recorded_found_changed_and_cancelled(places: Any) -> None:
    made = record(places)
    assert made.expected_arrivals == 18
    assert places.GetTrainingPlace(training.GetTrainingPlaceRequest(name=made.name)) == made
    listed = places.ListTrainingPlaces(
        training.ListTrainingPlacesRequest(
            filter=f'provider = "{made.provider}" AND industry_code:hydrogen', order_by="place_count desc"
        )
    )
    assert [each.name for each in listed.training_places] == [made.name]
    wanted = training_pb2.TrainingPlace(name=made.name, etag=made.etag, place_count=20)
    request = training.UpdateTrainingPlaceRequest(
        training_place=wanted, update_mask=FieldMask(paths=["place_count"])
    )
    changed = places.UpdateTrainingPlace(request)
    assert (changed.place_count, changed.expected_arrivals) == (20, 9)
    assert refused(places.UpdateTrainingPlace, request).code == "ABORTED"
    cancel = training.CancelTrainingPlaceRequest(name=made.name, etag=changed.etag, reason="停止招生")
    cancelled = places.CancelTrainingPlace(cancel)
    assert cancelled.state == training_pb2.TrainingPlace.STATE_CANCELLED
    assert cancelled.cancelled_by == cancelled.recorded_by != ""
    request.training_place.etag = cancelled.etag
    assert refused(places.UpdateTrainingPlace, request).code == "FAILED_PRECONDITION"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"provider": ""}, "training_place.provider"),
        ({"provider_uscc": "91110000600037341M"}, "training_place.provider_uscc"),
        ({"city_code": "outside"}, "training_place.city_code"),
        ({"direction_code": "hydrogen"}, "training_place.direction_code"),
        ({"category_code": "king"}, "training_place.category_code"),
        ({"place_count": -1}, "training_place.place_count"),
        ({"completion_permille": 1001}, "training_place.completion_permille"),
        ({"completion_date": Date(year=2025, month=9, day=1)}, "training_place.completion_date"),
        ({"start_date": Date(year=2026, month=2, day=30)}, "training_place.start_date"),
    ],
)
def test_a_wrong_field_of_places_is_named(places: Any, changes: dict[str, Any], field: str) -> None:
    request = training.CreateTrainingPlaceRequest(training_place=place(**changes))
    failure = refused(places.CreateTrainingPlace, request)
    assert failure.code == "INVALID_ARGUMENT"
    assert any(each.startswith(field) for each in fields(failure)), failure


def test_places_of_another_city_or_with_a_number_that_is_taken_are_refused(
    talent: Installation, places: Any
) -> None:
    made = record(places)
    taken = training.CreateTrainingPlaceRequest(training_place=place(source_ref=made.source_ref))
    assert refused(places.CreateTrainingPlace, taken).code == "ALREADY_EXISTS"
    with talent.channel("talent", SUZHOU) as channel:
        foreign = training_service_pb2_grpc.TrainingServiceStub(channel)
        asked = training.CreateTrainingPlaceRequest(training_place=place())
        assert refused(foreign.CreateTrainingPlace, asked).reason == "CITY_NOT_GRANTED"
        cancel = training.CancelTrainingPlaceRequest(name=made.name, etag=made.etag, reason="无")
        assert refused(foreign.CancelTrainingPlace, cancel).reason == "CITY_NOT_GRANTED"


def test_wrong_names_and_lists_of_places_are_refused(places: Any) -> None:
    for name, code in (("", "INVALID_ARGUMENT"), ("trainingPlaces/x", "NOT_FOUND")):
        got = refused(places.GetTrainingPlace, training.GetTrainingPlaceRequest(name=name))
        assert got.code == code
    for asked in ({"filter": "salary = 1"}, {"order_by": "salary"}, {"page_token": "forged"}):
        wrong = training.ListTrainingPlacesRequest(**asked)  # type: ignore[arg-type]
        assert refused(places.ListTrainingPlaces, wrong).code == "INVALID_ARGUMENT"
    missing = training.CancelTrainingPlaceRequest(name="trainingPlaces/x", etag='"v1"')
    assert "reason" in fields(refused(places.CancelTrainingPlace, missing))


def test_a_move_is_recorded_found_and_taken_back(moves: Any) -> None:
    request = moving.CreateMoveRequest(move=move(source_ref=f"M-{uuid4()}"), request_id=str(uuid4()))
    made = moves.CreateMove(request)
    assert moves.CreateMove(request) == made
    assert moves.GetMove(moving.GetMoveRequest(name=made.name)) == made
    listed = moves.ListMoves(
        moving.ListMovesRequest(
            filter="from_city_code = 南通 AND reason = PAY AND direction_code:seawater-h2"
        )
    )
    assert made.name in [each.name for each in listed.moves]
    taken = moving.CreateMoveRequest(move=move(source_ref=made.source_ref))
    assert refused(moves.CreateMove, taken).code == "ALREADY_EXISTS"
    void = moving.VoidMoveRequest(name=made.name, etag=made.etag, reason="登记有误")
    voided = moves.VoidMove(void)
    assert voided.HasField("void_time")
    assert voided.voided_by == voided.recorded_by != ""
    assert refused(moves.VoidMove, void).code == "ABORTED"


def test_a_person_of_the_library_moves_with_what_is_recorded_and_stays_masked(
    talent: Installation, moves: Any
) -> None:
    with talent.channel("talent", OFFICER) as channel:
        library = library_service_pb2_grpc.LibraryServiceStub(channel)
        person = create(library)
        unasked = create(library, purposes=[])
        plain = move_service_pb2_grpc.MoveServiceStub(channel)
        stated = move_pb2.Move(
            person=person.name,
            from_city_code="nantong",
            to_city_code="suzhou",
            move_date=Date(year=2026, month=5, day=1),
        )
        made = plain.CreateMove(moving.CreateMoveRequest(move=stated))
        assert (made.person, made.category_code, made.headcount) == ("", "outstanding-engineer", 1)
        stated.person = unasked.name
        failure = refused(plain.CreateMove, moving.CreateMoveRequest(move=stated))
        assert failure.reason == "PURPOSE_NOT_CONSENTED"
        stated.person = "persons/none"
        assert refused(plain.CreateMove, moving.CreateMoveRequest(move=stated)).code == "NOT_FOUND"
    assert moves.GetMove(moving.GetMoveRequest(name=made.name)).person == person.name


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"to_city_code": ""}, "move.to_city_code"),
        ({"to_city_code": "nantong"}, "move.to_city_code"),
        ({"from_city_code": "atlantis"}, "move.from_city_code"),
        ({"category_code": ""}, "move.category_code"),
        ({"direction_shares": []}, "move.direction_shares"),
        ({"headcount": -1}, "move.headcount"),
        ({"move_date": Date(year=2100, month=1, day=1)}, "move.move_date"),
        ({"person": "teams/x"}, "move.person"),
        ({"reason": "REASON_RETIRED"}, "move.to_city_code"),
    ],
)
def test_a_wrong_field_of_a_move_is_named(moves: Any, changes: dict[str, Any], field: str) -> None:
    failure = refused(moves.CreateMove, moving.CreateMoveRequest(move=move(**changes)))
    assert failure.code == "INVALID_ARGUMENT"
    assert any(each.startswith(field) for each in fields(failure)), failure


def test_moves_between_other_cities_and_wrong_lists_are_refused(talent: Installation, moves: Any) -> None:
    with talent.channel("talent", SUZHOU) as channel:
        foreign = move_service_pb2_grpc.MoveServiceStub(channel)
        asked = moving.CreateMoveRequest(move=move())
        assert refused(foreign.CreateMove, asked).reason == "CITY_NOT_GRANTED"
        assert foreign.CreateMove(moving.CreateMoveRequest(move=move(to_city_code="suzhou"))).name
    assert refused(moves.GetMove, moving.GetMoveRequest(name="moves/x")).code == "NOT_FOUND"
    for wrong in ({"filter": "person = x"}, {"order_by": "person"}, {"page_size": -1}):
        assert refused(moves.ListMoves, moving.ListMovesRequest(**wrong)).code == "INVALID_ARGUMENT"
    missing = moving.VoidMoveRequest(name="moves/x", etag='"v1"')
    assert "reason" in fields(refused(moves.VoidMove, missing))


def test_expected_hires_are_listed_and_wrong_lists_refused(talent: Installation) -> None:
    with talent.channel("talent", OFFICER) as channel:
        hires = expected_hire_service_pb2_grpc.ExpectedHireServiceStub(channel)
        kind = expected_hire_service_pb2.ListExpectedHiresRequest
        assert hires.ListExpectedHires(kind(filter="industry_code:hydrogen")).total_size == 0
        for wrong in ({"filter": "firm = x"}, {"order_by": "firm"}, {"page_token": "forged"}):
            assert refused(hires.ListExpectedHires, kind(**wrong)).code == "INVALID_ARGUMENT"  # type: ignore[arg-type]
    with talent.channel("talent", Grant("partner")) as channel:
        denied = expected_hire_service_pb2_grpc.ExpectedHireServiceStub(channel)
        assert refused(denied.ListExpectedHires, kind()).code == "PERMISSION_DENIED"


def test_training_places_are_searched_by_words_with_facets(places: Any) -> None:
    mark = f"磁{uuid4().hex[:5]}院"
    made = [
        record(places, provider=f"演示{mark}", programme="氢能工程", place_count=count) for count in (7, 9)
    ]
    record(places, provider=f"另一{mark}", city_code="suzhou", direction_code="sic")
    query = f"{mark} 海水 南通"
    found = places.SearchTrainingPlaces(
        training.SearchTrainingPlacesRequest(
            query=query, order_by="place_count desc", facets=["city_code", "industry_code"], page_size=1
        )
    )
    assert (found.total_size, found.training_places[0].name) == (2, made[1].name)
    rest = places.SearchTrainingPlaces(
        training.SearchTrainingPlacesRequest(
            query=query,
            order_by="place_count desc",
            facets=["city_code", "industry_code"],
            page_size=1,
            page_token=found.next_page_token,
        )
    )
    assert [each.name for each in rest.training_places] == [made[0].name]
    assert [(each.field, [value.value for value in each.values]) for each in found.facets] == [
        ("city_code", ["nantong"]),
        ("industry_code", ["hydrogen"]),
    ]
    assert not found.facets[0].values[0].HasField("count")
    one = places.SearchTrainingPlaces(
        training.SearchTrainingPlacesRequest(query="磁", filter=f'provider = "演示{mark}"')
    )
    assert one.total_size == 2
    assert not places.SearchTrainingPlaces(
        training.SearchTrainingPlacesRequest(query=f"{mark} 量子")
    ).total_size


def test_moves_are_searched_by_words_and_by_notes_only_of_those_who_may_read_them(
    talent: Installation, moves: Any
) -> None:
    mark = f"迁{uuid4().hex[:6]}"
    made = moves.CreateMove(moving.CreateMoveRequest(move=move(note=f"随{mark}项目")))
    asked = moving.SearchMovesRequest(query=f"{mark} 薪酬 南通", facets=["reason", "from_city_code"])
    found = moves.SearchMoves(asked)
    assert [each.name for each in found.moves] == [made.name]
    assert [each.field for each in found.facets] == ["reason", "from_city_code"]
    assert moves.SearchMoves(
        moving.SearchMovesRequest(query="海水制氢", order_by="move_date desc")
    ).total_size
    with talent.channel("talent", OFFICER) as channel:
        plain = move_service_pb2_grpc.MoveServiceStub(channel)
        assert not plain.SearchMoves(moving.SearchMovesRequest(query=mark)).total_size
        assert plain.SearchMoves(moving.SearchMovesRequest(query="薪酬 南通")).total_size


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"query": "氢" * 201}, "query"),
        ({"filter": "colour = blue"}, "filter"),
        ({"facets": ["name"]}, "facets"),
        ({"page_token": "x"}, "page_token"),
        ({"order_by": "beauty"}, "order_by"),
        ({"page_size": -1}, "page_size"),
    ],
)
def test_a_wrong_search_of_places_or_moves_is_refused(
    places: Any, moves: Any, asked: dict[str, Any], field: str
) -> None:
    for call, message in (
        (places.SearchTrainingPlaces, training.SearchTrainingPlacesRequest),
        (moves.SearchMoves, moving.SearchMovesRequest),
    ):
        failure = refused(call, message(**asked))
        assert (failure.code, fields(failure)) == ("INVALID_ARGUMENT", [field])
