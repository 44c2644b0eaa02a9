"""PlaceAnchor: which directions a text belongs to."""

from typing import Any

import pytest

from bole.matcher.v1 import anchor_pb2, matching_service_pb2_grpc
from bole.matcher.v1 import matching_service_pb2 as wire
from bole.talent.v1 import (
    library_service_pb2,
    library_service_pb2_grpc,
)
from services.catalogue import load
from services.chassis.identity.identity import Grant
from tests.contract.installation import OFFICER, Installation, refused
from tests.contract.matcher.asking import MATCHING, SECONDS, TEXT, find, place, said


def test_a_text_is_placed_by_its_words(stub: Any) -> None:
    answer = stub.PlaceAnchor(place(text=TEXT), timeout=SECONDS)
    assert answer.shares[0].code in {"seawater-h2", "renewable-h2"}
    assert answer.shares[0].title.zh
    assert sum(each.share for each in answer.shares) + answer.none == pytest.approx(1)
    assert all(word.lower() in TEXT.text.lower() for each in answer.shares for word in each.words)


def test_a_text_of_another_field_belongs_to_none(stub: Any) -> None:
    history = anchor_pb2.TextAnchor(text="明代江南市镇的社会史研究，兼论城市与教育")
    answer = stub.PlaceAnchor(place(text=history), timeout=SECONDS)
    assert (list(answer.shares), answer.none) == ([], 1.0)


def test_a_short_name_that_is_all_a_text_says_is_placed_and_finds_its_people(stub: Any) -> None:
    answer = stub.PlaceAnchor(place(text=anchor_pb2.TextAnchor(text="氢")), timeout=SECONDS)
    assert [(each.code, list(each.words)) for each in answer.shares] == [("hydrogen", ["氢"])]
    search = find(anchor=said("氢"), kind="person-position", anchor_side="position", limit=5)
    found = stub.FindMatches(search, timeout=SECONDS).candidates
    hydrogen = {leaf.code for leaf in load().leaves_of("hydrogen")}
    assert found
    assert all(hydrogen.intersection(each.direction_codes) for each in found)


def test_a_stored_position_is_placed(stub: Any, position: str) -> None:
    answer = stub.PlaceAnchor(place(name=position), timeout=SECONDS)
    assert sum(each.share for each in answer.shares) + answer.none == pytest.approx(1)


def test_somebody_who_allows_no_matching_is_placed_nowhere(whole: Installation, stub: Any) -> None:
    with whole.channel("talent", OFFICER) as channel:
        listed = library_service_pb2_grpc.LibraryServiceStub(channel).ListPersons(
            library_service_pb2.ListPersonsRequest(filter="state = ACTIVE", page_size=500), timeout=SECONDS
        )
    silent = [each.name for each in listed.persons if not MATCHING & set(each.purposes)]
    assert silent
    failure = refused(stub.PlaceAnchor, place(name=silent[0]))
    assert (failure.code, failure.reason) == ("FAILED_PRECONDITION", "CONSENT_MISSING")


@pytest.mark.parametrize(
    ("request_", "code", "reason"),
    [
        (wire.PlaceAnchorRequest(), "INVALID_ARGUMENT", None),
        (wire.PlaceAnchorRequest(anchor=anchor_pb2.Anchor()), "INVALID_ARGUMENT", "ANCHOR_MISSING"),
        (place(name="persons/nobody"), "NOT_FOUND", None),
        (place(name="planets/earth"), "INVALID_ARGUMENT", "INVALID_NAME"),
        (place(text=anchor_pb2.TextAnchor(text="！！！")), "INVALID_ARGUMENT", "TEXT_EMPTY"),
        (place(text=anchor_pb2.TextAnchor(text="氢" * 20_001)), "INVALID_ARGUMENT", None),
    ],
)
def test_what_cannot_be_placed(stub: Any, request_: Any, code: str, reason: str | None) -> None:
    failure = refused(stub.PlaceAnchor, request_)
    assert failure.code == code
    assert reason in {None, failure.reason}


def test_partners_place_nothing(whole: Installation) -> None:
    with whole.channel("matcher", Grant("partner")) as channel:
        stub = matching_service_pb2_grpc.MatchingServiceStub(channel)
        assert refused(stub.PlaceAnchor, place(text=TEXT)).code == "PERMISSION_DENIED"
