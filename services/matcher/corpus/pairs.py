"""Blocks of pairs out of the match space: any anchors with any candidates, and the best of all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.matcher.corpus.population import Population, Rows, columns_with_text
from services.matcher.corpus.space import MatchSpace
from services.matcher.domain.columns import Columns
from services.matcher.domain.item import Item
from services.matcher.domain.kinds import PairKind
from services.matcher.encode.encoder import Encoded
from services.matcher.score.block import Block, Mask, Matrix, mixed
from services.matcher.score.scoring import admitted, score_block

EXACT_LIMIT = 20_000
NEAREST = 2_000
_CHUNK = 128


class Ranked(NamedTuple):
    """One place of a list."""

    id: str
    log_odds: float


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a block: columns and encoded rows of stored or given items."""

    ids: tuple[str, ...]
    columns: Columns
    encoded: Encoded

    @classmethod
    def stored(cls, population: Population, rows: Rows) -> "Side":
        """Items of the space."""
        ids = tuple(population.items[row].id for row in rows)
        return cls(ids, population.columns.take(rows), population.encoded(rows))

    @classmethod
    def given(cls, item: Item, space: MatchSpace) -> "Side":
        """One item that came with a request and is stored nowhere."""
        encoded = space.encoder.encode([item.text])
        return cls((item.id,), columns_with_text([item], encoded, space.codes), encoded)


class Pairs:
    """Scores over a match space. `forward` asks for candidates of anchors, its opposite for anchors."""

    def __init__(self, space: MatchSpace, exact_limit: int = EXACT_LIMIT, nearest: int = NEAREST) -> None:
        self.space = space
        self._exact_limit = exact_limit
        self._nearest = nearest

    def anchors(self, kind: PairKind) -> tuple[str, ...]:
        """Ids of all anchors of a kind."""
        return tuple(item.id for item in self.space.population(kind.anchor).items)

    def scores(self, kind: PairKind, anchors: Sequence[str], candidates: Sequence[str]) -> Matrix:
        """[anchors, candidates] log-odds, minus infinity where a gate is shut; all ids must be present."""
        pool, others = self.space.population(kind.anchor), self.space.population(kind.candidate)
        rows, columns = pool.rows(anchors), others.rows(candidates)
        if len(rows) < len(columns):
            block = self.block(kind, Side.stored(pool, rows), columns)
        else:
            block = self.block(kind, Side.stored(others, columns), rows, forward=False)
        return _without_self(kind, score_block(kind, block).ranked(), anchors, candidates)

    def best(self, kind: PairKind, anchors: Sequence[str], k: int) -> list[list[Ranked]]:
        """The k best admitted candidates of every anchor, best first, ties by id."""
        lists: list[list[Ranked]] = []
        population = self.space.population(kind.anchor)
        for start in range(0, len(anchors), _CHUNK):
            side = Side.stored(population, population.rows(anchors[start : start + _CHUNK]))
            lists.extend(self.best_for(kind, side, k))
        return lists

    def best_for(
        self, kind: PairKind, side: Side, k: int, mask: Mask | None = None, *, forward: bool = True
    ) -> list[list[Ranked]]:
        """The k best of the other side for each item of this one, among the rows that `mask` admits."""
        population = self.space.population(kind.candidate if forward else kind.anchor)
        if population.size <= self._exact_limit and mask is None:
            return self._top(kind, side, None, k, forward=forward)
        found = []
        for number in range(len(side.ids)):
            one = _single(side, number)
            rows = self.rows_to_score(kind, one, mask, forward=forward)
            found.extend(self._top(kind, one, rows, k, forward=forward))
        return found

    def rows_to_score(self, kind: PairKind, one: Side, mask: Mask | None, *, forward: bool = True) -> Rows:
        """Rows of the other side worth scoring for one item: all that pass, if they are few.

        Beyond that the nearest by dense and by sparse similarity; those are then scored exactly.
        """
        population = self.space.population(kind.candidate if forward else kind.anchor)
        blank = np.zeros((1, population.size) if forward else (population.size, 1))
        passed = admitted(kind, self._block(one, population.columns, blank, forward=forward)).ravel()
        passed = passed if mask is None else passed & mask
        if np.count_nonzero(passed) <= self._exact_limit:
            return np.flatnonzero(passed)
        sparse = np.where(passed, population.sparse.dot(one.encoded.sparse)[0], -1.0)
        nearest = np.argsort(-sparse, kind="stable")[: self._nearest]
        nearest = nearest[passed[nearest]]
        if not one.encoded.dense.any():
            return np.sort(nearest)
        dense, _ = population.vectors.search(one.encoded.dense[0], self._nearest, passed)
        return np.union1d(nearest, dense)

    def block(self, kind: PairKind, side: Side, rows: Rows | None, *, forward: bool = True) -> Block:
        """All pairs of the items of `side` with some rows of the other population, or with all."""
        population = self.space.population(kind.candidate if forward else kind.anchor)
        similarity = mixed(self.space.encoder.mix, *population.similarity(side.encoded, rows))
        columns = population.columns if rows is None else population.columns.take(rows)
        return self._block(side, columns, similarity if forward else similarity.T, forward=forward)

    def block_of(self, anchor: Side, candidate: Side) -> Block:
        """The pairs of two sides of which neither need be stored."""
        sparse = (anchor.encoded.sparse @ candidate.encoded.sparse.T).toarray()
        similarity = mixed(self.space.encoder.mix, sparse, anchor.encoded.dense @ candidate.encoded.dense.T)
        return self._block(anchor, candidate.columns, similarity, forward=True)

    def _block(self, side: Side, columns: Columns, similarity: Matrix, *, forward: bool) -> Block:
        anchors, candidates = (side.columns, columns) if forward else (columns, side.columns)
        return Block(anchors, candidates, similarity, self.space.codes.nearness)

    def _top(
        self, kind: PairKind, side: Side, rows: Rows | None, k: int, *, forward: bool
    ) -> list[list[Ranked]]:
        items = self.space.population(kind.candidate if forward else kind.anchor).items
        ids = [item.id for item in items] if rows is None else [items[row].id for row in rows]
        ranked = score_block(kind, self.block(kind, side, rows, forward=forward)).ranked()
        ranked = _without_self(kind, ranked if forward else ranked.T, side.ids, ids)
        return [top(line, ids, k) for line in ranked]


def top(scores: NDArray[np.float64], ids: Sequence[str], k: int) -> list[Ranked]:
    """The k highest finite scores, ties by id."""
    kept = np.flatnonzero(scores > -np.inf)
    if len(kept) > k:
        least = np.partition(scores[kept], len(kept) - k)[len(kept) - k]
        kept = kept[scores[kept] >= least]
    found = [Ranked(ids[row], float(scores[row])) for row in kept.tolist()]
    return sorted(found, key=lambda place: (-place.log_odds, place.id))[:k]


def _single(side: Side, number: int) -> Side:
    row = np.array([number], np.int64)
    encoded = Encoded(side.encoded.dense[row], side.encoded.sparse[row])
    return Side((side.ids[number],), side.columns.take(row), encoded)


def _without_self(kind: PairKind, ranked: Matrix, one: Sequence[str], other: Sequence[str]) -> Matrix:
    """Nothing is paired with itself."""
    if kind.anchor is not kind.candidate:
        return ranked
    same = np.array(one, object)[:, None] == np.array(other, object)[None, :]
    return np.where(same, -np.inf, ranked)
