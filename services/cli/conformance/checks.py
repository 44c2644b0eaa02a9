"""What the stream promises, checked from outside on what it sends: nothing here knows how it is made.

A reader follows `previous_sequence` from event to event; what it holds after folding them is what stands. A person who
is erased, or withdraws consent, leaves by withdrawals: whoever keeps what was withdrawn has not followed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Final, Protocol, TypeAlias

from bole.matcher.v1 import match_event_pb2
from bole.matcher.v1 import matching_service_pb2 as service
from services.kernel.text import Text

Event: TypeAlias = match_event_pb2.MatchEvent
Message: TypeAlias = service.WatchMatchesResponse
Pair: TypeAlias = tuple[str, str, str]
"""Kind, anchor, candidate."""
CUTS: Final = 5
AFTER_A_CUT: Final = 25
AGAIN: Final = 5_000
_SHOWN: Final = 3
_PEOPLE: Final = "persons/"


class Source(Protocol):
    """Opens the stream."""

    def open(self, token: str = "", *, events_per_message: int = 0) -> Iterator[Message]:
        """From the beginning, or after a token. Closing the iterator cuts the connection."""
        ...

    def refuses(self, token: str) -> bool:
        """Whether a token that is not of this subscription is refused."""
        ...


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: how much was looked at, how much of it is wrong, and the first wrong ones."""

    check: str
    looked_at: int
    wrong: int
    examples: Sequence[str] = ()

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong."""
        return self.wrong == 0


@dataclass(frozen=True, slots=True)
class Part:
    """Events as they came, each with the token to resume after it; `level`: whether there were no more."""

    events: Sequence[Event]
    tokens: Sequence[str]
    level: bool


CHECKS: Final[Mapping[str, Text]] = {
    "gaps": Text("无遗漏：每个事件都接着前一个", "no gap: each event follows the one before"),
    "duplicates": Text("无重复：序号只增不重", "no duplicate: numbers only grow"),
    "resume": Text("断点续传：任意处断开都能接上", "resume: wherever it is cut, it goes on there"),
    "repeatable": Text("可重复：再读一遍内容相同", "repeatable: read again, it says the same"),
    "folding": Text(
        "可归并：撤回与重评都指向在册的配对，已删除者不再出现",
        "folding: what is withdrawn or rescored stood before, and who was erased does not appear again",
    ),
    "pseudonyms": Text("化名：没有一个人以真实编号出现", "pseudonyms: nobody appears under a real id"),
    "tokens": Text("令牌：改动过的令牌被拒绝", "tokens: one that was changed is refused"),
    "erasure": Text("删除：自己库中没有已撤回的配对", "erasure: your store keeps nothing that was withdrawn"),
    "complete": Text("完整：在册的配对自己库中都有", "complete: your store has everything that stands"),
}
"""What each check says, in the order of the report."""


def read(source: Source, last: int, most: int, *, token: str = "", events_per_message: int = 500) -> Part:
    """Events up to number `last`, `most` of them at most."""
    events: list[Event] = []
    tokens: list[str] = []
    messages = source.open(token, events_per_message=events_per_message)
    try:
        for message in messages:
            several = message.events.events if message.HasField("events") else [message.event]
            if message.HasField("checkpoint"):
                if message.checkpoint.sequence >= last:
                    return Part(events, tokens, level=True)
                continue
            events += several
            tokens += [""] * (len(several) - 1) + [message.resume_token]
            if events[-1].sequence >= last:
                return Part(events, tokens, level=True)
            if len(events) >= most:
                return Part(events, tokens, level=False)
    finally:
        close = getattr(messages, "close", None)
        if close is not None:
            close()
    return Part(events, tokens, level=False)


def check(source: Source, last: int, most: int, kept: Iterable[Pair] | None = None) -> list[Finding]:
    """Every check, in the order of `CHECKS`. `last`: the number of the last event there was; `kept`: the pairs that
    the partner's own store holds, None to leave it alone.
    """
    whole = read(source, last, most)
    findings = [
        gaps(whole.events),
        duplicates(whole.events),
        resume(source, last, most),
        repeatable(source, whole.events[:AGAIN]),
    ]
    standing, folded = fold(whole.events)
    findings += [folded, pseudonyms(whole.events), tokens(source, whole)]
    if kept is not None and whole.level:
        findings += stores(standing, set(kept))
    return findings


def gaps(events: Sequence[Event]) -> Finding:
    """Every event names the one before it, the first none."""
    wrong = [f"{events[0].sequence} ← {events[0].previous_sequence}"] if _begins_late(events) else []
    wrong += [
        f"{after.sequence} ← {after.previous_sequence} ≠ {before.sequence}"
        for before, after in pairwise(events)
        if after.previous_sequence != before.sequence
    ]
    return _finding("gaps", len(events), wrong)


def duplicates(events: Sequence[Event]) -> Finding:
    """Numbers only grow."""
    wrong = [str(after.sequence) for before, after in pairwise(events) if after.sequence <= before.sequence]
    return _finding("duplicates", len(events), wrong)


def resume(source: Source, last: int, most: int) -> Finding:
    """Cut at several places and resumed, the stream goes on with the event that follows."""
    single = read(source, last, min(most, CUTS * AFTER_A_CUT * 2), events_per_message=0)
    places = range(0, max(0, len(single.events) - 1), max(1, len(single.events) // CUTS))
    wrong = []
    for place in places:
        expected = single.events[place + 1 : place + 1 + AFTER_A_CUT]
        found = read(source, expected[-1].sequence, len(expected), token=single.tokens[place]).events
        if list(found[: len(expected)]) != list(expected):
            came = found[0].sequence if found else "—"
            wrong.append(f"{single.events[place].sequence} → {came} ≠ {expected[0].sequence}")
    return _finding("resume", len(places), wrong)


def repeatable(source: Source, first: Sequence[Event]) -> Finding:
    """Read again, one event a message, the same."""
    if not first:
        return _finding("repeatable", 0, [])
    second = read(source, first[-1].sequence, len(first), events_per_message=0).events
    wrong = [str(one.sequence) for one, other in zip(first, second, strict=False) if one != other]
    missing = len(first) - len(second)
    return _finding("repeatable", len(first), wrong + [f"− {missing}"] * bool(missing))


def fold(events: Sequence[Event]) -> tuple[set[Pair], Finding]:
    """What stands after the events, and whether each of them fits what stood before it."""
    standing: set[Pair] = set()
    erased: set[str] = set()
    wrong = []
    for event in events:
        pair = (event.kind, event.anchor, event.candidate)
        if event.type == Event.TYPE_ERASED:
            erased.add(event.candidate)
            if any(event.candidate in each[1:] for each in standing):
                wrong.append(f"{event.sequence} {Event.Type.Name(event.type)}")
            continue
        if not erased.isdisjoint(pair[1:]) or (pair in standing) == (event.type == Event.TYPE_CREATED):
            wrong.append(f"{event.sequence} {Event.Type.Name(event.type)}")
        if event.type == Event.TYPE_WITHDRAWN:
            standing.discard(pair)
        else:
            standing.add(pair)
    return standing, _finding("folding", len(events), wrong)


def pseudonyms(events: Sequence[Event]) -> Finding:
    """Nobody appears under the id of the house."""
    names = {name for event in events for name in (event.anchor, event.candidate)}
    return _finding("pseudonyms", len(names), sorted(name for name in names if name.startswith(_PEOPLE)))


def tokens(source: Source, part: Part) -> Finding:
    """A token with another end is refused."""
    given = next((each for each in reversed(part.tokens) if each), "")
    if not given:
        return _finding("tokens", 0, [])
    end = given.rstrip("=")[-2:]
    changed = given.replace(end, "AA" if end != "AA" else "BB")
    return _finding("tokens", 1, [] if source.refuses(changed) else [changed[:20]])


def stores(standing: set[Pair], kept: set[Pair]) -> list[Finding]:
    """The partner's own store against what stands."""
    return [
        _finding("erasure", len(kept), [" ".join(each) for each in sorted(kept - standing)]),
        _finding("complete", len(standing), [" ".join(each) for each in sorted(standing - kept)]),
    ]


def _begins_late(events: Sequence[Event]) -> bool:
    return bool(events) and events[0].previous_sequence != 0


def _finding(name: str, looked_at: int, wrong: Sequence[str]) -> Finding:
    return Finding(name, looked_at, len(wrong), list(islice(wrong, _SHOWN)))
