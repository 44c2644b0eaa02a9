"""Intervals for shares and medians of few observations, two-sided, at 95 per cent.

Sources: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the American
Statistical Association 22 (1927), 209-212, for shares; H. A. David and H. N. Nagaraja, "Order Statistics", 3rd ed.
(2003), section 7.1, for medians, which asks nothing of the distribution.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from statistics import median

Z = 1.959963984540054
"""The 97.5 % point of the normal distribution."""
_TAIL = 0.025
FEWEST_FOR_MEDIAN = 6
"""With fewer, not even the whole range covers the median with 95 %: 2·(1/2)⁵ is over 5 %."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with the bounds of its interval: `low` ≤ `value` ≤ `high`."""

    value: float
    low: float
    high: float


def wilson(hits: int, of: int) -> Estimate:
    """A share with its score interval, all from 0 to 1. Raises ValueError unless 0 ≤ hits ≤ of and of > 0."""
    if not 0 <= hits <= of or of == 0:
        raise ValueError(f"{hits} of {of} is no share")
    share, square = hits / of, Z * Z
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = Z * sqrt(share * (1 - share) / of + square / (4 * of * of)) / (1 + square / of)
    return Estimate(share, min(share, max(0.0, middle - half)), max(share, min(1.0, middle + half)))


def median_of(values: Sequence[float]) -> Estimate:
    """The median with the narrowest pair of order statistics, alike from both ends, that covers it with 95 %.

    Raises ValueError for fewer values than `FEWEST_FOR_MEDIAN`.
    """
    count = len(values)
    if count < FEWEST_FOR_MEDIAN:
        raise ValueError(f"{count} values bound no median")
    # P(k of n fair coins) by its logarithm, each from the one before: of thousands it is below what a float holds.
    cut, chance = 0, -count * log(2)
    tail = exp(chance)
    while True:
        chance += log((count - cut) / (cut + 1))
        tail += exp(chance)
        if tail > _TAIL:
            break
        cut += 1
    ordered = sorted(values)
    return Estimate(median(ordered), ordered[cut], ordered[count - 1 - cut])
