"""How much the weights matter: the star under weight sets around those in use, always the same ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import expit, gammaincinv

from services.talent.domain.shortage.indices.estimate import Floats
from services.talent.domain.shortage.indices.index import INDEX_BOUNDS
from services.talent.domain.shortage.indices.stars import point_stars

# Bases of the Halton sequence, one for each part of the index.
_PRIMES = (2, 3, 5, 7, 11)


@dataclass(frozen=True, slots=True)
class Robustness:
    """`same_star`: share of the weight sets with the same star; `low` and `high`: 5th and 95th percent of the index."""

    same_star: float
    low: float
    high: float


@lru_cache(maxsize=8)
def weight_sets(weights: tuple[float, ...], count: int, strength: float) -> Floats:
    """`count` weight sets, Dirichlet(strength · weights) taken at the points of a Halton sequence: no chance in it."""
    share = np.asarray(weights) / sum(weights)
    some = share > 0
    points = np.stack([_van_der_corput(count, base) for base in _PRIMES[: int(some.sum())]], axis=1)
    drawn = np.zeros((count, len(weights)))
    drawn[:, some] = gammaincinv(strength * share[some], points)
    return np.asarray(drawn / drawn.sum(axis=1, keepdims=True))


def _van_der_corput(count: int, base: int) -> Floats:
    """The numbers 1 to `count` with their digits mirrored behind the point: evenly spread over (0, 1)."""
    rest, weight, found = np.arange(1, count + 1), 1.0, np.zeros(count)
    while rest.any():
        weight /= base
        rest, digit = np.divmod(rest, base)
        found += digit * weight
    return found


def robustness(
    parts: Mapping[str, float],
    weights: Mapping[str, float],
    floors: tuple[float, ...],
    *,
    count: int,
    strength: float,
) -> Robustness | None:
    """Of one cell, from the log-odds of its parts before weighting (NaN: missing); None where no weighted part is."""
    names = [name for name in weights if not np.isnan(parts.get(name, np.nan)) and weights[name] > 0]
    if not names:
        return None
    used = tuple(weights[name] for name in names)
    means = np.asarray([parts[name] for name in names])
    index = np.clip(100 * expit(weight_sets(used, count, strength) @ means), *INDEX_BOUNDS)
    middle = float(np.asarray(used) / sum(used) @ means)
    star = point_stars(np.asarray(middle), floors)
    same = np.searchsorted(np.asarray(floors), index, side="right") == star
    low, high = np.percentile(index, [5, 95])
    return Robustness(float(same.mean()), float(low), float(high))
