"""What a fund holds, as far as its limits look at it."""

from collections import Counter
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from services.funding.domain.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class Position:
    """Money of the fund in one firm, in fen. `early`: whether the firm was early when the fund entered."""

    firm: str
    amount_fen: int
    early: Outcome
    city: str
    in_province: bool


@dataclass(frozen=True)
class Portfolio:
    """The positions that are approved, signed or paid, this deal left out. Sums are worked out once."""

    positions: tuple[Position, ...] = ()

    @cached_property
    def total_fen(self) -> int:
        """All money in positions."""
        return sum(p.amount_fen for p in self.positions)

    @cached_property
    def firms(self) -> frozenset[str]:
        """The firms held."""
        return frozenset(p.firm for p in self.positions)

    @cached_property
    def _by_firm(self) -> Counter[Any]:
        return self._summed(lambda p: p.firm)

    @cached_property
    def _by_early(self) -> Counter[Any]:
        return self._summed(lambda p: p.early)

    @cached_property
    def _by_place(self) -> Counter[Any]:
        return self._summed(lambda p: (p.city, p.in_province))

    def in_firm_fen(self, firm: str) -> int:
        """The money in one firm."""
        return self._by_firm[firm]

    def early_fen(self, *outcomes: Outcome) -> int:
        """The money in firms whose early gate came out as one of `outcomes`."""
        return sum(self._by_early[outcome] for outcome in outcomes)

    def in_province_fen(self) -> int:
        """The money in firms of the province."""
        return sum(fen for place, fen in self._by_place.items() if place[1])

    def in_city_fen(self, city: str) -> int:
        """The money in firms of one city."""
        return self._by_place[city, True] + self._by_place[city, False]

    def _summed(self, key: Callable[[Position], Hashable]) -> Counter[Any]:
        found: Counter[Any] = Counter()
        for each in self.positions:
            found[key(each)] += each.amount_fen
        return found
