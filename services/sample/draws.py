"""Reproducible draws: every entity has a generator of its own, so that adding one changes no other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")

AS_OF = date(2026, 6, 30)


def generator(seed: int, kind: str, index: int) -> Random:
    """The generator of entity `index` of a kind. Not for secrets."""
    return Random(f"{seed}/{kind}/{index}")  # noqa: S311


def days_before(days: int, day: date = AS_OF) -> str:
    """The ISO date that lies `days` before `day`."""
    return (day - timedelta(days=days)).isoformat()


@dataclass(frozen=True)
class Weighted(Generic[T]):
    """A distribution over items."""

    items: Sequence[T]
    cumulative: Sequence[float]

    @classmethod
    def of(cls, weights: Mapping[T, float]) -> "Weighted[T]":
        """The distribution with these weights; items of weight 0 never come."""
        kept = {item: weight for item, weight in weights.items() if weight > 0}
        return cls(tuple(kept), tuple(accumulate(kept.values())))

    def draw(self, random: Random) -> T:
        """One item."""
        return random.choices(self.items, cum_weights=self.cumulative)[0]


def yuan(ten_thousands: float) -> str:
    """An amount given in 万元, as it is written in a cell; never negative zero."""
    return f"{round(ten_thousands)}万元"
