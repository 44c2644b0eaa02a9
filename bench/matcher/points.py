"""Points about as hard as embeddings of sentences: industries, topics in them, and noise of low rank round those."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DIMENSIONS = 256
_INDUSTRIES, _TOPICS, _RANK = 14, 1_400, 64
_CITIES = 13
_STAGES = 10
_AT_ONCE = 100_000
Vectors = NDArray[np.float32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Points:
    """Unit vectors with an industry (14), a city (13, the first the largest) and a tenth each."""

    vectors: Vectors
    industry: NDArray[np.int8]
    city: NDArray[np.int8]
    part: NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter as equalities, and as a mask over points."""

    equal: Mapping[str, int]

    def mask(self, points: Points) -> Mask | None:
        """The rows admitted; None when all are."""
        masks = [getattr(points, name) == value for name, value in self.equal.items()]
        return np.logical_and.reduce(masks) if masks else None


Filter = Callable[[Points, int], Wanted]
"""What is asked beside a query: the number of the query, and what belongs to it."""

FILTERS: Mapping[str, Filter] = {
    "unfiltered": lambda _points, _query: Wanted({}),
    "industry": lambda points, query: Wanted({"industry": int(points.industry[query])}),
    "other_industry": lambda points, query: Wanted(
        {"industry": (int(points.industry[query]) + 5) % _INDUSTRIES}
    ),
    "city_industry": lambda points, query: Wanted({"city": 0, "industry": int(points.industry[query])}),
    "narrow": lambda points, query: Wanted(
        {"city": _CITIES - 1, "industry": int(points.industry[query]), "part": query % _STAGES}
    ),
}


def points(count: int, seed: int, draw: int = 0) -> Points:
    """That many points of the world that the seed gives; another draw gives others."""
    rng = np.random.default_rng(seed)
    industries = _unit(rng.normal(size=(_INDUSTRIES, DIMENSIONS)))
    belongs = rng.integers(0, _INDUSTRIES, _TOPICS)
    topics = _unit(0.8 * industries[belongs] + 0.6 * _unit(rng.normal(size=(_TOPICS, DIMENSIONS))))
    spread = rng.normal(size=(_RANK, DIMENSIONS)) / _RANK**0.5
    rng = np.random.default_rng([seed, draw])
    topic = rng.integers(0, _TOPICS, count)
    vectors = np.empty((count, DIMENSIONS), np.float32)
    for start in range(0, count, _AT_ONCE):
        part = topic[start : start + _AT_ONCE]
        noise = rng.normal(size=(len(part), _RANK)) @ spread
        vectors[start : start + _AT_ONCE] = _unit(topics[part] + 0.9 * _unit(noise))
    cities = rng.choice(_CITIES, count, p=_falling(_CITIES))
    parts = rng.integers(0, _STAGES, count)
    return Points(vectors, belongs[topic].astype(np.int8), cities.astype(np.int8), parts.astype(np.int8))


def _falling(count: int) -> NDArray[np.float64]:
    weights = 1.0 / np.arange(1, count + 1) ** 0.6
    return weights / weights.sum()


def _unit(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)
