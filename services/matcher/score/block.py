"""What is known of many pairs at once: the rows of both sides and how similar their texts are."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from services.matcher.domain.columns import WHOLE, Columns
from services.matcher.domain.item import Item
from services.matcher.domain.placement import HUNDREDTHS
from services.matcher.encode.encoder import Mix

Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Block:
    """All pairs of some anchors with some candidates; `similarity` is [anchors, candidates]."""

    anchors: Columns
    candidates: Columns
    similarity: Matrix
    nearness: NDArray[np.float32]

    @cached_property
    def degree(self) -> Matrix:
        """How far the candidates' texts belong to the anchors' declared leaves, -1 to 1: share x degree, summed.

        Exact: the factors are small integers.
        """
        shares = self.anchors["shares"]
        leaves = np.flatnonzero(shares.any(axis=0))
        placed = self.candidates["placed"][:, leaves].astype(np.float32)
        degree = shares[:, leaves].astype(np.float32) @ placed.T
        return degree.astype(np.float64) / (WHOLE * HUNDREDTHS)

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of anchors and candidates."""
        return self.anchors.size, self.candidates.size

    def sides(self, name: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """One column of both sides, shaped to be compared: [anchors, 1] and [1, candidates]."""
        return self.anchors.integers(name)[:, None], self.candidates.integers(name)[None, :]


@dataclass(frozen=True, slots=True)
class Pair:
    """The two items of one pair, for reasons in words."""

    anchor: Item
    candidate: Item


def mixed(mix: Mix, sparse: NDArray[np.float32], dense: NDArray[np.float32]) -> Matrix:
    """The similarity of texts from its two parts."""
    result: Matrix = np.multiply(sparse, mix.sparse, dtype=np.float64)
    result += np.multiply(dense, mix.dense, dtype=np.float64)
    return result
