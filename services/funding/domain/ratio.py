"""Exact ratios: limits such as 20 % are compared by cross-multiplication of integers, never as floats."""

import re
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import NamedTuple

_RATIO = re.compile(r"(?P<percent>[0-9]{1,4}(\.[0-9]{1,2})?)%|(?P<num>[0-9]{1,6})/(?P<den>[0-9]{1,6})")
_MOST_PARTS = 10_000


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


def parse_ratio(text: str) -> Ratio:
    """`20%`, `33.33%` or `1/5`, exactly. Raises ValueError for anything else, and for over 10,000 parts."""
    found = _RATIO.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    if found["percent"] is not None:
        whole, _, rest = found["percent"].partition(".")
        scale = 10 ** len(rest)
        exact = Fraction(int(whole + rest), 100 * scale)
    elif int(found["den"]) == 0:
        raise ValueError(text)
    else:
        exact = Fraction(int(found["num"]), int(found["den"]))
    if exact.denominator > _MOST_PARTS:
        raise ValueError(text)
    return Ratio(exact.numerator, exact.denominator)
