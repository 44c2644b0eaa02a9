"""Everybody whom an anchor could be matched with, as scores alone: enough to say who stands where."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from services.matcher.domain.item import Item


class Field:
    """The scores of some items in their order, minus infinity where a gate is shut. Better is first, ties by id."""

    def __init__(self, items: Sequence[Item], scores: NDArray[np.float64]) -> None:
        self._items = items
        self._scores = scores

    def rank(self, row: int) -> int:
        """The place of an item that is admitted, from 1."""
        return self.place(float(self._scores[row]), row)

    def place(self, log_odds: float, row: int) -> int:
        """The place, from 1, that an item would have with this score."""
        own, id_ = self._scores[row], self._items[row].id
        above = int(np.count_nonzero(self._scores > log_odds)) - bool(own > log_odds)
        equal = np.flatnonzero(self._scores == log_odds).tolist()
        return above + sum(self._items[each].id < id_ for each in equal) + 1

    def score_at(self, rank: int) -> float:
        """The score on a place, from 1, that somebody has."""
        place = len(self._scores) - rank
        return float(np.partition(self._scores, place)[place])
