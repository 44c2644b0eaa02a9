"""The subscriber keeps what it got, and the follower goes on where it was cut."""

import json
from typing import Any

import grpc
import pytest

from services.cli.answers.formats import Format
from services.cli.calling import call
from services.cli.demo.live import still_listed
from services.cli.matcher.stream import Subscriber
from services.cli.matcher.watching import asked, follow
from services.kernel.errors import InvalidArgument, NotFound
from tests.unit.cli.matcher_double import MatcherDouble, Script, checkpoint, event, session


def subscribed(script: Script, count: int) -> Subscriber:
    with session(MatcherDouble(script)) as opened:
        subscriber = Subscriber(opened)
        subscriber.connect()
        assert subscriber.wait(lambda: len(subscriber.arrivals) >= count, 60)
        subscriber.cut()
    return subscriber


def test_a_whole_chain_has_no_gap_and_no_duplicate() -> None:
    found = subscribed([checkpoint(4), event(5, 4), event(8, 5), event(9, 8)], 3)
    assert (found.gaps(), found.duplicates(), found.token) == (0, 0, "t9")


def test_a_missing_event_is_a_gap() -> None:
    assert subscribed([checkpoint(4), event(5, 4), event(9, 8)], 2).gaps() == 1


def test_an_event_that_comes_twice_is_a_duplicate() -> None:
    assert subscribed([checkpoint(4), event(5, 4), event(5, 4)], 2).duplicates() == 1


def test_a_subscriber_resumes_after_its_last_message() -> None:
    double = MatcherDouble([checkpoint(4), event(5, 4)], [checkpoint(5), event(6, 5)])
    with session(double) as opened:
        subscriber = Subscriber(opened)
        subscriber.connect()
        assert subscriber.wait_for_more(0, 60)
        subscriber.cut()
        subscriber.connect()
        assert subscriber.wait_for_more(1, 60)
        subscriber.cut()
    assert double.tokens == ["", "t5"]
    assert subscriber.gaps() == 0


@pytest.mark.parametrize("code", [grpc.StatusCode.OUT_OF_RANGE, grpc.StatusCode.CANCELLED])
def test_a_refused_stream_is_an_error_and_not_an_empty_one(code: grpc.StatusCode) -> None:
    with session(MatcherDouble([code])) as opened, pytest.raises(grpc.RpcError):
        Subscriber(opened).connect()


def test_a_subscriber_who_cuts_the_stream_himself_has_met_no_failure() -> None:
    assert subscribed([checkpoint(4), event(5, 4)], 1).failure is None


def test_the_follower_goes_on_after_its_last_event(capsys: pytest.CaptureFixture[str]) -> None:
    double = MatcherDouble(
        [checkpoint(4), event(5, 4), grpc.StatusCode.UNAVAILABLE],
        [grpc.StatusCode.UNAVAILABLE],
        [event(6, 5)],
    )
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if not double.scripts:
            raise KeyboardInterrupt

    with session(double) as opened:
        narrow = asked(
            ["person-firm"], ["苏州"], "t3", from_start=False, anchor="firms/f", directions=["氢 能"]
        )
        follow(opened, narrow, pause)
    said = capsys.readouterr()
    assert [json.loads(line)["sequence"] for line in said.out.splitlines()] == ["5", "6"]
    assert double.tokens == ["t3", "t5", "t5"]
    assert pauses == [0.5, 1.0, 0.5]
    assert "checkpoint t4" in said.err
    command = "--kind person-firm --anchor firms/f --direction '氢 能' --city suzhou --resume t6"
    assert f"bole match watch {command}" in " ".join(said.err.split())


