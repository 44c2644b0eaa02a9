"""Outcomes to learn from, as arrays."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """One row per pair that somebody looked at and decided on.

    `features` is [n, names] as the score reads them before it weighs them; `accepted` 1 or 0; `rank` the place in
    the list from 1; `groups` values by attribute, for the report on fairness and never for the fit.
    """

    names: tuple[str, ...]
    features: Floats
    accepted: Floats
    rank: Floats
    groups: dict[str, tuple[str, ...]]

    def __len__(self) -> int:
        return len(self.accepted)

    def take(self, rows: NDArray[np.int64]) -> "Outcomes":
        """Some of them, in the order given."""
        groups = {name: tuple(values[row] for row in rows.tolist()) for name, values in self.groups.items()}
        return Outcomes(self.names, self.features[rows], self.accepted[rows], self.rank[rows], groups)

    def split(self, held_back: float, seed: int) -> tuple["Outcomes", "Outcomes"]:
        """To fit on and to judge by, drawn once from a seed; nothing is in both."""
        order = np.random.default_rng(seed).permutation(len(self))
        cut = round(len(self) * (1.0 - held_back))
        return self.take(np.sort(order[:cut])), self.take(np.sort(order[cut:]))


def log_odds(outcomes: Outcomes, constant: float, factors: Sequence[float]) -> Floats:
    """The score of every row under some weights: the same sum that the search makes."""
    return constant + outcomes.features @ np.asarray(factors, np.float64)
