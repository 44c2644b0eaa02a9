"""Changes of standing lists: what is told to the world, and how to follow it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

RESCORE_THRESHOLD = 0.1


class Place(NamedTuple):
    """One place of a list: the exact score, and the score last announced."""

    id: str
    log_odds: float
    announced: float


class DeltaType(StrEnum):
    """What happened to a pair."""

    CREATED = "created"
    RESCORED = "rescored"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Delta:
    """One change of one list. `rank` counts from 1 and is the place at that moment (0 for withdrawn).

    `log_odds` is the new score; for a withdrawn pair the one last announced.
    """

    type: DeltaType
    kind: str
    anchor: str
    candidate: str
    log_odds: float
    rank: int


ListKey = tuple[str, str]
Places = tuple[Place, ...]


def compare(key: ListKey, before: Places, after: Iterable[tuple[str, float]], threshold: float) -> "Changed":
    """The new places of a list and the deltas that lead there.

    A score is announced anew only when it has moved by more than `threshold` since it was last announced, so
    that a score which swings around a bound does not flood the stream.
    """
    kind, anchor = key
    old = {place.id: place for place in before}
    places: list[Place] = []
    deltas: list[Delta] = []
    for rank, (id_, log_odds) in enumerate(after, start=1):
        known = old.pop(id_, None)
        announce = known is None or abs(log_odds - known.announced) > threshold
        places.append(Place(id_, log_odds, log_odds if known is None or announce else known.announced))
        if announce:
            type_ = DeltaType.CREATED if known is None else DeltaType.RESCORED
            deltas.append(Delta(type_, kind, anchor, id_, log_odds, rank))
    gone = [Delta(DeltaType.WITHDRAWN, kind, anchor, id_, place.announced, 0) for id_, place in old.items()]
    return Changed(tuple(places), [*gone, *deltas])


class Changed(NamedTuple):
    """A list after a change, and what to tell."""

    places: Places
    deltas: list[Delta]


def fold(deltas: Iterable[Delta]) -> dict[ListKey, dict[str, float]]:
    """What somebody knows who has followed every delta: the announced score of every pair, by list."""
    lists: dict[ListKey, dict[str, float]] = {}
    for delta in deltas:
        known = lists.setdefault((delta.kind, delta.anchor), {})
        if delta.type is DeltaType.WITHDRAWN:
            del known[delta.candidate]
        else:
            known[delta.candidate] = delta.log_odds
    return {key: known for key, known in lists.items() if known}
