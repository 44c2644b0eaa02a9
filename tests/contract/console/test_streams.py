"""Events over HTTP: server-sent events that resume without a gap, and the same events page by page."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from bole.talent.v1 import library_service_pb2, library_service_pb2_grpc
from services.console.gateway import events as gateway_events
from tests.contract.console.door import Door
from tests.contract.installation import Installation, refused, staff_token


@pytest.fixture(scope="module")
def partner(whole: Installation) -> dict[str, str]:
    """The headers of a partner."""
    made = whole.tool("matcher", "add-partner", "网关测试合作方")
    assert made.returncode == 0
    return {"x-bole-key": made.stdout.strip()}


def events(answer: Any) -> Iterator[tuple[str, str, Any]]:
    """Id, name and content of each event, as they come."""
    held: dict[str, str] = {}
    while line := answer.readline():
        name, _, value = line.decode().rstrip("\n").partition(": ")
        if name:
            held[name] = value
        elif "data" in held:
            yield held.get("id", ""), held["event"], json.loads(held["data"])
            held = {}


def test_a_right_key_at_a_method_of_staff_is_told_what_it_may_do_as_any_key_is(
    whole: Installation, door: Door, partner: dict[str, str]
) -> None:
    said = []
    for key in (partner["x-bole-key"], "blk_nobody_" + "x" * 43, "no key at all"):
        answer = door.ask("GET", "/v1/persons", headers={"x-bole-key": key})
        told = answer.json
        assert (answer.status, told["reason"]) == (403, "KEY_NOT_TAKEN")
        assert "www-authenticate" not in answer.headers
        assert "匹配服务" in told["messages"]["zh-CN"]
        said.append((told["title"], told["messages"]))
        with whole.channel("talent", key=key) as channel:
            failure = refused(
                library_service_pb2_grpc.LibraryServiceStub(channel).ListPersons,
                library_service_pb2.ListPersonsRequest(),
            )
        assert (failure.code, failure.reason) == ("PERMISSION_DENIED", "KEY_NOT_TAKEN")
        assert failure.text.zh == told["messages"]["zh-CN"]
    assert said[0] == said[1] == said[2]


def test_a_stream_resumes_by_its_last_event_without_a_gap(door: Door, partner: dict[str, str]) -> None:
    with door.stream("/v1/matches:watch?from_start=true", partner) as answer:
        assert answer.status == 200
        assert answer.getheader("content-type") == "text/event-stream; charset=utf-8"
        assert answer.readline() == b"retry: 3000\n"
        coming = events(answer)
        assert next(coming)[1] == "checkpoint"
        first = [next(coming) for _ in range(3)]
    resumed = {**partner, "last-event-id": first[-1][0]}
    with door.stream("/v1/matches:watch?from_start=true", resumed) as answer:
        coming = events(answer)
        assert next(coming)[1] == "checkpoint"
        more = [next(coming) for _ in range(3)]
    told = [content for _, _, content in first + more]
    assert {name for _, name, _ in first + more} == {"event"}
    assert [each["previous_sequence"] for each in told[1:]] == [each["sequence"] for each in told[:-1]]


def test_a_stream_without_news_says_now_and_then_that_it_is_there(
    door: Door, partner: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway_events, "HEARTBEAT_SECONDS", 0.1)
    with door.stream("/v1/matches:watch?kinds=person-position&city_codes=suqian", partner) as answer:
        assert next(events(answer))[1] == "checkpoint"
        beats = [answer.readline() for _ in range(4)]
    assert beats == [b": \n", b"\n"] * 2


def test_a_refused_stream_is_a_problem_and_no_stream(door: Door, partner: dict[str, str]) -> None:
    for query, more, field in (
        ("?resume_token=x", {}, "resume_token"),
        ("", {"last-event-id": "x"}, "last-event-id"),
    ):
        answer = door.ask("GET", f"/v1/matches:watch{query}", headers=partner | more)
        assert (answer.status, answer.json["reason"]) == (403, "RESUME_TOKEN_INVALID")
        assert [each["field"] for each in answer.json["violations"]] == [field], "as the caller named it"
    answer = door.ask("GET", "/v1/matches:watch?anchor=persons/1", headers=partner)
    assert (answer.status, answer.json["reason"]) == (403, "PERSON_ANCHOR")


def test_pages_of_events_are_gapless_and_say_when_there_are_no_more(
    door: Door, partner: dict[str, str]
) -> None:
    answer = door.ask("GET", "/v1/events?page_size=3", headers=partner)
    first = answer.json
    assert len(first["events"]) == 3
    assert not first["level"]
    assert "x-poll-interval" not in answer.headers
    told, after = first["events"], first["next_after"]
    second = door.ask("GET", f"/v1/events?page_size=500&after={after}", headers=partner).json
    told += second["events"]
    assert [each["previous_sequence"] for each in told[1:]] == [each["sequence"] for each in told[:-1]]
    while not second["level"]:
        second = door.ask(
            "GET", f"/v1/events?page_size=500&after={second['next_after']}", headers=partner
        ).json
    since = door.ask(
        "GET", f"/v1/events?page_size=1&start_time={told[3]['event_time']}", headers=partner
    ).json
    assert since["events"][0]["event_time"] == told[3]["event_time"]
    both = door.ask("GET", f"/v1/events?start_time={told[3]['event_time']}&after={after}", headers=partner)
    assert (both.status, both.json["violations"][0]["reason"]) == (400, "TOKEN_AND_START")
    strange = door.ask("GET", "/v1/events?after=nonsense", headers=partner)
    assert (strange.status, strange.json["violations"][0]["field"]) == (403, "after")
    for each in (both, strange):
        assert "resume_token" not in each.body.decode(), "no name that a page of events does not take"
    for number in ("0", "17"):
        refused = door.ask("GET", f"/v1/events?after={number}", headers=partner)
        assert (refused.status, refused.json["violations"][0]["reason"]) == (400, "NOT_A_TOKEN")
        assert "next_after" in refused.json["messages"]["en"]
    wrong = door.ask("GET", "/v1/events?cursor=3", headers=partner).json["violations"][0]
    assert wrong["reason"] == "UNKNOWN_FIELD"
    named = wrong["messages"]["en"].partition("use ")[2].split(", ")
    assert {"after", "page_size", "kinds"} <= set(named)
    assert not {"resume_token", "from_start", "events_per_message"} & set(named)
    answer = door.ask("GET", f"/v1/events?after={second['next_after']}", headers=partner)
    last = answer.json
    assert last["next_after"]
    assert ("x-poll-interval" in answer.headers) == last["level"]
    assert all(int(each["sequence"]) > int(told[-1]["sequence"]) for each in last["events"])


def test_a_page_that_is_known_is_not_sent_again(door: Door, partner: dict[str, str]) -> None:
    path = "/v1/events?page_size=3"
    first = door.ask("GET", path, headers=partner)
    again = door.ask("GET", path, headers=partner | {"if-none-match": first.headers["etag"]})
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert "ratelimit" in again.headers
    after = f"{path}&after={first.json['next_after']}"
    other = door.ask("GET", after, headers=partner | {"if-none-match": first.headers["etag"]})
    assert other.status == 200
    assert other.headers["etag"] != first.headers["etag"]


def test_a_partner_is_told_what_is_left_of_its_quota_and_staff_is_not(
    whole: Installation, door: Door, partner: dict[str, str]
) -> None:
    officer = {"authorization": f"Bearer {staff_token(whole)}"}
    for path in ("/v1/indexStatus", "/v1/events?page_size=3", "/v1/partners/none/webhooks/none"):
        told = door.ask("GET", path, headers=partner).headers
        assert re.fullmatch('"calls";r=[0-9]+', told["ratelimit"])
        assert re.fullmatch('"calls";q=[0-9]+;w=[0-9]+', told["ratelimit-policy"])
        assert "ratelimit" not in door.ask("GET", path, headers=officer).headers


def test_staff_reads_names_and_partners_pseudonyms(
    whole: Installation, door: Door, partner: dict[str, str]
) -> None:
    staff = {"authorization": f"Bearer {staff_token(whole)}"}
    query = "/v1/events?page_size=1&kinds=person-direction"
    (seen,) = door.ask("GET", query, headers=staff).json["events"]
    (told,) = door.ask("GET", query, headers=partner).json["events"]
    assert seen["sequence"] == told["sequence"]
    assert seen["anchor"] == told["anchor"]
    assert seen["candidate"].startswith("persons/")
    assert told["candidate"] != seen["candidate"]
