"""Many anchors with the same candidates: these are taken out of the space once, and scored in blocks.

What comes out is what a search for each anchor finds, bit for bit; only what a search does again for each anchor is
done once. With `by_city` every city of the candidates has a list of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.matcher.corpus.pairs import Side
from services.matcher.corpus.population import Rows
from services.matcher.corpus.space import MatchSpace
from services.matcher.domain.codes import Codes
from services.matcher.domain.kinds import PairKind
from services.matcher.index.postings import Postings
from services.matcher.score.block import Block, Matrix, mixed
from services.matcher.score.scoring import reads_texts, score_block

MOST_PAIRS = 1 << 20
"""Pairs that are scored at once: what stands in memory for them are tens of megabytes."""


class Listed(NamedTuple):
    """One list, best first. `city`: whose it is, a catalogue code; empty for a list of all, or of an unknown city."""

    city: str
    ids: list[str]
    log_odds: list[float]


class Gathered:
    """Candidates of a kind as they were when they were gathered; what changes afterwards is not seen."""

    def __init__(self, space: MatchSpace, kind: PairKind, rows: Rows, *, by_city: bool) -> None:
        population, codes = space.population(kind.candidate), space.codes
        ids = [population.items[row].id for row in rows]
        cities = population.columns.integers("city")[rows] if by_city else np.zeros(len(rows), np.int64)
        order = sorted(range(len(rows)), key=lambda at: (int(cities[at]), ids[at]))
        chosen = rows[order]
        self._ids = np.array([ids[at] for at in order], object)
        self._columns = population.columns.take(chosen)
        self._dense = population.vectors.vectors()[chosen]
        self._sparse = Postings(population.sparse.matrix(chosen)) if reads_texts(kind) else None
        self._mix, self._nearness = space.encoder.mix, codes.nearness
        self._lists = _lists(cities[order], codes) if by_city else [_Lies("", 0, len(ids))]
        self._place = {id_: at for at, id_ in enumerate(self._ids)} if kind.anchor is kind.candidate else {}

    @property
    def size(self) -> int:
        """How many they are."""
        return len(self._ids)

    def best(self, kind: PairKind, anchors: Side, k: int) -> Iterator[list[Listed]]:
        """For each anchor every list of the k best that are admitted; ties by id."""
        if not self.size:
            yield from ([] for _ in anchors.ids)
            return
        step = max(1, MOST_PAIRS // self.size)
        for start in range(0, len(anchors.ids), step):
            part = anchors.part(start, start + step)
            scores = score_block(kind, self._block(part)).ranked()
            for id_, line in zip(part.ids, scores, strict=True):
                if id_ in self._place:
                    line[self._place[id_]] = -np.inf
                yield [self._top(lies, line, k) for lies in self._lists]

    def _block(self, anchors: Side) -> Block:
        return Block(anchors.columns, self._columns, self._similarity(anchors), self._nearness)

    def _similarity(self, anchors: Side) -> Matrix:
        if self._sparse is None:
            return np.broadcast_to(np.zeros(1), (len(anchors.ids), self.size))
        sparse = self._sparse.products(anchors.encoded.sparse)
        return mixed(self._mix, sparse, anchors.encoded.dense @ self._dense.T)

    def _top(self, lies: "_Lies", line: NDArray[np.float64], k: int) -> Listed:
        scores = line[lies.start : lies.end]
        least = np.partition(scores, len(scores) - k)[len(scores) - k] if len(scores) > k else -np.inf
        kept = np.flatnonzero((scores >= least) & (scores > -np.inf))
        # Rows are in the order of ids: a stable sort leaves ties so.
        best = kept[np.argsort(-scores[kept], kind="stable")[:k]]
        return Listed(lies.city, self._ids[lies.start + best].tolist(), scores[best].tolist())


@dataclass(frozen=True, slots=True)
class _Lies:
    """Where the candidates of a list stand."""

    city: str
    start: int
    end: int


def _lists(cities: NDArray[np.int64], codes: Codes) -> list[_Lies]:
    """A list for each city of rows that are in the order of their cities."""
    numbers, starts = np.unique(cities, return_index=True)
    ends = [*starts[1:].tolist(), len(cities)][: len(numbers)]
    return [
        _Lies(codes.city_named(number), start, end)
        for number, start, end in zip(numbers.tolist(), starts.tolist(), ends, strict=True)
    ]
