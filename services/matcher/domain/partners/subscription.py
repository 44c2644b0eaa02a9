"""Which match events somebody is told of: by kind, anchor, direction and city."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from services.catalogue.succession import Shares
from services.matcher.domain.item import ItemKind
from services.matcher.domain.kinds import KINDS, STANDING

ERASED: Final = "ERASED"
"""The type of an event that is of no list: somebody was erased, and whoever was told of them is told so."""


class Told(Protocol):
    """What of an event decides whether it is told."""

    @property
    def type(self) -> str:
        """What happened."""
        ...

    @property
    def kind(self) -> str:
        """Kind of the pair."""
        ...

    @property
    def anchor_id(self) -> str:
        """Whose list it is."""
        ...

    @property
    def candidate_id(self) -> str:
        """Who came onto it, moved on it or left it."""
        ...

    @property
    def directions(self) -> tuple[str, ...]:
        """Directions of the anchor; of a fund those of its mandate's industries, none where it names no industry."""
        ...

    @property
    def city(self) -> str:
        """City of the anchor."""
        ...


_OF_PEOPLE = frozenset(
    kind.key for kind in KINDS.values() if ItemKind.PERSON in (kind.anchor, kind.candidate)
)
_COLLECTIONS = {kind.collection: kind for kind in ItemKind}


def _every_fund(_city: str, _fund: str) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Subscription:
    """`kinds` are those told of; other restrictions restrict nothing where they are empty. `sees_fund`: whether lists
    of a fund, by its city and id, may be told of. `former`: what stands today for directions of earlier catalogues.
    `closed`: firms that nothing is told of, by id.
    """

    kinds: frozenset[str]
    anchor: tuple[ItemKind, str] | None = None
    directions: frozenset[str] = frozenset()
    cities: frozenset[str] = frozenset()
    sees_fund: Callable[[str, str], bool] = _every_fund
    former: Mapping[str, Shares] = field(default_factory=dict)
    closed: frozenset[str] = frozenset()

    def wants(self, event: Told) -> bool:
        """Whether an event belongs to the subscription; an erasure does wherever people may have been told of."""
        if event.type == ERASED:
            return not self.kinds.isdisjoint(_OF_PEOPLE)
        if event.kind not in self.kinds:
            return False
        sort = KINDS[event.kind].anchor
        if self.closed and self._is_closed(event):
            return False
        if sort is ItemKind.FUND and not self.sees_fund(event.city, event.anchor_id):
            return False
        if self.anchor and (sort, event.anchor_id) != self.anchor:
            return False
        if self.directions and not self._is_in(event.directions, every=sort is ItemKind.FUND):
            return False
        return not self.cities or event.city in self.cities

    def _is_closed(self, event: Told) -> bool:
        """Whether a firm that nothing is told of stands on either side."""
        kind = KINDS[event.kind]
        sides = ((kind.anchor, event.anchor_id), (kind.candidate, event.candidate_id))
        return any(sort is ItemKind.FIRM and id_ in self.closed for sort, id_ in sides)

    def _is_in(self, directions: tuple[str, ...], *, every: bool) -> bool:
        """Whether an anchor is in one of the directions; `every`: who names none is in all, as a mandate is."""
        if not directions:
            return every
        return not self.directions.isdisjoint(_today(directions, self.former))


def partners_subscription(
    kinds: Sequence[str],
    anchor: str,
    directions: Sequence[str],
    cities: Sequence[str],
    former: Mapping[str, Shares],
) -> Subscription:
    """What a partner stated, which has been checked: no kinds mean all that keep lists; `anchor` is a resource name.

    It goes on standing under the directions that have taken the place of those it named.
    """
    collection, _, id_ = anchor.partition("/")
    return Subscription(
        frozenset(kinds or (kind.key for kind in STANDING)),
        (_COLLECTIONS[collection], id_) if anchor else None,
        frozenset(_today(directions, former)),
        frozenset(cities),
        former=former,
    )


def _today(codes: Iterable[str], former: Mapping[str, Shares]) -> Iterator[str]:
    """Directions, and those that stand for them today."""
    for code in codes:
        yield code
        yield from (place for place, _ in former.get(code, ()))
