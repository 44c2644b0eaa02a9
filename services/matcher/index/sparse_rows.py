"""Sparse rows that come and go: appended at the end, blanked on removal, compacted when half is dead.

Values are kept in sixteen bits, as steps of the grid of 1/2048 on which all rows are. Beside them stand the same rows
by column (`Postings`), made when many rows are asked about and made anew when they have grown by a part; what was
appended since is read row by row.
"""

from collections.abc import Callable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import _sparsetools, csr_array

from services.matcher.index.postings import FEW, GRID, LEAST_PART, Postings

_MIN_SLOTS = 64
_TURNED_FROM = 2_048
_TAIL_PART = 8
Groups = Callable[[], NDArray[np.int64]]


class SparseRows:
    """Rows by number, 0 … size - 1; removal moves the last row into the gap and zeroes the values at once.

    From `turned_from` slots on there are postings, where so many or half as many are asked about. `groups` is asked,
    whenever they are made, for a number of each row: those that belong together.
    """

    def __init__(self, columns: int, turned_from: int = _TURNED_FROM, groups: Groups | None = None) -> None:
        self._columns = columns
        self._turned_from = turned_from
        self._groups = groups
        self.size = self._slots = 0
        self._data = np.zeros(0, np.uint16)
        self._indices = np.zeros(0, np.int32)
        self._indptr = np.zeros(1, np.int32)
        self._place = np.zeros(0, np.int64)
        self._turned: Postings | None = None

    @classmethod
    def of(cls, rows: csr_array, groups: Groups | None = None) -> "SparseRows":
        """Holding the rows of a matrix, which is nobody else's any more."""
        result = cls(rows.shape[1], groups=groups)
        result._hold(rows)
        return result

    def put(self, row: int, source: csr_array) -> None:
        """Overwrite one row with the only row of `source`, or append it when `row` is the present size."""
        if row < self.size:
            self._blank(row)
        self._append(source, row)
        self._compact_when_sparse()

    def extend(self, source: csr_array) -> None:
        """Append all rows of `source`."""
        self._append(source, self.size)

    def _append(self, source: csr_array, row: int) -> None:
        """Put the rows of `source` into new slots, under the numbers from `row` on."""
        slot, count = self._slots, source.shape[0]
        start = int(self._indptr[slot])
        end = start + source.nnz
        self._data = _room(self._data, end)
        self._indices = _room(self._indices, end)
        self._indptr = _room(self._indptr, slot + count + 1)
        self._place = _room(self._place, max(self.size, row + count))
        self._data[start:end] = _steps(source.data)
        self._indices[start:end] = source.indices
        self._indptr[slot + 1 : slot + count + 1] = start + source.indptr[1:]
        self._place[row : row + count] = np.arange(slot, slot + count)
        self._slots += count
        self.size = max(self.size, row + count)

    def remove(self, row: int) -> None:
        """Forget one row; the last row takes its number."""
        self._blank(row)
        self.size -= 1
        self._place[row] = self._place[self.size]
        self._compact_when_sparse()

    def matrix(self, rows: NDArray[np.int64] | None = None) -> csr_array:
        """Some rows, or all, in order."""
        places = self._place[: self.size]
        return _in_units(self._all()[places if rows is None else places[rows]])

    def dot(self, queries: csr_array, rows: NDArray[np.int64] | None = None) -> NDArray[np.float32]:
        """[queries, rows] inner products (all rows when none are named); exact for rows on the grid."""
        slots = self._place[: self.size] if rows is None else self._place[rows]
        few = len(slots) * LEAST_PART < self.size and queries.shape[0] > FEW
        turned = None if few or 2 * len(slots) < self._turned_from else self._by_column()
        if turned is None:
            return self._one_by_one(queries, slots)
        groups = turned.worth(slots)
        kept = turned.among(slots, groups)
        if kept.all():
            return turned.products(queries, slots, groups)
        if not kept.any():
            return self._one_by_one(queries, slots)
        result = np.empty((queries.shape[0], len(slots)), np.float32)
        result[:, kept] = turned.products(queries, slots[kept], groups)
        result[:, ~kept] = self._one_by_one(queries, slots[~kept])
        return result

    def _one_by_one(self, queries: csr_array, slots: NDArray[np.int64]) -> NDArray[np.float32]:
        """[queries, slots]: each query spread out once, or both sparse when there are many."""
        if queries.shape[0] > FEW:
            stored = _in_units(self._all()[slots])
            return np.asarray((queries @ stored.T).toarray(), np.float32)
        # not by matrices of SciPy, which take longer to be made than what is asked of them
        starts, places = self._indptr, slots.astype(np.int32)
        ends = np.concatenate(([0], np.cumsum(starts[places + 1] - starts[places]))).astype(np.int32)
        steps, indices = np.empty(ends[-1], np.uint16), np.empty(ends[-1], np.int32)
        _sparsetools.csr_row_index(len(places), places, starts, self._indices, self._data, indices, steps)
        result = np.zeros((queries.shape[0], len(places)), np.float32)
        vector, stored = np.zeros(self._columns, np.float32), (ends, indices, steps.astype(np.float32))
        for number in range(queries.shape[0]):
            part = slice(queries.indptr[number], queries.indptr[number + 1])
            vector[queries.indices[part]] = queries.data[part]
            _sparsetools.csr_matvec(len(places), self._columns, *stored, vector, result[number])
            vector[queries.indices[part]] = 0
        result /= GRID
        return result

    def _by_column(self) -> Postings | None:
        """The postings, made anew where too much was appended since; None for so few slots that they need none."""
        if self._slots < self._turned_from:
            return None
        turned = self._turned
        if turned is None or (self._slots - turned.size) * _TAIL_PART > self._slots:
            turned = self._turned = Postings(self._all(), self._group_of_slots())
        return turned

    def _group_of_slots(self) -> NDArray[np.int64]:
        group = np.zeros(self._slots, np.int64)
        if self._groups is not None:
            group[self._place[: self.size]] = self._groups()
        return group

    def _all(self) -> csr_array:
        """Every slot in steps, the dead ones (empty of values) included, without a copy."""
        end = int(self._indptr[self._slots])
        parts = (self._data[:end], self._indices[:end], self._indptr[: self._slots + 1])
        return csr_array(parts, shape=(self._slots, self._columns), copy=False)

    def _blank(self, row: int) -> None:
        slot = self._place[row]
        start, end = self._indptr[slot], self._indptr[slot + 1]
        self._data[start:end] = 0
        self._indices[start:end] = 0

    def _compact_when_sparse(self) -> None:
        if self._slots > max(_MIN_SLOTS, 2 * self.size):
            self._hold(self.matrix())

    def _hold(self, rows: csr_array) -> None:
        self._data = _steps(rows.data)
        self._indices = rows.indices.astype(np.int32, copy=False)
        self._indptr = rows.indptr.astype(np.int32, copy=False)
        self.size = self._slots = rows.shape[0]
        self._place = np.arange(self.size, dtype=np.int64)
        self._turned = None


