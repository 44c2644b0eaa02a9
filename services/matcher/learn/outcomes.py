"""Outcomes to learn from, as arrays."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_DRAWN = 2**64


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

    def split(self, held: NDArray[np.bool_]) -> tuple["Outcomes", "Outcomes"]:
        """To fit on, and those `held` back to judge by; nothing is in both."""
        return self.take(np.flatnonzero(~held)), self.take(np.flatnonzero(held))

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


def held_back(names: Sequence[str], share: float) -> NDArray[np.bool_]:
    """Which of some outcomes judge what is learnt of the others: by their names alone, about such a share of them.

    So an outcome that judges never comes to be fitted on, however many there are by the next training, and weights that
    stand have not seen what they are judged by either.
    """
    drawn = [int.from_bytes(sha256(name.encode()).digest()[:8]) for name in names]
    return np.array([each < share * _DRAWN for each in drawn], np.bool_)


def log_odds(outcomes: Outcomes, weights: Weights) -> Floats:
    """The score of every row: the same sum that the search makes, wherever the pair stood."""
    score: Floats = weights.constant + outcomes.features @ np.asarray(weights.factors, np.float64)
    return score


def log_odds_seen(outcomes: Outcomes, weights: Weights) -> Floats:
    """The score of every row with what the place where it stood takes off."""
    seen: Floats = log_odds(outcomes, weights) + outcomes.attention @ np.array([weights.place, weights.page])
    return seen
