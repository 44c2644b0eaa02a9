"""The orders of a search: read, and the keys that put its candidates in them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from services.chassis.filtering import parse_order
from services.matcher.corpus.finding import Match
from services.matcher.domain.item import Item, ItemKind
from services.matcher.domain.kinds import PairKind
from services.matcher.domain.ordering import (
    CHANGED,
    CONTRIBUTION,
    PLACES,
    POLICY,
    PROBABILITY,
    SCORE,
    SHORTAGE,
    STARS,
    VALUES,
    Facts,
    Term,
    key,
)
from services.matcher.domain.priority import PolicyPriority, Urgency
from services.matcher.domain.ranking import Key
from services.matcher.rpc.priorities import Priorities
from services.matcher.store import items

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
Parts = Callable[[Sequence[Item]], Sequence[Mapping[str, float]]]
"""The contributions of candidates, by name."""


@dataclass(frozen=True, slots=True)
class Order:
    """Terms of an order; empty for the one by score."""

    terms: tuple[Term, ...]

    @classmethod
    def of(cls, text: str, kind: PairKind) -> "Order":
        """Raises InvalidArgument (INVALID_ORDER_BY)."""
        parts = (f"{CONTRIBUTION}{use.name}" for use in kind.features)
        read = parse_order(text, (*PLACES, *VALUES, *parts))
        terms = tuple(Term(each.field, each.descending) for each in read)
        by_score = terms in ((Term(SCORE),), (Term(PROBABILITY, descending=True),))
        return cls(() if by_score else terms)

    def names(self, *fields: str) -> bool:
        """Whether it goes by one of these."""
        return any(term.field in fields for term in self.terms)

    def keyed(
        self, sort: ItemKind, matches: Sequence[Match], priorities: Priorities, parts: Parts
    ) -> list[tuple[Key, Match]]:
        """The matches with their keys, in order."""
        some = [each.item for each in matches]
        urgencies: Sequence[Urgency | None] = [None] * len(some)
        if self.names(SHORTAGE, POLICY, STARS):
            urgencies = [
                None if said is None else Urgency(said.stars, PolicyPriority(said.tier_code, said.city_named))
                for said in priorities.of(some)
            ]
        changed = self._changed(sort, some, priorities) if self.names(CHANGED) else {}
        by_part = any(term.field.startswith(CONTRIBUTION) for term in self.terms)
        told = parts(some) if by_part else [{}] * len(some)
        tiers = [tier.id for tier in priorities.catalogue.tiers]
        return sorted(
            (
                (
                    key(self.terms, item.id, Facts(match.log_odds, urgency, changed.get(item.id), of), tiers),
                    match,
                )
                for match, item, urgency, of in zip(matches, some, urgencies, told, strict=True)
            ),
            key=lambda each: each[0],
        )

    def _changed(self, sort: ItemKind, some: Sequence[Item], priorities: Priorities) -> dict[str, int]:
        with priorities.house.database.read() as session:
            labels = items.labels(session, sort, [each.id for each in some])
        return {id_: (label.changed_at - _EPOCH) // _MICROSECOND for id_, label in labels.items()}
