"""Stars that do not flap: a band is left only for good reason, and doubt is said."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit, ndtr

from services.talent.domain.shortage.counts.cube import Cells
from services.talent.domain.shortage.indices.estimate import Floats, or_zero

Stars = NDArray[np.int64]
_NONE = -1


class Belief(NamedTuple):
    """Log-odds of the index and their deviation over all cells in one quarter; NaN where there is no index."""

    log_odds: Floats
    sd: Floats

    def at(self, cells: Cells) -> "Belief":
        """Of these cells alone, in arrays of one dimension."""
        return Belief(*(each.reshape(-1)[cells] for each in self))


class Standing(NamedTuple):
    """Stars 0 to 5, how sure they are, and whether they are in doubt (观察).

    `sure`: probability of that star or more; without a star, of having none.
    """

    stars: Stars
    sure: Floats
    watch: NDArray[np.bool_]


def point_stars(log_odds: Floats, floors: Sequence[float]) -> Stars:
    """The star in whose band the estimate itself lies."""
    return np.searchsorted(logit(np.asarray(floors) / 100), log_odds, side="right").astype(np.int64)


def settle(past: Sequence[Belief], now: Belief, floors: Sequence[float], limit: float) -> Standing:
    """The standing after the quarters of `past`, oldest first, and the present one.

    A star rises to the highest one that is held with probability ≥ `limit`, or to the lower of the last two
    estimates' stars when both lie above; it falls likewise. A cell without an index starts anew. In doubt is a
    star that the estimate has left, and one either of whose edges is less than `limit` sure.
    """
    edges = logit(np.asarray(floors) / 100)
    held = np.full(np.shape(now.log_odds), _NONE, np.int64)
    before = held
    for belief in (*past, now):
        here = np.where(np.isnan(belief.log_odds), _NONE, point_stars(belief.log_odds, floors))
        held = _step(held, before, here, belief, edges, limit)
        before = here
    absent = before == _NONE
    held = np.where(absent, 0, held)
    reaching = _reaching(now, edges)
    low = np.take_along_axis(reaching, held[None], axis=0)[0]
    high = np.take_along_axis(reaching, held[None] + 1, axis=0)[0]
    sure = np.where(held > 0, low, 1 - high)
    watch = ~absent & ((held != before) | (low < limit) | (high > 1 - limit))
    return Standing(held, sure, watch)


def _step(held: Stars, before: Stars, here: Stars, belief: Belief, edges: Floats, limit: float) -> Stars:
    reaching = _reaching(belief, edges)
    surely = (reaching >= limit).sum(axis=0) - 1
    at_most = len(edges) - (reaching[1:-1] <= 1 - limit).sum(axis=0)
    rise = np.maximum(np.minimum(surely, here), np.minimum(before, here))
    fall = np.minimum(
        np.maximum(at_most, here), np.where(before == _NONE, len(edges), np.maximum(before, here))
    )
    moved = np.where(here > held, np.maximum(held, rise), np.where(here < held, np.minimum(held, fall), held))
    return np.where((held == _NONE) | (here == _NONE), here, moved)


def _reaching(belief: Belief, edges: Floats) -> Floats:
    """P(star s or more) for s = 0 to 6 along the first axis: 1 for no star, 0 beyond the last."""
    sd = np.where(belief.sd > 0, belief.sd, 1e-12)
    steps = edges.reshape(-1, *(1,) * np.ndim(belief.log_odds))
    inner = ndtr((or_zero(belief.log_odds) - steps) / sd)
    ones = np.ones((1, *np.shape(belief.log_odds)))
    return np.concatenate([ones, inner, 0 * ones])
