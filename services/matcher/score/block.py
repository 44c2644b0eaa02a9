"""What is known of many pairs at once: the rows of both sides and how similar their texts are."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from services.matcher.domain.codes import Codes
from services.matcher.domain.columns import WHOLE, Columns
from services.matcher.domain.item import Item
from services.matcher.domain.placement import HUNDREDTHS
from services.matcher.encode.encoder import Mix

Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Block:
    """All pairs of some anchors with some candidates; `similarity` is [anchors, candidates].

    `inside`: which candidates are in the teams that the anchors are, likewise; None where nobody is.
    """

    anchors: Columns
    candidates: Columns
    similarity: Matrix
    codes: Codes
    inside: Mask | None = None

    @cached_property
    def degree(self) -> Matrix:
        """How far the candidates' texts belong to the anchors' declared leaves, -1 to 1: share x degree, summed.

        Exact: the factors are small integers.
        """
        shares = self.anchors["shares"]
        leaves = np.flatnonzero(shares.any(axis=0))
        placed = self.candidates.of_leaves("placed", leaves).astype(np.float32)
        degree = shares[:, leaves].astype(np.float32) @ placed.T
        return degree.astype(np.float64) / (WHOLE * HUNDREDTHS)

    @cached_property
    def within(self) -> Matrix:
        """How much of what the candidates declare lies in the industries of the anchors' mandates, 0 to 1. Exact."""
        scopes = self.anchors.integers("scope_industries")[:, None]
        covered = (scopes >> self.codes.leaf_industries.astype(np.int64)) & 1
        shares = self.candidates["shares"].astype(np.float32)
        return (covered.astype(np.float32) @ shares.T).astype(np.float64) / WHOLE

    @cached_property
    def within_degree(self) -> Matrix:
        """How far the candidates' texts belong to a leaf of the mandates' industries at best; below zero, how far to
        other industries only. -1 to 1.
        """
        scopes, of_anchor = np.unique(self.anchors.integers("scope_industries"), return_inverse=True)
        placed, industries = self.candidates["placed"], self.codes.leaf_industries.astype(np.int64)
        furthest = np.empty((len(scopes), self.candidates.size))
        for row, scope in enumerate(scopes.tolist()):
            leaves = np.flatnonzero((scope >> industries) & 1)
            furthest[row] = placed[:, leaves].max(axis=1, initial=-HUNDREDTHS)
        return furthest[of_anchor] / HUNDREDTHS

    @property
    def lacks(self) -> NDArray[np.int32]:
        """[anchors, leaves]: thousandths of heads that teams lack, which are seen by that."""
        if not self.anchors.size:
            return np.zeros((0, len(self.codes.leaves)), np.int32)
        return self.anchors["lacks"].astype(np.int32, copy=False)

    @cached_property
    def gap_degree(self) -> Matrix:
        """How far the candidates' texts belong to a direction that the teams lack at best; below zero, how far to other
        industries only. -1 to 1.
        """
        sorts, of_anchor = np.unique(self.lacks > 0, axis=0, return_inverse=True)
        furthest = np.empty((len(sorts), self.candidates.size))
        for row, lacking in enumerate(sorts):
            placed = self.candidates.of_leaves("placed", np.flatnonzero(lacking))
            furthest[row] = placed.max(axis=1, initial=-HUNDREDTHS)
        return furthest[of_anchor] / HUNDREDTHS

    @property
    def known(self) -> Matrix | None:
        """How much of both texts can be compared, 0 to 1, of one row and one column or more; None where it is all."""
        ours, theirs = self.anchors.known, self.candidates.known
        if ours is None and theirs is None:
            return None
        one, other = (np.ones(1) if known is None else known for known in (ours, theirs))
        return one[:, None] * other[None, :]

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
