"""The Gamma–Poisson steady model: what is usual of a cell, in two numbers, without sampling.

A count y with rate λ ~ Gamma(a, b): after each quarter a ← δa + y, b ← δb + 1; h quarters ahead a and b are
discounted by δ^h. δ in (0, 1]: how long the past is believed.
"""

from dataclasses import dataclass

import numpy as np

from services.kernel.errors import InvalidArgument
from services.talent.domain.shortage.indices.estimate import Floats


def check_discount(delta: float, field: str = "discount") -> None:
    """Raise InvalidArgument unless 0 < δ ≤ 1 (NaN is outside)."""
    if not 0 < delta <= 1:
        raise InvalidArgument.field(
            field,
            "DISCOUNT_OUT_OF_RANGE",
            "折减系数 δ 须大于 0 且不超过 1",
            "the discount δ must be more than 0 and at most 1",
        )


@dataclass(frozen=True)
class Steady:
    """What is believed of the rate of every cell after the counts seen: Gamma(shape, rate), and the discount."""

    shape: Floats
    rate: Floats
    delta: float

    @classmethod
    def follow(cls, series: Floats, delta: float, start: tuple[float, float]) -> "Steady":
        """The belief after a series, oldest first along the first axis; a NaN only ages it."""
        check_discount(delta)
        length = len(series)
        seen = ~np.isnan(series)
        weights = (delta ** np.arange(length - 1, -1, -1.0)).reshape(-1, *(1,) * (series.ndim - 1))
        shape = start[0] * delta**length + np.sum(weights * np.where(seen, series, 0.0), axis=0)
        rate = start[1] * delta**length + np.sum(weights * seen, axis=0)
        return cls(np.asarray(shape), np.asarray(rate), delta)

    def update(self, counts: Floats) -> "Steady":
        """One quarter later, after its counts."""
        seen = ~np.isnan(counts)
        shape = self.delta * self.shape + np.where(seen, counts, 0.0)
        return Steady(shape, self.delta * self.rate + seen, self.delta)

    @property
    def level(self) -> Floats:
        """Expected count of one quarter; the same for every quarter ahead."""
        return np.asarray(self.shape / self.rate)

    def ahead(self, quarters: float) -> tuple[Floats, Floats]:
        """Shape and rate `quarters` ahead (fractions allowed): the mean stays, the doubt grows."""
        discount = self.delta**quarters
        return self.shape * discount, self.rate * discount
