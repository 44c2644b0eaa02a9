"""Blocks of pairs out of the match space: any anchors with any candidates, and the best of all."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.matcher.corpus.all_pairs import best_of_all
from services.matcher.corpus.population import Rows
from services.matcher.corpus.sides import Ranked, Side
from services.matcher.corpus.space import MatchSpace
from services.matcher.domain.columns import Columns
from services.matcher.domain.kinds import PairKind
from services.matcher.index.sparse_rows import few_products
from services.matcher.score.block import Block, Mask, Matrix, mixed
from services.matcher.score.scoring import admitted, log_odds, reads_texts, score_block

EXACT_LIMIT = 20_000
SEEDS = 1_000
MANY = 64
"""From so many anchors on, all candidates are made ready for them together."""
_SLAB = 65_536
_GRID_STEPS = 4_096.0


class Pairs:
    """Scores over a match space. `forward` asks for candidates of anchors, its opposite for anchors.

    Whatever is asked, the answer is that of scoring everybody. Beyond `exact_limit` rows that is proved instead of
    done: nobody scores more than with the likest texts that the sparse rows leave possible, so that everybody whose
    limit is below the k-th of some promising ones (`seeds`) need not be looked at.
    """

    def __init__(self, space: MatchSpace, exact_limit: int = EXACT_LIMIT, seeds: int = SEEDS) -> None:
        self.space = space
        self._exact_limit = exact_limit
        self._seeds = seeds

    def anchors(self, kind: PairKind) -> tuple[str, ...]:
        """Ids of all anchors of a kind."""
        return tuple(item.id for item in self.space.population(kind.anchor).items)

    def scores(self, kind: PairKind, anchors: Sequence[str], candidates: Sequence[str]) -> Matrix:
        """[anchors, candidates] log-odds, minus infinity where a gate is shut; all ids must be present."""
        pool, others = self.space.population(kind.anchor), self.space.population(kind.candidate)
        rows, columns = pool.rows(anchors), others.rows(candidates)
        if len(rows) < len(columns):
            ranked = score_block(kind, self.block(kind, Side.stored(pool, rows), columns)).ranked()
        elif len(rows) == pool.size:
            side = Side.stored(others, columns)
            ranked = score_block(kind, self.block(kind, side, None, forward=False)).ranked()[rows]
        else:
            side = Side.stored(others, columns)
            ranked = score_block(kind, self.block(kind, side, rows, forward=False)).ranked()
        return _without_self(kind, ranked, anchors, candidates)

    def best(self, kind: PairKind, anchors: Sequence[str], k: int) -> list[list[Ranked]]:
        """The k best admitted candidates of every anchor, best first, ties by id; many are answered together."""
        population = self.space.population(kind.anchor)
        side = Side.stored(population, population.rows(anchors))
        if len(anchors) >= MANY:
            return list(best_of_all(self.space, kind, side, k))
        return self.best_for(kind, side, k)

    def best_for(
        self, kind: PairKind, side: Side, k: int, mask: Mask | None = None, *, forward: bool = True
    ) -> list[list[Ranked]]:
        """The k best of the other side for each item of this one, among the rows that `mask` admits."""
        population = self.space.population(kind.candidate if forward else kind.anchor)
        if population.size <= self._exact_limit and mask is None:
            return self._top(kind, side, None, k, forward=forward)
        singles = (side.single(number) for number in range(len(side.ids)))
        return [self.search(kind, one, k, mask, forward=forward).best for one in singles]

    def search(
        self, kind: PairKind, one: Side, k: int, mask: Mask | None = None, *, forward: bool = True
    ) -> "Searched":
        """The k best of the other side for one item, and how many pass the gates and `mask`."""
        passed = self.passed(kind, one, mask, forward=forward)
        return Searched(self._best_of(kind, one, k, passed, forward=forward), int(np.count_nonzero(passed)))

    def passed(self, kind: PairKind, one: Side, mask: Mask | None, *, forward: bool = True) -> Mask:
        """Which rows of the other side pass every gate with one item, among those that `mask` admits."""
        columns = self.space.population(kind.candidate if forward else kind.anchor).columns
        passed = admitted(kind, self._without_texts(one, columns, forward=forward)).ravel()
        if kind.anchor is kind.candidate and one.ids[0] in self.space.population(kind.candidate).row_of:
            passed[self.space.population(kind.candidate).row_of[one.ids[0]]] = False
        return passed if mask is None else passed & mask

    def _best_of(self, kind: PairKind, one: Side, k: int, passed: Mask, *, forward: bool) -> list[Ranked]:
        rows = np.flatnonzero(passed)
        if len(rows) <= self._exact_limit:
            return self._top(kind, one, None if len(rows) == len(passed) else rows, k, forward=forward)[0]
        limits = self._limits(kind, one, forward=forward)[rows]
        wanted = min(len(rows), self._seeds + k)
        seeds = np.zeros(len(rows), np.bool_)
        seeds[np.argpartition(-limits, wanted - 1)[:wanted]] = True
        if one.encoded.dense.any() and reads_texts(kind):
            population = self.space.population(kind.candidate if forward else kind.anchor)
            alike, _ = population.vectors.search(one.encoded.dense[0], self._seeds, passed)
            seeds[np.searchsorted(rows, alike)] = True
        found = self._top(kind, one, rows[seeds], k, forward=forward)[0]
        least = found[-1].log_odds if len(found) == k else -np.inf
        rest = rows[(limits >= least) & ~seeds]
        for start in range(0, len(rest), _SLAB):
            found += self._top(kind, one, rest[start : start + _SLAB], k, forward=forward)[0]
        return sorted(found, key=lambda place: (-place.log_odds, place.id))[:k]

    def _limits(self, kind: PairKind, one: Side, *, forward: bool) -> NDArray[np.float64]:
        """For every row of the other side a score that it does not exceed, whatever its dense vector is."""
        population = self.space.population(kind.candidate if forward else kind.anchor)
        alike = np.zeros(population.size, np.float32)
        if reads_texts(kind):
            alike = population.sparse.dot(one.encoded.sparse)[0]
        # Unit vectors rounded to the grid may be a little longer than 1.
        longest = (1.0 + self.space.encoder.dimensions**0.5 / _GRID_STEPS) ** 2
        most = np.full(1, longest if one.encoded.dense.any() else 0.0, np.float32)
        limits = np.empty(population.size)
        for start in range(0, population.size, _SLAB):
            columns = population.columns.part(start, start + _SLAB)
            similarity = mixed(self.space.encoder.mix, alike[start : start + _SLAB], most)
            shaped = similarity[None, :] if forward else similarity[:, None]
            block = self._block(one, columns, shaped, forward=forward)
            limits[start : start + _SLAB] = log_odds(kind, block).ravel()
        return limits

    def everybody(self, kind: PairKind, one: Side, *, forward: bool = True) -> NDArray[np.float64]:
        """The score of the whole other side, by row, with one item; minus infinity where a gate is shut."""
        population = self.space.population(kind.candidate if forward else kind.anchor)
        alike = np.zeros(population.size, np.float32)
        if reads_texts(kind):
            alike = population.sparse.dot(one.encoded.sparse)[0]
        scores, vectors = np.empty(population.size), population.vectors.vectors()
        for start in range(0, population.size, _SLAB):
            part = slice(start, min(start + _SLAB, population.size))
            dense = vectors[part] @ one.encoded.dense[0]
            similarity = mixed(self.space.encoder.mix, alike[part], dense)
            shaped = similarity[None, :] if forward else similarity[:, None]
            block = self._block(one, population.columns.part(part.start, part.stop), shaped, forward=forward)
            scores[part] = score_block(kind, block).ranked().ravel()
        if kind.anchor is kind.candidate and one.ids[0] in population.row_of:
            scores[population.row_of[one.ids[0]]] = -np.inf
        return scores

    def _without_texts(self, side: Side, columns: Columns, *, forward: bool) -> Block:
        shape = (len(side.ids), columns.size) if forward else (columns.size, len(side.ids))
        return self._block(side, columns, np.broadcast_to(np.zeros(1), shape), forward=forward)

    def block(self, kind: PairKind, side: Side, rows: Rows | None, *, forward: bool = True) -> Block:
        """All pairs of the items of `side` with some rows of the other population, or with all."""
        population = self.space.population(kind.candidate if forward else kind.anchor)
        columns = population.columns if rows is None else population.columns.take(rows)
        if not reads_texts(kind):
            return self._without_texts(side, columns, forward=forward)
        similarity = mixed(self.space.encoder.mix, *population.similarity(side.encoded, rows))
        return self._block(side, columns, similarity if forward else similarity.T, forward=forward)

    def block_of(self, anchor: Side, candidate: Side) -> Block:
        """The pairs of two sides of which neither need be stored."""
        sparse = few_products(anchor.encoded.sparse, candidate.encoded.sparse)
        similarity = mixed(self.space.encoder.mix, sparse, anchor.encoded.dense @ candidate.encoded.dense.T)
        return self._block(anchor, candidate.columns, similarity, forward=True)

    def _block(self, side: Side, columns: Columns, similarity: Matrix, *, forward: bool) -> Block:
        anchors, candidates = (side.columns, columns) if forward else (columns, side.columns)
        return Block(anchors, candidates, similarity, self.space.codes)

    def _top(
        self, kind: PairKind, side: Side, rows: Rows | None, k: int, *, forward: bool
    ) -> list[list[Ranked]]:
        items = self.space.population(kind.candidate if forward else kind.anchor).items
        ranked = score_block(kind, self.block(kind, side, rows, forward=forward)).ranked()
        ranked = ranked if forward else ranked.T
        if kind.anchor is kind.candidate:
            ids = [item.id for item in items] if rows is None else [items[row].id for row in rows]
            ranked = _without_self(kind, ranked, side.ids, ids)
        return [top(line, lambda at: items[at if rows is None else int(rows[at])].id, k) for line in ranked]


class Searched(NamedTuple):
    """The best of a search, best first, and how many were admitted."""

    best: list[Ranked]
    admitted: int


def top(scores: NDArray[np.float64], id_at: Callable[[int], str], k: int) -> list[Ranked]:
    """The k highest finite scores, ties by id."""
    kept = np.flatnonzero(scores > -np.inf)
    if len(kept) > k:
        least = np.partition(scores[kept], len(kept) - k)[len(kept) - k]
        kept = kept[scores[kept] >= least]
    found = [Ranked(id_at(row), float(scores[row])) for row in kept.tolist()]
    return sorted(found, key=lambda place: (-place.log_odds, place.id))[:k]


def _without_self(kind: PairKind, ranked: Matrix, one: Sequence[str], other: Sequence[str]) -> Matrix:
    """Nothing is paired with itself."""
    if kind.anchor is not kind.candidate:
        return ranked
    same = np.array(one, object)[:, None] == np.array(other, object)[None, :]
    return np.where(same, -np.inf, ranked)
