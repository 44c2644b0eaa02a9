"""The ten nearest vectors under a filter: the index that FindMatches asks, beside pgvector, milvus-lite and qdrant.

Every figure is the median over the same queries, asked in turn; recall is held against all products by NumPy. pgvector
counts with the faster of its plans that reaches a recall of 0.99 (all rows; HNSW at 100,000; IVFFlat at a million).
The others are asked at 100,000. They are no dependencies of the project: `pip install '.[bench]'`.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.util import find_spec
from statistics import median

import faiss
import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from bench.harness import Row, Run
from bench.matcher.peers import Milvus, Peer, Pgvector, Qdrant
from bench.matcher.points import FILTERS, Points, Wanted, points
from services.matcher.index.vectors import VectorIndex

NAMES = ("matcher.index.",)
SIZES = {"100k": 100_000, "1m": 1_000_000}
_QUERIES = 20
_K = 10
_ENOUGH = 0.99
_TEN_TIMES = ("all", "industry")
Ids = NDArray[np.int64]
Answer = Callable[[Points, int, Wanted], Ids]


def measure(run: Run) -> Iterator[Row]:
    """For every size, filter and peer a row; and the time in which the index is made."""
    faiss.omp_set_num_threads(1)
    with threadpool_limits(1):
        for name, full in SIZES.items():
            if run.wants(f"matcher.index.{name}."):
                yield from _rows(run, name, run.size(full))


def _rows(run: Run, name: str, count: int) -> Iterator[Row]:
    stored, asked = points(count, run.seed), points(_QUERIES, run.seed, 1)
    started = time.perf_counter()
    index = VectorIndex.of(stored.vectors)
    index.search(asked.vectors[0], _K)
    yield run.row(f"matcher.index.{name}.made", time.perf_counter() - started, "s", n=count)
    expected = {filter_: _oracle(stored, asked, filter_) for filter_ in FILTERS}

    def ours(queries: Points, query: int, wanted: Wanted) -> Ids:
        return index.search(queries.vectors[query], _K, wanted.mask(stored))[0]

    for open_peer in _peers(name):
        with open_peer(stored) as peer:
            for filter_ in FILTERS:
                yield _row(run, (name, filter_), (ours, peer), (stored, asked), expected[filter_])


def _peers(name: str) -> Sequence[Callable[[Points], Peer]]:
    packages: Mapping[str, Callable[[Points], Peer]] = {"pymilvus": Milvus, "qdrant_client": Qdrant}
    small = [peer for package, peer in packages.items() if find_spec(package)] if name == "100k" else []
    return [lambda stored: Pgvector(stored, "hnsw" if name == "100k" else "ivfflat"), *small]


def _row(
    run: Run,
    named: tuple[str, str],
    sides: tuple[Answer, Peer],
    data: tuple[Points, Points],
    expected: Sequence[Ids],
) -> Row:
    ours, peer = sides
    mine, times = _asked(ours, data, named[1], expected)
    plans = {plan: _asked(answer, data, named[1], expected) for plan, answer in peer.plans().items()}
    enough = {plan: found for plan, found in plans.items() if found[0] >= _ENOUGH} or plans
    best = min(enough, key=lambda plan: median(enough[plan][1]))
    ten_times = 10.0 if named[1] in _TEN_TIMES else 1.0
    return run.row(
        f"matcher.index.{named[0]}.{named[1]}.{peer.name}",
        median(times),
        "s",
        n=len(data[0].vectors),
        peer=f"{peer.name}, {best}",
        peer_value=median(plans[best][1]),
        bar=(50.0 if named[1] in _TEN_TIMES else 1.0) if peer.name != "pgvector" else ten_times,
        note=f"recall@10 {mine:.3f}; peer's {plans[best][0]:.3f}; slowest of ours {max(times) * 1e3:.2f} ms",
    )


def _asked(
    answer: Answer, data: tuple[Points, Points], filter_: str, expected: Sequence[Ids]
) -> tuple[float, list[float]]:
    """Recall, and the seconds of every query after one that is not counted."""
    _, asked = data
    wanted = [FILTERS[filter_](asked, query) for query in range(_QUERIES)]
    answer(asked, 0, wanted[0])
    hits, possible, times = 0, 0, []
    for query in range(_QUERIES):
        started = time.perf_counter()
        found = answer(asked, query, wanted[query])
        times.append(time.perf_counter() - started)
        hits += len(set(found.tolist()) & set(expected[query].tolist()))
        possible += len(expected[query])
    return hits / max(1, possible), times


def _oracle(stored: Points, asked: Points, filter_: str) -> list[Ids]:
    found = []
    for query in range(_QUERIES):
        products = stored.vectors @ asked.vectors[query]
        mask = FILTERS[filter_](asked, query).mask(stored)
        products = products if mask is None else np.where(mask, products, -np.inf)
        admitted = len(products) if mask is None else int(np.count_nonzero(mask))
        found.append(np.argsort(-products, kind="stable")[: min(_K, admitted)])
    return found
