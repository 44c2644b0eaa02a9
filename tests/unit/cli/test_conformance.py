"""The kit finds what a broken stream does, and nothing about one that keeps its promises."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import pytest

from bole.matcher.v1 import match_event_pb2
from bole.matcher.v1 import matching_service_pb2 as service
from services.cli.conformance.checks import CHECKS, Event, Message, Pair, check, fold

_TYPES = (Event.TYPE_CREATED, Event.TYPE_RESCORED, Event.TYPE_WITHDRAWN)


def history(count: int = 60) -> list[Event]:
    """Pairs that come, are rescored, and go; one in three stays."""
    events: list[Event] = []
    for number in range(count):
        pair, step = divmod(number, 3)
        if step == 2 and pair % 3 == 0:
            continue
        before = events[-1].sequence if events else 0
        events.append(
            match_event_pb2.MatchEvent(
                sequence=2 * number + 1,
                previous_sequence=before,
                type=_TYPES[step],
                kind="person-position",
                anchor=f"positions/o{pair}",
                candidate=f"subjects/s{pair}",
            )
        )
    return events


@dataclass
class Stream:
    """A stream that keeps its promises, but for what a test breaks: `spoil` has the events of each connection."""

    events: list[Event] = field(default_factory=history)
    spoil: Callable[[list[Event], bool], list[Event]] = lambda events, _resumed: events
    strict: bool = True
    connections: int = 0

    def open(self, token: str = "", *, events_per_message: int = 0) -> Iterator[Message]:
        self.connections += 1
        after = int(token) if token else 0
        sent = self.spoil([each for each in self.events if each.sequence > after], bool(token))
        yield service.WatchMatchesResponse(
            checkpoint=service.Checkpoint(sequence=after), resume_token=str(after)
        )
        size = max(1, events_per_message)
        for start in range(0, len(sent), size):
            part = sent[start : start + size]
            token = str(part[-1].sequence)
            if events_per_message > 1:
                several = service.MatchEvents(events=part)
                yield service.WatchMatchesResponse(events=several, resume_token=token)
            else:
                yield service.WatchMatchesResponse(event=part[0], resume_token=token)
        end = service.Checkpoint(sequence=self.events[-1].sequence)
        yield service.WatchMatchesResponse(checkpoint=end, resume_token=token or "0")

    def refuses(self, token: str) -> bool:
        return self.strict


def failed(stream: Stream, kept: Sequence[Pair] | None = None) -> set[str]:
    return {each.check for each in check(stream, stream.events[-1].sequence, 10_000, kept) if not each.passed}


def renamed(events: list[Event], sequence: int, name: str) -> list[Event]:
    found = [match_event_pb2.MatchEvent.FromString(each.SerializeToString()) for each in events]
    for each in found:
        if each.sequence == sequence:
            each.candidate = name
    return found


def test_a_stream_that_keeps_its_promises_passes_every_check() -> None:
    stream = Stream()
    standing, _ = fold(stream.events)
    findings = check(stream, stream.events[-1].sequence, 10_000, standing)
    assert [each.check for each in findings] == list(CHECKS)
    assert all(each.passed and each.looked_at for each in findings)


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (lambda events, _: [*events[:4], *events[5:]], "gaps"),
        (lambda events, _: events[1:], "gaps"),
        (lambda events, _: [*events[:4], *events[3:4], *events[4:]], "duplicates"),
        (lambda events, _: [*events[1:2], *events[:1], *events[2:]], "duplicates"),
        (lambda events, resumed: events[1:] if resumed else events, "resume"),
        (lambda events, resumed: [*events[:1], *events] if resumed else events, "resume"),
        (lambda events, _: renamed(events, 9, "persons/real"), "pseudonyms"),
        (lambda events, _: renamed(events, 9, "subjects/other"), "folding"),
    ],
    ids=["dropped", "begins-late", "twice", "swapped", "resumes-late", "resumes-early", "real-name", "unfit"],
)
def test_what_is_broken_is_found(spoil: Callable[[list[Event], bool], list[Event]], found: str) -> None:
    assert found in failed(Stream(spoil=spoil))


def test_pseudonyms_that_change_are_found() -> None:
    stream = Stream()
    stream.spoil = lambda events, _: renamed(events, 1, f"subjects/{stream.connections}")
    assert "repeatable" in failed(stream)


def test_a_changed_token_that_is_taken_is_found() -> None:
    assert failed(Stream(strict=False)) == {"tokens"}


def test_a_store_that_did_not_follow_is_found() -> None:
    stream = Stream()
    standing, _ = fold(stream.events)
    erased = ("person-position", "positions/o1", "subjects/s1")
    assert erased not in standing
    assert failed(stream, [*standing, erased]) == {"erasure"}
    assert failed(stream, sorted(standing)[1:]) == {"complete"}


def erased(events: list[Event], name: str) -> list[Event]:
    last = events[-1].sequence
    gone = match_event_pb2.MatchEvent(
        sequence=last + 1, previous_sequence=last, type=Event.TYPE_ERASED, candidate=name
    )
    return [*events, gone]


def test_who_left_and_was_erased_is_as_it_should_be() -> None:
    assert failed(Stream(erased(erased(history(), "subjects/s1"), "subjects/s1"))) == set()


def test_who_is_erased_stands_nowhere_and_does_not_come_again() -> None:
    assert failed(Stream(erased(history(), "subjects/s0"))) == {"folding"}
    again = erased(history(59), "subjects/s1")
    again.append(
        match_event_pb2.MatchEvent(
            sequence=again[-1].sequence + 1,
            previous_sequence=again[-1].sequence,
            type=Event.TYPE_CREATED,
            kind="person-position",
            anchor="positions/o1",
            candidate="subjects/s1",
        )
    )
    assert failed(Stream(again)) == {"folding"}
