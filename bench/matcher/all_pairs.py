"""Every firm with the people of its industry, the best fifty in every city: what a run by industry and city works out.

The figures are for 10,000 firms and a million people, extrapolated from a sample that the note states: the candidates
of every industry are gathered as a run does it, and as many firms of it are answered as a run answers at once. Ours is
the whole score of person-firm (texts, directions, city, availability, consent). Beside it scikit-learn's cosine
similarity of the dense vectors alone with a pandas top-k for each city, firm by firm: of the people of the industry,
and of everybody. pandas is no dependency of the project: `pip install -e '.[bench]'`.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray
from sklearn.metrics.pairwise import cosine_similarity
from threadpoolctl import threadpool_limits

from bench.harness import Row, Run
from bench.matcher.people import World
from services.kernel.side_by_side import at_once
from services.matcher.corpus.all_pairs import Gathered
from services.matcher.corpus.sides import Side
from services.matcher.corpus.space import MatchSpace
from services.matcher.domain.item import ItemKind
from services.matcher.domain.kinds import KINDS
from services.matcher.encode.lexical import LexicalEncoder
from services.matcher.service.runs.run_answers import TOGETHER

NAMES = ("matcher.all_pairs.",)
_PEOPLE, _FIRMS, _K = 1_000_000, 10_000, 50
_PEERS = 4
_KIND = KINDS["person-firm"]
_BARS = {"blocked": 20.0, "unblocked": 300.0}
Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class _Sample:
    """One industry: rows of its people and of its firms."""

    people: NDArray[np.int64]
    firms: NDArray[np.int64]


def measure(run: Run) -> Iterator[Row]:
    """With the same blocking, and without."""
    faiss.omp_set_num_threads(1)
    with threadpool_limits(1):
        world = World(run.seed)
        people, firms = world.people(run.size(_PEOPLE)), world.firms(run.size(_FIRMS))
        encoder = LexicalEncoder.fitted([item.text for item in (*world.directions, *people[:4_000])])
        space = MatchSpace(world.codes, encoder, [*world.directions, *people, *firms])
        samples = _samples(space)
        ours = sum(_ours(space, each) for each in samples)
        for name, bar in _BARS.items():
            if run.wants(f"matcher.all_pairs.{name}"):
                peer = _peer(space, samples, blocked=name == "blocked") if find_spec("pandas") else None
                yield run.row(
                    f"matcher.all_pairs.{name}",
                    ours,
                    "s",
                    n=len(people),
                    peer="scikit-learn cosine similarity, pandas top-k by city",
                    peer_value=peer,
                    bar=bar,
                    note=f"{len(firms):,} firms, extrapolated from {len(samples)} industries: up to {TOGETHER} firms "
                    f"of each for ours, {_PEERS} for the peer; all cores on both sides; ours exact, the whole score",
                )


def _samples(space: MatchSpace) -> list[_Sample]:
    """Every industry that has firms."""
    people, firms = (
        space.population(kind).columns.integers("industries") for kind in (ItemKind.PERSON, ItemKind.FIRM)
    )
    return [
        _Sample(np.flatnonzero(people & bits), np.flatnonzero(firms == bits))
        for bits in np.unique(firms).tolist()
    ]


def _ours(space: MatchSpace, sample: _Sample) -> float:
    """Seconds for all firms of an industry, with what gathering costs."""
    started = time.perf_counter()
    gathered = Gathered(space, _KIND, sample.people, by_city=True)
    once = time.perf_counter() - started
    side = Side.stored(space.population(ItemKind.FIRM), sample.firms[:TOGETHER])
    started = time.perf_counter()
    found = list(gathered.best(_KIND, side, _K))
    return once + (time.perf_counter() - started) * len(sample.firms) / len(found)


def _peer(space: MatchSpace, samples: Sequence[_Sample], *, blocked: bool) -> float:
    """Seconds for all firms."""
    with threadpool_limits(at_once()):
        return sum(_peer_of(space, each, blocked=blocked) * len(each.firms) for each in samples)


def _peer_of(space: MatchSpace, sample: _Sample, *, blocked: bool) -> float:
    """Seconds for a firm of an industry."""
    people, firms = (space.population(kind) for kind in (ItemKind.PERSON, ItemKind.FIRM))
    within = np.isin(np.arange(people.size), sample.people)
    vectors, cities = people.vectors.vectors(), people.columns.integers("city")
    if blocked:
        vectors, cities, within = vectors[within], cities[within], within[within]
    chosen = sample.firms[:_PEERS]
    started = time.perf_counter()
    for firm in firms.vectors.vectors()[chosen]:
        _by_pandas(firm[None, :], vectors, cities, within)
    return (time.perf_counter() - started) / len(chosen)


def _by_pandas(firm: Vectors, people: Vectors, cities: NDArray[np.int64], within: NDArray[np.bool_]) -> Any:
    import pandas as pd

    table = pd.DataFrame({"city": cities, "score": cosine_similarity(firm, people)[0]})
    return table[within].groupby("city")["score"].nlargest(_K)
