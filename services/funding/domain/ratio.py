"""Exact ratios: limits such as 20 % are compared by cross-multiplication of integers, never as floats."""

from decimal import ROUND_HALF_EVEN, Decimal
from typing import NamedTuple


class Ratio(NamedTuple):
    """num / den with den > 0, not reduced."""

    num: int
    den: int

    def is_at_most(self, limit: "Ratio") -> bool:
        """Whether this is no more than `limit`."""
        return self.num * limit.den <= limit.num * self.den

    def is_below(self, limit: "Ratio") -> bool:
        """Whether this is strictly less than `limit`."""
        return self.num * limit.den < limit.num * self.den

    def is_valid(self) -> bool:
        """Whether this is a ratio from 0 to 1."""
        return 0 <= self.num <= self.den and self.den > 0

    def percent(self) -> str:
        """As people read it, to two places at most, rounded half to even: `20%`, `33.33%`."""
        value = (Decimal(self.num * 100) / self.den).quantize(Decimal("0.01"), ROUND_HALF_EVEN)
        return f"{value:f}".rstrip("0").rstrip(".") + "%"


def percent(number: int) -> Ratio:
    """`number` hundredths."""
    return Ratio(number, 100)
