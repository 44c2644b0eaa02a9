"""What people decided about pairs of records: kept, taken back, never overwritten."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.kernel.errors import InvalidArgument


class Verdict(StrEnum):
    """Whether two records are of one person."""

    POSITIVE = "POSITIVE"
    NEGATIVE = "NEGATIVE"
    UNSURE = "UNSURE"


@dataclass(eq=False)
class Judgement:
    """One decision about a pair; `left` sorts before `right`. It counts until `deleted_at`.

    `millibits`: what the comparison said at the time, in thousandths of a bit. `automatic`: whether the rule
    for strong pairs decided, on behalf of `author`.
    """

    id: str
    left: str
    right: str
    verdict: Verdict
    millibits: int
    reason: str
    automatic: bool
    author: str
    created_at: datetime
    deleted_at: datetime | None = None
    deleted_by: str = ""

    @property
    def live(self) -> bool:
        """Whether it counts."""
        return self.deleted_at is None

    def take_back(self, author: str, now: datetime) -> None:
        """It counts no longer; doing so twice changes nothing."""
        if self.live:
            self.deleted_at, self.deleted_by = now, author


def pair_of(one: str, other: str) -> tuple[str, str]:
    """Two record ids in their order. Raises InvalidArgument (SAME_RECORD) for one id twice."""
    if one == other:
        raise InvalidArgument.field(
            "right",
            "SAME_RECORD",
            "两个编号相同，请给出两条不同的记录",
            "both ids are the same; name two different records",
        )
    return (one, other) if one < other else (other, one)


def clusters(judgements: Iterable[Judgement]) -> dict[str, frozenset[str]]:
    """The records of each person by any of its ids: what live positive judgements connect.

    A record without one is not listed. A pure function of the judgements, whatever their order.
    """
    found: dict[str, set[str]] = {}
    for each in judgements:
        if not (each.live and each.verdict is Verdict.POSITIVE):
            continue
        left, right = found.get(each.left, {each.left}), found.get(each.right, {each.right})
        joined = left | right
        for id_ in joined:
            found[id_] = joined
    return {id_: frozenset(members) for id_, members in found.items()}


def joined_since(judgements: Iterable[Judgement]) -> dict[tuple[str, str], datetime]:
    """Since when two records are of one person without a break, by pairs in either order.

    The moment at which live positive judgements, taken in the order of their making, first connect the two.
    """
    since: dict[tuple[str, str], datetime] = {}
    found: dict[str, set[str]] = {}
    positive = (each for each in judgements if each.live and each.verdict is Verdict.POSITIVE)
    for each in sorted(positive, key=lambda each: (each.created_at, each.id)):
        left, right = found.get(each.left, {each.left}), found.get(each.right, {each.right})
        if left is right:
            continue
        pairs = [(one, other) for one in left for other in right]
        since.update({pair: each.created_at for one, other in pairs for pair in ((one, other), (other, one))})
        joined = left | right
        found.update(dict.fromkeys(joined, joined))
    return since


def canonical(members: Iterable[str]) -> str:
    """The id under which a cluster is known: the oldest record's. Ids sort by the time they were given out."""
    return min(members)
