"""ShortageWatchService: everybody's watches are their own; bad requests by field."""

from collections.abc import Iterator
from typing import Any

import pytest

from bole.talent.v1 import shortage_pb2, shortage_watch_pb2, shortage_watch_service_pb2_grpc
from bole.talent.v1 import shortage_watch_service_pb2 as wire
from services.chassis.identity.identity import Grant
from tests.contract.installation import Installation, fields, refused

SCOPE = shortage_pb2.ShortageScope(industry_code="氢能", city_code="南通")


@pytest.fixture
def watches(talent: Installation) -> Iterator[Any]:
    with talent.channel("talent", Grant("talent_viewer")) as channel:
        yield shortage_watch_service_pb2_grpc.ShortageWatchServiceStub(channel)


def create(watches: Any, **given: Any) -> shortage_watch_pb2.ShortageWatch:
    watch = shortage_watch_pb2.ShortageWatch(**{"scope": SCOPE, "stars": 4, **given})
    made: shortage_watch_pb2.ShortageWatch = watches.CreateShortageWatch(
        wire.CreateShortageWatchRequest(watch=watch)
    )
    return made


def test_a_watch_is_made_listed_and_deleted(watches: Any) -> None:
    made = create(watches)
    assert (made.stars, made.percent, made.reached) == (4, 80, False)
    assert (made.scope.industry_code, made.scope.city_code) == ("hydrogen", "nantong")
    listed = watches.ListShortageWatches(wire.ListShortageWatchesRequest())
    assert made.name in [each.name for each in listed.watches]
    watches.DeleteShortageWatch(wire.DeleteShortageWatchRequest(name=made.name))
    failure = refused(watches.DeleteShortageWatch, wire.DeleteShortageWatchRequest(name=made.name))
    assert failure.code == "NOT_FOUND"


def test_a_repeated_attempt_makes_one_watch(watches: Any) -> None:
    request = wire.CreateShortageWatchRequest(
        watch=shortage_watch_pb2.ShortageWatch(scope=SCOPE, stars=2),
        request_id="7c1f3b0e-54a5-4c0a-9d7e-0d5a4a1f2b10",
    )
    first, second = watches.CreateShortageWatch(request), watches.CreateShortageWatch(request)
    assert first.name == second.name


def test_a_repeated_deletion_gets_the_first_answer(watches: Any) -> None:
    request = wire.DeleteShortageWatchRequest(
        name=create(watches).name, request_id="7c1f3b0e-54a5-4c0a-9d7e-0d5a4a1f2b11"
    )
    assert watches.DeleteShortageWatch(request) == watches.DeleteShortageWatch(request)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"stars": 0}, "watch.stars"),
        ({"stars": 6}, "watch.stars"),
        ({"percent": 30}, "watch.percent"),
        ({"percent": 100}, "watch.percent"),
        ({"scope": shortage_pb2.ShortageScope(city_code="atlantis")}, "watch.scope.city_code"),
        ({"scope": None}, "watch.scope"),
    ],
)
def test_a_wrong_watch_is_refused_by_field(watches: Any, given: dict[str, Any], field: str) -> None:
    watch = shortage_watch_pb2.ShortageWatch(**{"scope": SCOPE, "stars": 4, **given})
    failure = refused(watches.CreateShortageWatch, wire.CreateShortageWatchRequest(watch=watch))
    assert failure.code == "INVALID_ARGUMENT"
    assert field in fields(failure)


def test_partners_have_no_watches(talent: Installation) -> None:
    with talent.channel("talent", Grant("visitor")) as channel:
        stub = shortage_watch_service_pb2_grpc.ShortageWatchServiceStub(channel)
        failure = refused(stub.ListShortageWatches, wire.ListShortageWatchesRequest())
    assert failure.code == "PERMISSION_DENIED"


@pytest.mark.parametrize("asked", [{"page_size": -1}, {"page_token": "x"}])
def test_a_wrong_list_of_watches_is_refused(watches: Any, asked: dict[str, Any]) -> None:
    request = wire.ListShortageWatchesRequest(**asked)
    assert refused(watches.ListShortageWatches, request).code == "INVALID_ARGUMENT"
