"""Many anchors with the same candidates: these are taken out of the space once, and scored in blocks on all cores.

What comes out is what a search for each anchor finds, bit for bit; only what a search does again for each anchor is
done once. With `by_city` every city of the candidates has a list of its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise, repeat
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from services.kernel.side_by_side import at_once, side_by_side
from services.matcher.corpus.population import Population, Rows
from services.matcher.corpus.sides import Ranked, Side, inside_of_many
from services.matcher.corpus.space import MatchSpace
from services.matcher.corpus.tops import Scored, Tops
from services.matcher.domain.codes import Codes
from services.matcher.domain.columns import Columns
from services.matcher.domain.kinds import PairKind
from services.matcher.encode.encoder import Mix
from services.matcher.encode.sparse import COLUMNS
from services.matcher.index.sparse_block import SparseBlock, Split, SplitColumns
from services.matcher.score.block import Block
from services.matcher.score.scoring import order_of_alike, reads_texts, score_block
from services.matcher.score.sieve import Sieve

MOST_PAIRS = 1 << 19
"""Pairs that are scored at once: what stands in memory for them are some megabytes."""
SLAB = 2_048
"""Candidates that are made ready at once, at the most."""


class Listed(NamedTuple):
    """One list, best first. `city`: whose it is, a catalogue code; empty for a list of all, or of an unknown city.

    Arrays, because there may be millions: the garbage collector does not follow those. `ids` are strings.
    """

    city: str
    ids: NDArray[np.object_]
    log_odds: NDArray[np.float64]


class Gathered:
    """Candidates of a kind as they were when they were gathered; what changes afterwards is not seen."""

    def __init__(self, space: MatchSpace, kind: PairKind, rows: Rows, *, by_city: bool) -> None:
        population, codes = space.population(kind.candidate), space.codes
        ids = population.ids[rows]
        cities = population.columns.integers("city")[rows] if by_city else np.zeros(len(rows), np.int64)
        by_id = _sorted(ids)
        order = by_id[np.argsort(cities[by_id], kind="stable")]
        self._ids = ids[order]
        whole = [_Lies("", 0, len(ids))] if len(ids) else []
        self._lists = _lists(cities[order], codes) if by_city else whole
        slices = _slices(rows[order], self._lists)
        texts, split = None, None
        if reads_texts(kind):
            texts = side_by_side(population.sparse.matrix, [each.rows for each in slices])
            split = _columns_of(texts, population.sparse.matrix(rows[:SLAB]))
        self._preparing = _Preparing(space, kind, split)
        self._slabs = self._preparing.slabs(slices, texts)

    @property
    def size(self) -> int:
        """How many they are."""
        return len(self._ids)

    def best(self, kind: PairKind, anchors: Side, k: int) -> Iterator[list[Listed]]:
        """For each anchor every list of the k best that are admitted; ties by id."""
        place = {id_: at for at, id_ in enumerate(self._ids)} if _may_bar(kind) else {}
        order = order_of_alike(kind, anchors.columns)
        parts = self._preparing.parts(anchors.take(order), k, self._lists)
        side_by_side(partial(_Part.follow, kind=kind, slabs=self._slabs, place=place), parts)
        listed = [lists for part in parts for lists in self._listed(part)]
        return (listed[at] for at in np.argsort(order, kind="stable").tolist())

    def _listed(self, part: "_Part") -> Iterator[list[Listed]]:
        """The lists of each anchor of a part."""
        lists = [list(self._of_all(lies, top)) for lies, top in zip(self._lists, part.tops, strict=True)]
        return ([each[number] for each in lists] for number in range(part.anchors.side.size))

    def _of_all(self, lies: "_Lies", top: Tops) -> Iterator[Listed]:
        """One list of every anchor."""
        rows = zip(top.counts.tolist(), self._ids[top.places], top.scores, strict=True)
        return (Listed(lies.city, ids[:found], scores[:found]) for found, ids, scores in rows)


def best_of_all(space: MatchSpace, kind: PairKind, anchors: Side, k: int) -> Iterator[list[Ranked]]:
    """For each anchor the k best of all candidates, made ready one slab after the other; ties by id."""
    population = space.population(kind.candidate)
    ids = population.ids
    order = _sorted(ids)
    place = {ids[row]: at for at, row in enumerate(order.tolist())} if _may_bar(kind) else {}
    preparing = _Preparing(
        space, kind, _shared_columns(anchors, population, order) if reads_texts(kind) else None
    )
    alike = order_of_alike(kind, anchors.columns)
    whole = [_Lies("", 0, len(ids))]
    parts = preparing.parts(anchors.take(alike), k, whole)
    slices, step = _slices(order, whole), at_once()
    for start in range(0, len(slices), step):
        slabs = preparing.slabs(slices[start : start + step])
        side_by_side(partial(_Part.follow, kind=kind, slabs=slabs, place=place), parts)
    for number, (top,) in _rows_of(parts, alike):
        places, scores = top.row(number)
        rows = order[places].tolist()
        yield [Ranked(ids[row], score) for row, score in zip(rows, scores.tolist(), strict=True)]


def _may_bar(kind: PairKind) -> bool:
    """Whether some anchor may be one of the candidates, or have one of them in it."""
    return kind.anchor is kind.candidate or kind.by_gaps


def _shared_columns(anchors: Side, population: Population, order: Rows) -> SplitColumns:
    """The columns that the anchors have; some of the candidates tell which are common."""
    there = np.zeros(COLUMNS, np.bool_)
    there[anchors.encoded.sparse.indices] = True
    return SplitColumns(population.sparse.matrix(order[:SLAB]), there)


def _columns_of(texts: Sequence[csr_array], some: csr_array) -> SplitColumns:
    """The columns that candidates have; some of them tell which are common."""
    there = np.zeros(COLUMNS, np.bool_)
    for rows in texts:
        there[rows.indices] = True
    return SplitColumns(some, there)


@dataclass(frozen=True, slots=True)
class _Lies:
    """Where the candidates of a list stand."""

    city: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Anchors:
    """Some anchors, ready to be scored; `sparse` is None where no text is read."""

    side: Side
    sparse: Split | None


@dataclass(frozen=True, slots=True)
class _Slab:
    """Candidates of one list that follow one another from `start` on, ready to be scored."""

    of_list: int
    start: int
    columns: Columns
    dense: NDArray[np.float32]
    sparse: SparseBlock | None
    mix: Mix
    codes: Codes

    def scores(self, kind: PairKind, anchors: _Anchors, place: Mapping[str, int]) -> Scored:
        """Of all pairs; minus infinity where a gate is shut, and for an anchor with itself."""
        side, sparse = anchors.side, anchors.sparse
        nothing = np.broadcast_to(np.zeros(1), (side.size, self.columns.size))
        within = inside_of_many(side.items, place, self.columns.size, self.start) if kind.by_gaps else None
        block = Block(side.columns, self.columns, nothing, self.codes, within)
        if self.sparse is None or sparse is None:
            scored = Scored.exactly(score_block(kind, block).ranked())
        else:
            dense = side.encoded.dense @ self.dense.T
            scored = Scored.nearly(Sieve(kind, block, self.sparse.products(sparse), dense, self.mix))
        for row, id_ in enumerate(side.ids if kind.anchor is kind.candidate else ()):
            at = place.get(id_, -1) - self.start
            if 0 <= at < self.columns.size:
                scored.near[row, at] = -np.inf
        return scored


@dataclass(frozen=True, slots=True)
class _Part:
    """Some anchors, and for every list the best of it so far."""

    anchors: _Anchors
    tops: Sequence[Tops]

    def follow(self, kind: PairKind, slabs: Sequence[_Slab], place: Mapping[str, int]) -> None:
        """Look at candidates that are behind all before. `place`: of candidates who may be the anchors, or in them."""
        for slab in slabs:
            self.tops[slab.of_list].add(slab.scores(kind, self.anchors, place), slab.start)


class _Slice(NamedTuple):
    """Rows of candidates of one list that follow one another from the place `start` on."""

    of_list: int
    start: int
    rows: Rows


class _Preparing:
    """How candidates and anchors of a kind are made ready. `split` is None where no text is read."""

    def __init__(self, space: MatchSpace, kind: PairKind, split: SplitColumns | None) -> None:
        self._population = space.population(kind.candidate)
        self._mix, self._codes, self._split = space.encoder.mix, space.codes, split

    def slabs(self, slices: Sequence[_Slice], texts: Sequence[csr_array] | None = None) -> list[_Slab]:
        """Candidates, ready. `texts`: their sparse rows, if at hand."""
        return side_by_side(self._slab, list(zip(slices, texts or repeat(None), strict=False)))

    def _slab(self, part: tuple[_Slice, csr_array | None]) -> _Slab:
        (of_list, start, rows), texts = part
        population, split = self._population, self._split
        sparse = None
        if split is not None:
            sparse = split.block(population.sparse.matrix(rows) if texts is None else texts)
        dense, columns = population.vectors.vectors()[rows], population.columns.take(rows)
        return _Slab(of_list, start, columns, dense, sparse, self._mix, self._codes)

    def parts(self, side: Side, k: int, lists: Sequence[_Lies]) -> list[_Part]:
        """Anchors in parts that are scored at once, one at least for each core, with room for k in each list."""
        step = max(1, min(MOST_PAIRS // SLAB, -(-side.size // at_once())))
        anchors = map(self._anchors, (side.part(at, at + step) for at in range(0, side.size, step)))
        return [_Part(each, [Tops(each.side.size, k) for _ in lists]) for each in anchors]

    def _anchors(self, side: Side) -> _Anchors:
        return _Anchors(side, None if self._split is None else self._split.split(side.encoded.sparse))


def _sorted(ids: NDArray[np.object_]) -> Rows:
    """Their places in order."""
    return np.array(sorted(range(len(ids)), key=ids.tolist().__getitem__), np.int64)


def _slices(rows: Rows, lists: Sequence[_Lies]) -> list[_Slice]:
    """Every list in equal parts: the first one of a list is searched in vain for the most."""
    return [
        _Slice(number, start, rows[start:end])
        for number, lies in enumerate(lists)
        for start, end in pairwise(_cuts(lies.start, lies.end))
    ]


def _cuts(start: int, end: int) -> list[int]:
    """Where equal parts of at most a slab begin, and the end."""
    parts = -(-(end - start) // SLAB)
    return [start + (end - start) * part // parts for part in range(parts + 1)] if parts else []


def _rows_of(parts: Sequence[_Part], order: Rows) -> Iterator[tuple[int, Sequence[Tops]]]:
    """For each anchor its row in the tops of every list, the anchors as they were before they were put in `order`."""
    found = [(number, part.tops) for part in parts for number in range(part.anchors.side.size)]
    return (found[at] for at in np.argsort(order, kind="stable").tolist())


def _lists(cities: NDArray[np.int64], codes: Codes) -> list[_Lies]:
    """A list for each city of rows that are in the order of their cities."""
    numbers, starts = np.unique(cities, return_index=True)
    ends = [*starts[1:].tolist(), len(cities)][: len(numbers)]
    return [
        _Lies(codes.city_named(number), start, end)
        for number, start, end in zip(numbers.tolist(), starts.tolist(), ends, strict=True)
    ]
