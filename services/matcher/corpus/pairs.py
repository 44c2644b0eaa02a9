"""Blocks of pairs out of the match space: any anchors with any candidates, and the best of all."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.matcher.corpus.all_pairs import best_of_all
from services.matcher.corpus.population import Rows
from services.matcher.corpus.sides import Ranked, Side, inside, inside_of_many
from services.matcher.corpus.space import MatchSpace
from services.matcher.domain.columns import Columns
from services.matcher.domain.kinds import PairKind
from services.matcher.index.sparse_rows import few_products
from services.matcher.score.block import Block, Mask, Matrix, mixed
from services.matcher.score.features import MOST, OF_SIMILARITY, WHOLLY_KNOWN, similarity_of
from services.matcher.score.scoring import admitted, gate_outcomes, log_odds, reads_texts, score_block

EXACT_LIMIT = 2_000
SEEDS = 200
MANY = 64
"""From so many anchors on, all candidates are made ready for them together."""
_SLAB = 65_536
_GRID_STEPS = 4_096.0
_SAMPLE = 16_384
_MORE = 8
"""By how much more are scored at once each time that the last place is still in doubt."""
_FEWER = 2
"""Of so many seeds one is sought by its dense vector."""
_ROUNDED = 1e-4


class Pairs:
    """Scores over a match space. `forward` asks for candidates of anchors, its opposite for anchors.

    Whatever is asked, the answer is that of scoring everybody. Beyond `exact_limit` rows that is proved instead of
    done: nobody scores more than with the likest texts that the sparse rows leave possible, so that everybody whose
    limit is below the k-th of some promising ones (`seeds`) need not be looked at. Whose text is too unlike for that
    whatever else is known of him is not even given a limit.
    """

    def __init__(self, space: MatchSpace, exact_limit: int = EXACT_LIMIT, seeds: int = SEEDS) -> None:
        self.space = space
        self._exact_limit = exact_limit
        self._seeds = seeds

    def anchors(self, kind: PairKind) -> tuple[str, ...]:
        """Ids of all anchors of a kind."""
        return tuple(item.id for item in self.space.anchors(kind).items)

    def scores(self, kind: PairKind, anchors: Sequence[str], candidates: Sequence[str]) -> Matrix:
        """[anchors, candidates] log-odds, minus infinity where a gate is shut; all ids must be present."""
        pool, others = self.space.anchors(kind), self.space.population(kind.candidate)
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
        population = self.space.anchors(kind)
        side = Side.stored(population, population.rows(anchors))
        if len(anchors) >= MANY:
            return list(best_of_all(self.space, kind, side, k))
        return self.best_for(kind, side, k)

    def best_for(
        self, kind: PairKind, side: Side, k: int, mask: Mask | None = None, *, forward: bool = True
    ) -> list[list[Ranked]]:
        """The k best of the other side for each item of this one, among the rows that `mask` admits."""
        population = self.space.across(kind, forward=forward)
        if population.size <= self._exact_limit and mask is None:
            return self._top(kind, side, None, k, forward=forward)
        singles = (side.single(number) for number in range(side.size))
        return [self.search(kind, one, k, mask, forward=forward).best for one in singles]

    def search(
        self, kind: PairKind, one: Side, k: int, mask: Mask | None = None, *, forward: bool = True
    ) -> "Searched":
        """The k best of the other side for one item, and how many pass the gates and `mask`."""
        passed = self.passed(kind, one, mask, forward=forward)
        return Searched(self._best_of(kind, one, k, passed, forward=forward), int(np.count_nonzero(passed)))

    def passed(self, kind: PairKind, one: Side, mask: Mask | None, *, forward: bool = True) -> Mask:
        """Which rows of the other side pass every gate with one item, among those that `mask` admits."""
        columns = self.space.across(kind, forward=forward).columns
        within = self._inside(kind, one, None, forward=forward)
        passed = admitted(kind, self._without_texts(one, columns, within, forward=forward)).ravel()
        if kind.anchor is kind.candidate and one.ids[0] in self.space.population(kind.candidate).row_of:
            passed[self.space.population(kind.candidate).row_of[one.ids[0]]] = False
        return passed if mask is None else passed & mask

    def shut(self, kind: PairKind, one: Side, *, forward: bool = True) -> list[str]:
        """The gates that leave nobody of the other side for one item; none where there is nobody, or somebody passes.

        Those that nobody passes; where there is none, a few that shut out everybody together, who shuts out most first.
        """
        columns = self.space.across(kind, forward=forward).columns
        within = self._inside(kind, one, None, forward=forward)
        outcomes = gate_outcomes(kind, self._without_texts(one, columns, within, forward=forward))
        shut = {name: ~passed for name, passed in outcomes.items() if passed.size}
        by_all = [name for name, out in shut.items() if out.all()]
        return by_all or _together(shut)

    def _best_of(self, kind: PairKind, one: Side, k: int, passed: Mask, *, forward: bool) -> list[Ranked]:
        rows = np.flatnonzero(passed)
        if len(rows) <= self._exact_limit:
            return self._top(kind, one, None if len(rows) == len(passed) else rows, k, forward=forward)[0]
        alike = np.zeros(len(rows), np.float32)
        found: list[Ranked] = []
        if reads_texts(kind) and one.encoded.present[0]:
            population = self.space.across(kind, forward=forward)
            alike = population.sparse.dot(one.encoded.sparse, rows)[0]
            likely = _highest(alike, self._seeds + k)
            if one.encoded.dense.any():
                near, _ = population.vectors.search(one.encoded.dense[0], self._seeds // _FEWER, passed)
                likely[np.searchsorted(rows, near)] = True
            found = self._top(kind, one, rows[likely], k, forward=forward)[0]
            told = population.columns.truth("text")[rows]
            left = ~likely & (~told | (alike >= self._needed(kind, one, _least(found, k))))
            rows, alike = rows[left], alike[left]
        limits, portion = self._limits(kind, one, rows, alike, forward=forward), self._seeds + k
        while len(rows):
            likely = _highest(limits, portion)
            found = _merged(found, self._top(kind, one, rows[likely], k, forward=forward)[0], k)
            left = ~likely & (limits >= _least(found, k))
            rows, limits, portion = rows[left], limits[left], min(_SLAB, _MORE * portion)
        return found

    def _needed(self, kind: PairKind, one: Side, least: float) -> float:
        """The sparse similarity with one item below which nobody whose text is known scores `least`, whatever else is
        known.
        """
        text = sum(use.factor for use in kind.features if use.name in OF_SIMILARITY)
        others = [use for use in kind.features if use.name not in OF_SIMILARITY]
        rest = kind.constant + sum(use.factor * MOST[use.name] for use in others)
        mix = self.space.encoder.mix
        if text <= 0.0 or mix.sparse <= 0.0 or least == -np.inf:
            return -np.inf
        base = WHOLLY_KNOWN if one.columns.known is None else WHOLLY_KNOWN * float(one.columns.known[0])
        return (
            similarity_of((least - rest) / text, base) - mix.dense * self._longest - _ROUNDED
        ) / mix.sparse

    @property
    def _longest(self) -> float:
        """What no product of two dense rows exceeds: unit vectors rounded to the grid may be a little longer than 1."""
        return float((1.0 + self.space.encoder.dimensions**0.5 / _GRID_STEPS) ** 2)

    def _limits(
        self, kind: PairKind, one: Side, rows: Rows, alike: NDArray[np.float32], *, forward: bool
    ) -> NDArray[np.float64]:
        """For some rows of the other side a score that they do not exceed, whatever their dense vectors are.

        `alike`: the sparse similarity of their texts with the one.
        """
        columns = self.space.across(kind, forward=forward).columns
        most = np.full(1, self._longest if one.encoded.dense.any() else 0.0, np.float32)
        limits = np.empty(len(rows))
        for start in range(0, len(rows), _SLAB):
            part = slice(start, start + _SLAB)
            similarity = mixed(self.space.encoder.mix, alike[part], most)
            shaped = similarity[None, :] if forward else similarity[:, None]
            block = self._block(one, columns.chosen(rows[part]), shaped, None, forward=forward)
            limits[part] = log_odds(kind, block).ravel()
        return limits

    def everybody(self, kind: PairKind, one: Side, *, forward: bool = True) -> NDArray[np.float64]:
        """The score of the whole other side, by row, with one item; minus infinity where a gate is shut."""
        population = self.space.across(kind, forward=forward)
        alike = np.zeros(population.size, np.float32)
        if reads_texts(kind):
            alike = population.sparse.dot(one.encoded.sparse)[0]
        within = self._inside(kind, one, None, forward=forward)
        scores, vectors = np.empty(population.size), population.vectors.vectors()
        for start in range(0, population.size, _SLAB):
            part = slice(start, min(start + _SLAB, population.size))
            dense = vectors[part] @ one.encoded.dense[0]
            similarity = mixed(self.space.encoder.mix, alike[part], dense)
            shaped = similarity[None, :] if forward else similarity[:, None]
            ours = None if within is None else within[:, part] if forward else within[part]
            columns = population.columns.part(part.start, part.stop)
            block = self._block(one, columns, shaped, ours, forward=forward)
            scores[part] = score_block(kind, block).ranked().ravel()
        if kind.anchor is kind.candidate and one.ids[0] in population.row_of:
            scores[population.row_of[one.ids[0]]] = -np.inf
        return scores

    def _inside(self, kind: PairKind, side: Side, rows: Rows | None, *, forward: bool) -> Mask | None:
        """[anchors, candidates] of a side and some rows of the other, or all: who is in the team; None for no team."""
        if not kind.by_gaps:
            return None
        population = self.space.across(kind, forward=forward)
        if forward:
            mask = inside_of_many(side.items, population.row_of, population.size)
            return mask if mask is None or rows is None else mask[:, rows]
        teams = population.items if rows is None else [population.items[row] for row in rows.tolist()]
        return inside(teams, side.ids)

    def _without_texts(self, side: Side, columns: Columns, within: Mask | None, *, forward: bool) -> Block:
        shape = (side.size, columns.size) if forward else (columns.size, side.size)
        return self._block(side, columns, np.broadcast_to(np.zeros(1), shape), within, forward=forward)

    def block(self, kind: PairKind, side: Side, rows: Rows | None, *, forward: bool = True) -> Block:
        """All pairs of the items of `side` with some rows of the other population, or with all."""
        population = self.space.across(kind, forward=forward)
        columns = population.columns if rows is None else population.columns.chosen(rows)
        within = self._inside(kind, side, rows, forward=forward)
        if not reads_texts(kind):
            return self._without_texts(side, columns, within, forward=forward)
        similarity = mixed(self.space.encoder.mix, *population.similarity(side.encoded, rows))
        return self._block(side, columns, similarity if forward else similarity.T, within, forward=forward)

    def block_of(self, anchor: Side, candidate: Side) -> Block:
        """The pairs of two sides of which neither need be stored."""
        sparse = few_products(anchor.encoded.sparse, candidate.encoded.sparse)
        similarity = mixed(self.space.encoder.mix, sparse, anchor.encoded.dense @ candidate.encoded.dense.T)
        within = inside(anchor.items, candidate.ids)
        return self._block(anchor, candidate.columns, similarity, within, forward=True)

    def _block(
        self, side: Side, columns: Columns, similarity: Matrix, within: Mask | None, *, forward: bool
    ) -> Block:
        anchors, candidates = (side.columns, columns) if forward else (columns, side.columns)
        return Block(anchors, candidates, similarity, self.space.codes, within)

    def _top(
        self, kind: PairKind, side: Side, rows: Rows | None, k: int, *, forward: bool
    ) -> list[list[Ranked]]:
        items = self.space.across(kind, forward=forward).items
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


def _highest(scores: NDArray[np.floating], count: int) -> Mask:
    """About `count` of the highest, never none: those above what a sample says that so many exceed.

    Of those that are equal to it no more than `count`: most texts may be equally unlike.
    """
    step = max(1, len(scores) // _SAMPLE)
    sample = scores[::step]
    cut = len(sample) - max(1, min(len(sample), count // step))
    least = np.partition(sample, cut)[cut]
    likely = np.asarray(scores > least, np.bool_)
    likely[np.flatnonzero(scores == least)[:count]] = True
    return likely


def _least(found: Sequence[Ranked], k: int) -> float:
    """What somebody must score to be among the k best."""
    return found[-1].log_odds if len(found) == k else -np.inf


def _merged(one: Sequence[Ranked], other: Sequence[Ranked], k: int) -> list[Ranked]:
    return sorted([*one, *other], key=lambda place: (-place.log_odds, place.id))[:k]


def _without_self(kind: PairKind, ranked: Matrix, one: Sequence[str], other: Sequence[str]) -> Matrix:
    """Nothing is paired with itself."""
    if kind.anchor is not kind.candidate:
        return ranked
    same = np.array(one, object)[:, None] == np.array(other, object)[None, :]
    return np.where(same, -np.inf, ranked)


def _together(shut: Mapping[str, Mask]) -> list[str]:
    """Gates that shut out everybody together, each the one that shuts out most of who is left; none if they do not."""
    chosen: list[str] = []
    if not shut or not np.logical_or.reduce(list(shut.values())).all():
        return chosen
    left = np.ones_like(next(iter(shut.values())))
    while left.any():
        most = max(shut, key=lambda name: int(np.count_nonzero(shut[name] & left)))
        chosen.append(most)
        left &= ~shut[most]
    return chosen
