"""WatchMatches in full: restrictions, tokens over a restart, pseudonyms of several partners, the end of a service."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from bole.common.v1 import direction_share_pb2
from bole.matcher.v1 import match_event_pb2, matching_service_pb2_grpc
from bole.matcher.v1 import matching_service_pb2 as wire
from bole.talent.v1 import library_service_pb2, library_service_pb2_grpc, person_pb2
from services.catalogue import load
from services.chassis.keys import load_key
from services.chassis.rpc.failures import read_failure
from services.chassis.rpc.wire import date_to_wire
from services.chassis.storage.paging import PageTokens
from services.cli.running import processes
from tests.contract.installation import MANAGER, OFFICER, Installation, fields, installation, refused
from tests.servers import nursery

SECONDS = 300
PARTNERS = ("甲", "乙")


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Talent and matcher, with some people in directions of two industries and two cities."""
    made = installation(tmp_path_factory.mktemp("pair"), nursery.spawn)
    made.start("talent", "matcher")
    for number in range(4):
        register(made, ("seawater-h2", "sic")[number % 2], ("nantong", "suzhou")[number // 2])
    made.wait_level()
    yield made
    assert set(made.stop().values()) <= {0}


@pytest.fixture(scope="module")
def keys(pair: Installation) -> list[str]:
    """Keys of two partners."""
    made = [pair.tool("matcher", "add-partner", name) for name in PARTNERS]
    assert [each.returncode for each in made] == [0, 0]
    assert all(each.stdout.count("\n") == 1 for each in made)
    return [each.stdout.strip() for each in made]


def register(of: Installation, direction: str, city: str) -> str:
    person = person_pb2.Person(
        source_ref=f"S-{uuid4()}",
        display_name="演示人",
        category_code="outstanding-engineer",
        city_code=city,
        availability=person_pb2.AVAILABILITY_NOW,
        direction_shares=[direction_share_pb2.DirectionShare(code=direction, permille=1000)],
        job_title="工程师",
        profile="海水直接电解制氢电解槽设计，碳化硅外延生长",
        observed_date=date_to_wire(date(2026, 6, 1)),
        purposes=[person_pb2.CONSENT_PURPOSE_MATCH_POSITION, person_pb2.CONSENT_PURPOSE_MATCH_FIRM],
    )
    with of.channel("talent", OFFICER) as channel:
        stub = library_service_pb2_grpc.LibraryServiceStub(channel)
        request = library_service_pb2.CreatePersonRequest(person=person, request_id=str(uuid4()))
        return str(stub.CreatePerson(request, timeout=SECONDS).name)


def messages(of: Installation, count: int, key: str | None = None, **given: Any) -> list[Any]:
    """The first messages of a stream."""
    with of.channel("matcher", OFFICER, MANAGER, key=key) as channel:
        call = open_stream(channel, **given)
        try:
            return [next(call) for _ in range(count)]
        finally:
            call.cancel()


def open_stream(channel: grpc.Channel, **given: Any) -> Any:
    stub = matching_service_pb2_grpc.MatchingServiceStub(channel)
    return stub.WatchMatches(wire.WatchMatchesRequest(**given), timeout=SECONDS)


def everything(of: Installation, key: str | None = None, **given: Any) -> list[match_event_pb2.MatchEvent]:
    """All events up to now."""
    last = last_sequence(of)
    with of.channel("matcher", OFFICER, MANAGER, key=key) as channel:
        call, found = open_stream(channel, from_start=True, **given), []
        for message in call:
            if message.HasField("event"):
                found.append(message.event)
            if (found and found[-1].sequence >= last) or message.checkpoint.sequence >= last:
                break
        call.cancel()
    return found


def last_sequence(of: Installation) -> int:
    with of.channel("matcher", OFFICER, MANAGER) as channel:
        stub = matching_service_pb2_grpc.MatchingServiceStub(channel)
        return int(stub.GetIndexStatus(wire.GetIndexStatusRequest(), timeout=SECONDS).last_sequence)


def test_the_first_message_is_a_checkpoint_at_once(pair: Installation) -> None:
    last = last_sequence(pair)
    (first,) = messages(pair, 1)
    assert first.checkpoint.sequence == last
    assert first.resume_token


def test_every_event_names_the_one_before(pair: Installation) -> None:
    events = everything(pair)
    assert [each.sequence for each in events] == list(range(1, len(events) + 1))
    assert [each.previous_sequence for each in events] == list(range(len(events)))


def test_several_events_come_in_one_message(pair: Installation) -> None:
    _, several = messages(pair, 2, from_start=True, events_per_message=500)
    assert list(several.events.events) == everything(pair)[: len(several.events.events)]
    assert len(several.events.events) > 1


def test_a_stream_begins_with_the_first_event_of_a_time(pair: Installation) -> None:
    events = everything(pair)
    for at in (0, len(events) // 2, len(events) - 1):
        start = events[at].event_time
        begun = messages(pair, 2, start_time=start)[1].event
        earlier = [each for each in events if each.event_time.ToNanoseconds() < start.ToNanoseconds()]
        assert begun.sequence == len(earlier) + 1
        assert begun.event_time == start
    (late,) = messages(pair, 1, start_time=Timestamp(seconds=events[-1].event_time.seconds + 1))
    assert late.checkpoint.sequence == events[-1].sequence


@pytest.mark.parametrize("industry", ["third-gen-semiconductor", "第三代半导体"])
def test_an_industry_stands_for_its_directions(pair: Installation, industry: str) -> None:
    leaves = {leaf.code for leaf in load().leaves_of("third-gen-semiconductor")}
    wanted = [each.sequence for each in everything(pair) if leaves.intersection(each.direction_codes)]
    assert 0 < len(wanted) < len(everything(pair))
    found = everything(pair, direction_codes=[industry])
    assert [each.sequence for each in found] == wanted
    assert [each.previous_sequence for each in found] == [0, *wanted[:-1]]


@pytest.mark.parametrize(
    ("given", "field", "reason"),
    [
        ({"kinds": ["person-positon"]}, "kinds", "UNKNOWN_PAIR_KIND"),
        ({"direction_codes": ["hydrogin"]}, "direction_codes", "UNKNOWN_DIRECTION"),
        ({"city_codes": ["atlantis"]}, "city_codes", "UNKNOWN_CITY"),
        ({"anchor": "people/x"}, "anchor", "INVALID_NAME"),
        ({"resume_token": "x", "from_start": True}, "from_start", "TOKEN_AND_START"),
        ({"from_start": True, "start_time": Timestamp(seconds=1)}, "start_time", "TOKEN_AND_START"),
        ({"events_per_message": 501}, "events_per_message", "TOO_LARGE"),
        ({"kinds": ["person-direction"], "anchor": "positions/x"}, "anchor", "NO_SUCH_LIST"),
        ({"anchor": "shortageCells/sic.all.all"}, "anchor", "NO_SUCH_LIST"),
        ({"anchor": "directions/sicc"}, "anchor", "UNKNOWN_DIRECTION"),
        ({"kinds": ["firm-direction"], "city_codes": ["suzhou"]}, "city_codes", "NO_SUCH_LIST"),
    ],
)
def test_bad_requests_are_refused_by_field(
    pair: Installation, given: dict[str, Any], field: str, reason: str
) -> None:
    failure = refused(lambda asked: messages(pair, 1, **asked), given)
    assert (failure.code, failure.reason) == ("INVALID_ARGUMENT", reason)
    assert field in fields(failure)


def test_a_token_belongs_to_one_subscription_of_one_caller(pair: Installation, keys: list[str]) -> None:
    token = messages(pair, 1, key=keys[0], kinds=["person-direction"])[0].resume_token
    for key, kinds in ((keys[1], ["person-direction"]), (keys[0], []), (keys[0], ["person-firm"])):
        asked = {"key": key, "kinds": kinds, "resume_token": token}
        failure = refused(lambda given: messages(pair, 1, **given), asked)
        assert (failure.code, failure.reason) == ("PERMISSION_DENIED", "RESUME_TOKEN_MISMATCH")
        assert "resume_token" in fields(failure)


def test_a_forged_token_is_denied(pair: Installation) -> None:
    query = {"kinds": "", "anchor": "", "directions": "", "cities": ""}
    forged = PageTokens(b"somebody else's secret").issue(
        (1, 1), method="WatchMatches", query=query, subject="tester"
    )
    for token in ("nonsense", forged):
        failure = refused(lambda asked: messages(pair, 1, resume_token=asked), token)
        assert (failure.code, failure.reason) == ("PERMISSION_DENIED", "RESUME_TOKEN_INVALID")


def test_a_token_from_beyond_the_end_says_how_to_start_again(pair: Installation) -> None:
    query = {"kinds": "", "anchor": "", "directions": "", "cities": ""}
    pages = PageTokens(load_key(pair.settings.keys_dir, "page"))
    token = pages.issue((10**9, 10**9), method="WatchMatches", query=query, subject="tester")
    failure = refused(lambda asked: messages(pair, 1, resume_token=asked), token)
    assert (failure.code, failure.reason) == ("OUT_OF_RANGE", "RESUME_TOKEN_EXPIRED")
    assert "FindMatches" in failure.text.en


def test_two_partners_cannot_link_their_pseudonyms(pair: Installation, keys: list[str]) -> None:
    names = []
    for key in keys:
        events = everything(pair, key=key)
        assert not any(
            name.startswith("persons/") for each in events for name in (each.anchor, each.candidate)
        )
        names.append([each.candidate for each in events if each.candidate.startswith("subjects/")])
    assert len(set(names[0])) == len(set(names[1])) > 0
    assert not set(names[0]) & set(names[1])
    assert names[0] == [each.candidate for each in everything(pair, key=keys[0])][: len(names[0])]


def test_a_partner_may_not_ask_for_a_person(pair: Installation, keys: list[str]) -> None:
    failure = refused(lambda anchor: messages(pair, 1, key=keys[0], anchor=anchor), "persons/anyone")
    assert (failure.code, failure.reason) == ("PERMISSION_DENIED", "PERSON_ANCHOR")


def test_a_service_that_ends_says_so_and_the_stream_goes_on_after_it(
    pair: Installation, keys: list[str]
) -> None:
    known = everything(pair, key=keys[0])
    with pair.channel("matcher", key=keys[0]) as channel:
        call = open_stream(channel)
        token = next(call).resume_token
        running = [each for each in pair.running if each.name == "matcher"]
        assert set(processes.stop(running).values()) == {0}
        with pytest.raises(grpc.RpcError) as caught:
            next(call)
    assert read_failure(caught.value).code == "UNAVAILABLE"
    pair.running.remove(running[0])
    register(pair, "seawater-h2", "nantong")
    pair.start("matcher")
    pair.wait_level()
    again = messages(pair, 2, key=keys[0], resume_token=token)
    assert again[0].checkpoint.sequence == known[-1].sequence
    assert again[1].event.sequence == known[-1].sequence + 1
    assert everything(pair, key=keys[0])[: len(known)] == known


def test_a_partner_is_added_only_to_a_database_that_is_ready(tmp_path: Path) -> None:
    empty = installation(tmp_path)
    made = empty.tool("matcher", "add-partner", "早到")
    assert (made.returncode, made.stdout) == (78, "")
    assert "migrate" in made.stderr
    assert empty.tool("matcher", "add-partner").returncode == 2


def test_a_restricted_stream_says_when_it_is_level(pair: Installation) -> None:
    last = last_sequence(pair)
    found = messages(pair, 2, from_start=True, kinds=["firm-fund"])
    assert [each.checkpoint.sequence for each in found] == [0, last]


def test_events_come_while_the_stream_is_open(pair: Installation) -> None:
    with pair.channel("matcher", OFFICER, MANAGER) as channel:
        call = open_stream(channel, kinds=["person-direction"], city_codes=[])
        first = next(call)
        name = register(pair, "sic", "suzhou")
        event = next(message.event for message in call if message.HasField("event"))
        assert (event.candidate, event.previous_sequence) == (name, 0)
        assert event.sequence > first.checkpoint.sequence
        assert event.change_time.ToNanoseconds() <= event.event_time.ToNanoseconds()
        call.cancel()
