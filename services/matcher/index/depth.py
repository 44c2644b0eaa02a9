"""How many of the nearest by packed rows must be compared to have the ten nearest, measured on the rows themselves.

It depends on what the rows have in common: of 100,000 texts, by what encoders make of them, the ten nearest are among
some 200, of as many vectors in any direction among 8,000. How often they are missed is the recall that is promised, so
that it is measured wherever rows are packed, and no constant.
"""

import math
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from services.matcher.index.products import products

Matrix = NDArray[np.float32]
Rows = NDArray[np.int64]
Nearest = Callable[[Matrix, int], Rows]
"""About the so many nearest of a vector [1, width], in the order of what the packed rows say."""

WIDEST: Final = 16_384
"""So many are looked at most; where that is not enough, to compare all rows costs less."""
_LOOKS: Final = (1_600, WIDEST)
_ASKED: Final = 64
_NEAREST: Final = 11
"""Ten, and the row that is asked for itself."""
_SEEN: Final = 0.997
"""The share of the nearest that is to be among them: the promise is 0.99 for any rows, the sample is small."""
_MARGIN: Final = 1.25
_BLOCK: Final = 65_536
_ROUNDING: Final = 1e-5
"""The part of itself by which a product differs as it is added up in another order."""


def sample(vectors: Matrix) -> Matrix:
    """Rows [up to 64, width] that stand for what will be asked, from all over; blank ones are none."""
    some = vectors[:: max(1, len(vectors) // _ASKED)]
    return np.ascontiguousarray(some[some.any(axis=1)][:_ASKED])


def depth(vectors: Matrix, nearest: Nearest, asked: Matrix) -> int:
    """How many of what `nearest` finds among these rows hold the ten nearest of each of `asked`; 0 where more than
    `WIDEST` would have to be looked at.

    Of rows that are equally near any will do. Where nothing is asked, all rows being blank, 1.
    """
    if not len(asked):
        return 1
    count = min(_NEAREST, len(vectors))
    least = _least(vectors, asked, count)
    least -= _ROUNDING * np.abs(least)
    for look in _LOOKS:
        ranks = np.full((len(asked), count), look)
        for rank, vector, enough in zip(ranks, asked, least, strict=True):
            seen = np.flatnonzero(products(vectors, vector, nearest(vector[None, :], look)) >= enough)[:count]
            rank[: len(seen)] = seen
        needed = int(np.quantile(ranks, _SEEN, method="higher"))
        if needed < look:
            return math.ceil((needed + 1) * _MARGIN)
    return 0


def _least(vectors: Matrix, asked: Matrix, count: int) -> Matrix:
    """[len(asked)]: the least of the so many largest products of each with these rows."""
    kept = np.empty((len(asked), 0), np.float32)
    for start in range(0, len(vectors), _BLOCK):
        kept = np.hstack([kept, asked @ vectors[start : start + _BLOCK].T])
        kept = np.partition(kept, kept.shape[1] - count, axis=1)[:, -count:]
    return kept[:, 0]