def few_products(one: csr_array, other: csr_array) -> NDArray[np.float32]:
    """[one, other] inner products of some rows with some rows, of which there are not many; exact on the grid.

    Only columns that `one` has are looked at: a matrix turned round would cost as much as there are columns.
    """
    if not one.nnz:
        return np.zeros((one.shape[0], other.shape[0]), np.float32)
    columns, place = np.unique(one.indices, return_inverse=True)
    at = np.minimum(np.searchsorted(columns, other.indices), len(columns) - 1)
    kept = columns[at] == other.indices
    indptr = np.concatenate(([0], np.cumsum(kept)))[other.indptr]
    theirs = csr_array((other.data[kept], at[kept], indptr), shape=(other.shape[0], len(columns)))
    ours = csr_array((one.data, place, one.indptr), shape=(one.shape[0], len(columns))).toarray()
    return np.asarray((theirs @ ours.T).T, np.float32)


def _steps(values: NDArray[np.float32]) -> NDArray[np.uint16]:
    steps: NDArray[np.uint16] = np.rint(values * GRID).astype(np.uint16)
    return steps


def _in_units(rows: csr_array) -> csr_array:
    return csr_array((rows.data / GRID, rows.indices, rows.indptr), shape=rows.shape, copy=False)


_T = TypeVar("_T", bound=np.generic)


def _room(array: NDArray[_T], size: int) -> NDArray[_T]:
    """The array itself, or a larger copy that has room for `size` elements."""
    if size <= len(array):
        return array
    larger = np.zeros(max(size, len(array) * 3 // 2, 64), array.dtype)
    larger[: len(array)] = array
    return larger
