"""The best of many rows of scores at once, which come in blocks."""

import numpy as np
from numpy.typing import NDArray

from services.matcher.score.block import Mask, Matrix

_MANY = 4


class Tops:
    """For each of some rows the k highest scores so far, and their places; of equal ones the earlier place counts."""

    def __init__(self, rows: int, k: int) -> None:
        self._k = k
        self._scores = np.full((rows, k), -np.inf)
        self._places = np.zeros((rows, k), np.int64)

    def add(self, scores: Matrix, first: int) -> None:
        """Scores of the places from `first` on, [rows, places], which are later than all before."""
        better = scores > self._scores[:, -1:]
        if np.count_nonzero(better) > _MANY * self._scores.size and scores.shape[1] > self._k:
            cut = scores.shape[1] - self._k
            better &= scores >= np.partition(scores, cut, axis=1)[:, cut : cut + 1]
        rows, places = np.nonzero(better)
        if len(rows):
            self._merge(better, rows, scores[rows, places], places + first)

    def _merge(
        self, better: Mask, rows: NDArray[np.int64], scores: NDArray[np.float64], places: NDArray[np.int64]
    ) -> None:
        counts = np.count_nonzero(better, axis=1)
        nth = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
        width = int(counts.max())
        new = np.full((len(counts), width), -np.inf)
        new[rows, nth] = scores
        at = np.zeros(new.shape, np.int64)
        at[rows, nth] = places
        together = np.concatenate([self._scores, new], axis=1)
        order = np.argsort(-together, axis=1, kind="stable")[:, : self._k]
        self._scores = np.take_along_axis(together, order, axis=1)
        self._places = np.take_along_axis(np.concatenate([self._places, at], axis=1), order, axis=1)

    def row(self, number: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Places and scores of one row, best first; fewer than k where there are fewer."""
        scores = self._scores[number]
        found = int(np.count_nonzero(scores > -np.inf))
        return self._places[number, :found], scores[:found]