def test_a_stream_begins_at_a_time_of_china_and_at_one_place_alone() -> None:
    for typed in ("2026-11-29T08:30", "2026-11-29 08:30", "2026-11-29T00:30:00Z"):
        begun = asked([], [], "", from_start=False, since=typed)
        assert begun.start_time.ToJsonString() == "2026-11-29T00:30:00Z"
    assert (
        asked([], [], "", from_start=False, since="2026-11-29").start_time.ToJsonString()
        == "2026-11-28T16:00:00Z"
    )
    for given, option, reason in (
        ({"since": "gestern"}, "--since", "BAD_TIME"),
        ({"since": "2026-11-29", "latest": 3}, "--since", "TOKEN_AND_START"),
        ({"resume": "t1", "latest": 3}, "--from", "TOKEN_AND_START"),
    ):
        whole: dict[str, Any] = {"resume": "", "from_start": False, **given}
        with pytest.raises(InvalidArgument) as refusal:
            asked([], [], **whole)
        assert [(each.field, each.reason) for each in refusal.value.violations] == [(option, reason)]


def test_the_follower_gives_up_on_a_token_that_is_too_old() -> None:
    with session(MatcherDouble([grpc.StatusCode.OUT_OF_RANGE])) as opened, pytest.raises(grpc.RpcError):
        follow(opened, asked([], [], "t1", from_start=False), lambda _: None)


def test_the_follower_ends_with_what_there_was_when_it_began(capsys: pytest.CaptureFixture[str]) -> None:
    double = MatcherDouble(
        [event(5, 4), grpc.StatusCode.UNAVAILABLE], [checkpoint(6), event(8, 5), event(9, 8)], last=8
    )
    with session(double) as opened:
        follow(opened, asked([], ["苏州"], "", from_start=True), lambda _: None, until_end=True)
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["sequence"] for line in lines] == ["5", "8"]
    assert double.tokens == ["", "t5"]


def test_the_follower_begins_with_the_last_events_that_there_are_and_goes_on(
    capsys: pytest.CaptureFixture[str],
) -> None:
    double = MatcherDouble(
        [event(5, 4), event(6, 5), grpc.StatusCode.UNAVAILABLE],
        [event(7, 6), event(8, 7), event(9, 8)],
        last=8,
    )

    def pause(_: float) -> None:
        if not double.scripts:
            raise KeyboardInterrupt

    with session(double) as opened:
        follow(opened, asked([], [], "", from_start=False, latest=2), pause, latest=2)
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["sequence"] for line in lines] == ["7", "8", "9"]


def test_events_that_are_held_back_are_told_to_who_interrupts(capsys: pytest.CaptureFixture[str]) -> None:
    def pause(_: float) -> None:
        raise KeyboardInterrupt

    with session(MatcherDouble([event(5, 4), event(6, 5)], last=8)) as opened:
        follow(opened, asked([], [], "", from_start=False, latest=3), pause, latest=3)
    assert [json.loads(line)["sequence"] for line in capsys.readouterr().out.splitlines()] == ["5", "6"]


def test_any_method_is_called_by_json_and_what_does_not_fit_is_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with session(MatcherDouble([event(5, 4), event(6, 5)], last=7)) as opened:
        opened.output.format = Format.JSON
        call(opened, "MatchingService/GetIndexStatus", "")
        assert json.loads(capsys.readouterr().out)["last_sequence"] == "7"
        call(opened, "WatchMatches", '{"from_start": true}')
        lines = capsys.readouterr().out.splitlines()
        assert [json.loads(line)["event"]["sequence"] for line in lines] == ["5", "6"]
        for method, request in (
            ("WatchMatches", "{"),
            ("WatchMatches", '{"x": 1}'),
            ("ImportWorkbook", "{}"),
        ):
            with pytest.raises((InvalidArgument, NotFound)):
                call(opened, method, request)


def test_a_token_and_the_start_are_not_asked_for_together() -> None:
    with pytest.raises(InvalidArgument):
        asked([], [], "t1", from_start=True)
    with pytest.raises(InvalidArgument):
        asked([], [], "t1", from_start=False, latest=3)


def test_a_candidate_that_left_every_list_is_not_listed() -> None:
    found = subscribed([checkpoint(4), event(5, 4), event(6, 5)], 2).arrivals
    assert still_listed(found, "subjects/1") == 1
    found[1].event.type = found[1].event.TYPE_WITHDRAWN
    assert still_listed(found, "subjects/1") == 0
    assert still_listed(found, "subjects/2") == 0
