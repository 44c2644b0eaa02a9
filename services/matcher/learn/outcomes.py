"""Outcomes to learn from, as arrays."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """One row per pair that somebody looked at and decided on.

    `features` is [n, names] as the score reads them before it weighs them; `accepted` 1 or 0; `rank` the place in
    the list as it was shown and `page` its page, both from 1; `groups` values by attribute, for the report on fairness
    and never for the fit.
    """

    names: tuple[str, ...]
    features: Floats
    accepted: Floats
    rank: Floats
    page: Floats
    groups: dict[str, tuple[str, ...]]

    def __len__(self) -> int:
        return len(self.accepted)

    def take(self, rows: NDArray[np.int64]) -> "Outcomes":
        """Some of them, in the order given."""
        groups = {name: tuple(values[row] for row in rows.tolist()) for name, values in self.groups.items()}
        return Outcomes(
            self.names, self.features[rows], self.accepted[rows], self.rank[rows], self.page[rows], groups
        )

    def split(self, held_back: float, seed: int) -> tuple["Outcomes", "Outcomes"]:
        """To fit on and to judge by, drawn once from a seed; nothing is in both."""
        order = np.random.default_rng(seed).permutation(len(self))
        cut = round(len(self) * (1.0 - held_back))
        return self.take(np.sort(order[:cut])), self.take(np.sort(order[cut:]))

    @property
    def attention(self) -> Floats:
        """[n, 2]: by what attention falls along a list, log of the place and log of the page, nought in the first."""
        return np.column_stack([np.log(np.maximum(each, 1.0)) for each in (self.rank, self.page)])


@dataclass(frozen=True, slots=True)
class Weights:
    """`factors` in the order of the outcomes' names; `place` and `page` are what a unit of their logs takes off, never
    above 0.
    """

    constant: float
    factors: tuple[float, ...]
    place: float = 0.0
    page: float = 0.0


def log_odds(outcomes: Outcomes, weights: Weights) -> Floats:
    """The score of every row: the same sum that the search makes, wherever the pair stood."""
    score: Floats = weights.constant + outcomes.features @ np.asarray(weights.factors, np.float64)
    return score


def log_odds_seen(outcomes: Outcomes, weights: Weights) -> Floats:
    """The score of every row with what the place where it stood takes off."""
    seen: Floats = log_odds(outcomes, weights) + outcomes.attention @ np.array([weights.place, weights.page])
    return seen
