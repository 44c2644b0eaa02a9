"""The best of many rows of scores at once, which come in blocks."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.matcher.score.block import Mask, Matrix
from services.matcher.score.sieve import Sieve

_MANY = 4
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Scored:
    """Scores of a block, [rows, places]: `near` ones, which lie within `margin` of the `exact` ones; the latter are
    asked for by row and place.
    """

    near: NDArray[np.floating]
    margin: float
    exact: Callable[[Places, Places], NDArray[np.float64]]

    @classmethod
    def exactly(cls, scores: Matrix) -> "Scored":
        """Scores that are known."""
        return cls(scores, 0.0, lambda rows, places: scores[rows, places])

    @classmethod
    def nearly(cls, sieve: Sieve) -> "Scored":
        """Scores of which those that may matter are worked out."""
        return cls(sieve.near(), sieve.margin, sieve.exact)


class Tops:
    """For each of some rows the k highest scores so far, and their places; of equal ones the earlier place counts.

    `scores` and `places` are [rows, k], best first; `scores` are minus infinity where there are fewer than k.
    """

    def __init__(self, rows: int, k: int) -> None:
        self._k = k
        self.scores = np.full((rows, k), -np.inf)
        self.places = np.zeros((rows, k), np.int64)

    def add(self, scored: Scored, first: int) -> None:
        """Scores of the places from `first` on, which are later than all before."""
        better = self._may_enter(scored)
        rows, places = np.divmod(np.flatnonzero(better), better.shape[1])
        if len(rows):
            self._merge(better, rows, scored.exact(rows, places), places + first)

    def _may_enter(self, scored: Scored) -> Mask:
        """Whoever may be better than the last; of very many only who may be among the k best of these."""
        near, margin = scored.near, scored.margin
        least = self.scores[:, -1:]
        if not margin:
            better = near > least
        else:
            better = near > np.maximum(least - margin, np.finfo(near.dtype).min).astype(near.dtype)
        if np.count_nonzero(better) > _MANY * self.scores.size and near.shape[1] > self._k:
            cut = near.shape[1] - self._k
            kth = np.partition(near, cut, axis=1)[:, cut : cut + 1]
            better &= near >= kth - near.dtype.type(2 * margin)
        return np.asarray(better, np.bool_)

    def _merge(self, better: Mask, rows: Places, scores: NDArray[np.float64], places: Places) -> None:
        counts = np.count_nonzero(better, axis=1)
        nth = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
        width = int(counts.max())
        new = np.full((len(counts), width), -np.inf)
        new[rows, nth] = scores
        at = np.zeros(new.shape, np.int64)
        at[rows, nth] = places
        together = np.concatenate([self.scores, new], axis=1)
        order = np.argsort(-together, axis=1, kind="stable")[:, : self._k]
        self.scores = np.take_along_axis(together, order, axis=1)
        self.places = np.take_along_axis(np.concatenate([self.places, at], axis=1), order, axis=1)

    @property
    def counts(self) -> Places:
        """How many each row has."""
        return np.asarray(np.count_nonzero(self.scores > -np.inf, axis=1), np.int64)

    def row(self, number: int) -> tuple[Places, NDArray[np.float64]]:
        """Places and scores of one row, best first; fewer than k where there are fewer."""
        scores = self.scores[number]
        found = int(np.count_nonzero(scores > -np.inf))
        return self.places[number, :found], scores[:found]
