"""Rows packed into half a byte for a few numbers (product quantisation, FAISS fast scan): a million in milliseconds.

The packed rows only say whom to look at; whoever uses them compares the rows themselves. They are made of all rows at
once. What changed since is marked, and is looked at itself. Rows that filters admit together (those of an industry)
stand together once more, since a scan cannot leave rows out. Those are packed by what tells them from one another, and
less tightly: whoever asks a group from outside finds all of it about equally far away. Very many rows stand in lists of
rows that are alike, of which the nearest are scanned first.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

import faiss
import numpy as np
from numpy.typing import NDArray

from services.matcher.index.depth import depth, sample

Rows = NDArray[np.int64]
_faiss: Any = faiss  # its stubs describe the C++ signatures, not the Python ones
_PER_CODE, _PER_CODE_OF_GROUP = 4, 2
_BITS = 4
_SAMPLE, _ROUNDS = 1_024, 8
"""What the codes of a group are learnt from: sixteen for each pair of numbers ask for no more."""
_OF_CENTRE = 64
"""Rows from which the middle of a list is learnt."""
LISTED_FROM = 100_000
_LISTS = 0.3
"""From how many rows on they stand in lists, and how many lists there are for each of the square root of the rows."""
_SCANNED_PARTS = (8, 4, 1)
"""Which part of the lists is scanned first: the least that holds what is near."""
_LEAST_GROUP = 640
"""Groups of fewer rows stand together."""
_STEP = 64
"""Of so many rows one is in the sample that names the groups which a filter touches."""
_MOST_PART = 2
"""Where the groups that a filter touches are more than such a part of all rows, all are scanned."""


class Part(NamedTuple):
    """Some packed rows, in order; `rows` is None where they are all. `lists`: in how many they stand, 0 for none, and
    `first` how many of these are scanned first; `index` is None where they are too few to be packed. `depth`: so many
    of the nearest hold the ten nearest, 0 where none do.
    """

    index: Any
    rows: Rows | None
    size: int
    lists: int = 0
    first: int = 0
    depth: int = 0

    def nearest(self, padded: NDArray[np.float32], count: int, *, everywhere: bool) -> Rows:
        """About the nearest of them, in the order of what the packed rows say: of near lists, or `everywhere`."""
        found = self._numbers(padded, count, self.lists if everywhere else self.first)
        return found if self.rows is None else self.rows[found]

    def measured(self, vectors: NDArray[np.float32], asked: NDArray[np.float32]) -> "Part":
        """With the depth at which its rows, given in its own order, are found by what is asked; all lists are scanned
        first where a part of them does not hold what is near.
        """
        for first in sorted({-(-self.lists // part) for part in _SCANNED_PARTS}):
            found = depth(vectors, partial(self._numbers, lists=first), asked)
            if found:
                return self._replace(first=first, depth=found)
        return self._replace(first=self.lists)

    def _numbers(self, padded: NDArray[np.float32], count: int, lists: int) -> Rows:
        given = {"params": _faiss.SearchParametersIVF(nprobe=lists)} if lists else {}
        found: Rows = self.index.search(padded, min(count, self.size), **given)[1][0]
        return found[found >= 0]


class Compressed:
    """The rows of a matrix as they were when it was filled; until then it only notes what changes."""

    def __init__(self, size: int) -> None:
        self._stale = np.zeros(size, np.bool_)
        # The stale ones by number, as a search cannot look through all rows for them.
        self._changed = np.empty(size, np.int64)
        self.stale = 0
        """How many rows are not what they were."""

    def fill(self, vectors: NDArray[np.float32], groups: NDArray[np.int64] | None = None) -> None:
        """Pack rows, as many as `size`. `groups`: a number for each row, of those that belong together."""
        self._width = -(-vectors.shape[1] // _PER_CODE) * _PER_CODE
        padded = self._padded(vectors)
        asked = sample(padded)
        self._whole = _all_of(padded).measured(padded, asked)
        self._group = np.zeros(len(vectors), np.int16) if groups is None else _grouped(groups)
        self._of_sample = self._group[::_STEP].copy()
        self._parts = [self._whole]
        if count := int(self._group.max(initial=0)):
            members = (np.flatnonzero(self._group == number) for number in range(count + 1))
            self._parts = [_part(padded, rows, asked) for rows in members]

    @property
    def size(self) -> int:
        """Rows it is made of."""
        return len(self._stale)

    def changed(self, row: int) -> None:
        """A row is not what it was any more."""
        if row < self.size and not self._stale[row]:
            self._stale[row] = True
            self._changed[self.stale] = row
            self.stale += 1

    def changed_rows(self) -> Rows:
        """Those rows, in the order in which they first changed."""
        return self._changed[: self.stale]

    def parts(self, mask: NDArray[np.bool_], admitted: int) -> Sequence[tuple[Part, int]]:
        """The parts to scan for what a mask admits, so many rows in all, and how many of these each holds: all rows, or
        the groups that it touches.
        """
        if len(self._parts) > 1 and admitted * _MOST_PART <= self.size:
            touched = self.groups(mask, admitted)
            if sum(part.size for part, _ in touched) * _MOST_PART <= self.size:
                return touched
        return [(self._whole, admitted)]

    def groups(self, mask: NDArray[np.bool_], admitted: int) -> Sequence[tuple[Part, int]]:
        """The groups that a mask touches, which admits so many rows in all, and how many rows of each it admits; none
        where there are no groups.
        """
        if len(self._parts) == 1:
            return []
        if len(mask) >= self.size:
            # most filters touch few groups, which a sample names: to count in these is less than to look at all rows
            likely = np.flatnonzero(np.bincount(self._of_sample[mask[: self.size : _STEP]])).tolist()
            found = [
                (part, int(np.count_nonzero(mask[part.rows])))
                for part in map(self._parts.__getitem__, likely)
            ]
            if sum(count for _, count in found) == admitted:
                return found
        rows = np.flatnonzero(mask[: self.size])
        counts = np.bincount(self._group[rows], minlength=len(self._parts)).tolist()
        return [(part, count) for part, count in zip(self._parts, counts, strict=True) if count]

    def nearest(
        self, part: Part, vector: NDArray[np.float32], count: int, *, everywhere: bool = False
    ) -> Rows:
        """As `Part.nearest`, without the rows that are not what they were."""
        rows = part.nearest(self._padded(vector[None, :]), count, everywhere=everywhere)
        return rows[~self._stale[rows]]

    def unchanged(self, part: Part) -> Rows:
        """The rows of a part that are what they were."""
        if part.rows is None:
            return np.flatnonzero(~self._stale)
        return part.rows[~self._stale[part.rows]]

    def _padded(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        missing = self._width - vectors.shape[1]
        whole = np.pad(vectors, ((0, 0), (0, missing))) if missing else vectors
        return np.ascontiguousarray(whole, np.float32)


def _all_of(padded: NDArray[np.float32]) -> Part:
    size, width = padded.shape
    if size < LISTED_FROM:
        return Part(_packed(padded, padded, _PER_CODE), None, size)
    lists = int(_LISTS * size**0.5)
    kind = f"IVF{lists},PQ{width // _PER_CODE}x{_BITS}fs"
    index = _faiss.index_factory(width, kind, _faiss.METRIC_INNER_PRODUCT)
    index.by_residual, index.cp.niter, index.pq.cp.niter = False, _ROUNDS, _ROUNDS
    index.train(padded[:: max(1, size // (_OF_CENTRE * lists))])
    index.add(padded)
    return Part(index, None, size, lists)


def _part(padded: NDArray[np.float32], rows: Rows, asked: NDArray[np.float32]) -> Part:
    """A group, measured by what is asked of all. Of the small ones that stand together there may be too few to learn
    codes from, or to scan.
    """
    own = padded[rows]
    if len(own) < _LEAST_GROUP:
        return Part(None, rows, len(own))
    packed = _packed(own, own[:: max(1, len(own) // _SAMPLE)], _PER_CODE_OF_GROUP, _ROUNDS)
    return Part(packed, rows, len(own)).measured(own, asked)


def _packed(
    rows: NDArray[np.float32], sample: NDArray[np.float32], per_code: int, rounds: int | None = None
) -> Any:
    width = rows.shape[1]
    index = _faiss.IndexPQFastScan(width, width // per_code, _BITS, _faiss.METRIC_INNER_PRODUCT)
    if rounds is not None:
        index.pq.cp.niter = rounds
    index.train(sample)
    index.add(rows)
    return index


def _grouped(groups: NDArray[np.int64]) -> NDArray[np.int16]:
    """Groups numbered from 0, the small ones under one number."""
    _, number, counts = np.unique(groups, return_inverse=True, return_counts=True)
    large = counts >= _LEAST_GROUP
    if len(counts) < 2 or not large.any():
        return np.zeros(len(groups), np.int16)
    return np.where(large, np.cumsum(large), 0).astype(np.int16)[number]
