"""The ten nearest vectors under a filter: the index that FindMatches asks, beside pgvector, milvus-lite and qdrant.

Every figure is the median over the same queries, asked in turn after all that is held has been read once and as many
other queries, which are not counted, have been answered (or two seconds are over); recall is held against all products
by NumPy. pgvector counts with the faster of its plans that reaches a recall of 0.99 (all rows; HNSW at 100,000; IVFFlat
at a million). The others are asked at 100,000. They are no dependencies of the project: `pip install -e '.[bench]'`.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from statistics import median

import faiss
import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from bench.harness import Row, Run
from bench.matcher.peers import Answer, Milvus, Peer, Pgvector, Qdrant, Side
from bench.matcher.points import FILTERS, Points, Wanted, points
from services.matcher.index.vectors import VectorIndex

NAMES = tuple(f"matcher.query.{name}." for name in FILTERS)
SIZES = {"100k": 100_000, "1m": 1_000_000}
_PEERS = {"100k": ("pgvector", "milvus_lite", "qdrant_local"), "1m": ("pgvector",)}
_PACKAGES = {"milvus_lite": "pymilvus", "qdrant_local": "qdrant_client"}
_UNCOUNTED, _QUERIES = 20, 20
_UNCOUNTED_SECONDS = 2.0
"""No more are left uncounted after so long."""
_K = 10
_ENOUGH = 0.99
_TEN_TIMES = ("unfiltered", "industry")
Ids = NDArray[np.int64]


def measure(run: Run) -> Iterator[Row]:
    """For every filter, peer and size a row."""
    faiss.omp_set_num_threads(1)
    with threadpool_limits(1):
        for size, full in SIZES.items():
            asked = {peer: _wanted(run, peer, size) for peer in _PEERS[size] if _at_hand(peer)}
            if any(asked.values()):
                yield from _rows(run, size, run.size(full), asked)


def _wanted(run: Run, peer: str, size: str) -> list[str]:
    return [filter_ for filter_ in FILTERS if run.wants(f"matcher.query.{filter_}.{peer}.{size}")]


def _at_hand(peer: str) -> bool:
    return peer not in _PACKAGES or find_spec(_PACKAGES[peer]) is not None


def _rows(run: Run, size: str, count: int, wanted: Mapping[str, Sequence[str]]) -> Iterator[Row]:
    stored, asked = points(count, run.seed), points(_UNCOUNTED + _QUERIES, run.seed, 1)
    ours = _Ours(stored)
    for peer, filters in wanted.items():
        if filters:
            with _opened(peer, stored, size) as peer_:
                for filter_ in filters:
                    expected = _oracle(stored, asked, filter_)
                    yield _row(run, (filter_, size), (ours, peer_), (stored, asked), expected)


class _Ours:
    """The index of the matcher."""

    def __init__(self, stored: Points) -> None:
        self._stored = stored
        self._index = VectorIndex.of(stored.vectors, groups=lambda: stored.industry.astype(np.int64))
        self._index.pack()

    def plans(self) -> Mapping[str, Answer]:
        """The one plan."""
        return {"index": self._asked}

    def fetch(self) -> None:
        """All rows, by comparing one with them."""
        self._index.search(self._stored.vectors[0], _K, exact=True)

    def _asked(self, asked: Points, query: int, wanted: Wanted) -> Ids:
        return self._index.search(asked.vectors[query], _K, wanted.mask(self._stored))[0]


def _opened(peer: str, stored: Points, size: str) -> Peer:
    if peer == "pgvector":
        return Pgvector(stored, "hnsw" if size == "100k" else "ivfflat")
    return Milvus(stored) if peer == "milvus_lite" else Qdrant(stored)


def _row(
    run: Run,
    named: tuple[str, str],
    sides: tuple[Side, Peer],
    data: tuple[Points, Points],
    expected: Sequence[Ids],
) -> Row:
    ours, peer = sides
    [(mine, times)] = _measured(ours, data, named[0], expected).values()
    plans = _measured(peer, data, named[0], expected)
    enough = {plan: found for plan, found in plans.items() if found[0] >= _ENOUGH} or plans
    best = min(enough, key=lambda plan: median(enough[plan][1]))
    ten_times = 10.0 if named[0] in _TEN_TIMES else 1.0
    return run.row(
        f"matcher.query.{named[0]}.{peer.name}.{named[1]}",
        median(times),
        "s",
        n=len(data[0].vectors),
        peer=f"{peer.name}, {best}",
        peer_value=median(plans[best][1]),
        bar=(50.0 if named[0] in _TEN_TIMES else 1.0) if peer.name != "pgvector" else ten_times,
        note=f"recall@10 {mine:.3f}; peer's {plans[best][0]:.3f}; slowest of ours {max(times) * 1e3:.2f} ms",
    )


def _measured(
    side: Side, data: tuple[Points, Points], filter_: str, expected: Sequence[Ids]
) -> Mapping[str, tuple[float, list[float]]]:
    """By its plans, recall and seconds."""
    found = {}
    for plan, answer in side.plans().items():
        side.fetch()
        found[plan] = _asked(answer, data, filter_, expected)
    return found


def _asked(
    answer: Answer, data: tuple[Points, Points], filter_: str, expected: Sequence[Ids]
) -> tuple[float, list[float]]:
    """Recall, and the seconds of every query that is counted."""
    _, asked = data
    hits, possible, times = 0, 0, []
    began = time.perf_counter()
    for query in range(_UNCOUNTED + _QUERIES):
        wanted = FILTERS[filter_](asked, query)
        started = time.perf_counter()
        if query < _UNCOUNTED and started - began > _UNCOUNTED_SECONDS:
            continue
        found = answer(asked, query, wanted)
        if query >= _UNCOUNTED:
            times.append(time.perf_counter() - started)
            nearest = expected[query - _UNCOUNTED]
            hits += len(set(found.tolist()) & set(nearest.tolist()))
            possible += len(nearest)
    return hits / max(1, possible), times


def _oracle(stored: Points, asked: Points, filter_: str) -> list[Ids]:
    found = []
    for query in range(_UNCOUNTED, _UNCOUNTED + _QUERIES):
        products = stored.vectors @ asked.vectors[query]
        mask = FILTERS[filter_](asked, query).mask(stored)
        products = products if mask is None else np.where(mask, products, -np.inf)
        admitted = len(products) if mask is None else int(np.count_nonzero(mask))
        found.append(np.argsort(-products, kind="stable")[: min(_K, admitted)])
    return found
