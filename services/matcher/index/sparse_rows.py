"""Sparse rows that come and go: appended at the end, blanked on removal, compacted when half is dead.

Values are kept in sixteen bits, as steps of the grid of 1/2048 on which all rows are. Beside them stand the same rows
by column (`Postings`), made when many rows are asked about and made anew when they have grown by a part; what was
appended since is read row by row.
"""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from services.matcher.index.postings import GRID, Postings

_FEW = 4
_PART = 10
"""All rows by column are asked in the time in which this part of them is read one by one."""
_MIN_SLOTS = 64
_TURNED_FROM = 2_048
_TAIL_PART = 8


class SparseRows:
    """Rows by number, 0 … size - 1; removal moves the last row into the gap and zeroes the values at once.

    From `turned_from` slots on there are postings.
    """

    def __init__(self, columns: int, turned_from: int = _TURNED_FROM) -> None:
        self._columns = columns
        self._turned_from = turned_from
        self.size = self._slots = 0
        self._data = np.zeros(0, np.uint16)
        self._indices = np.zeros(0, np.int32)
        self._indptr = np.zeros(1, np.int32)
        self._place = np.zeros(0, np.int64)
        self._turned: Postings | None = None

    @classmethod
    def of(cls, rows: csr_array) -> "SparseRows":
        """Holding the rows of a matrix, which is nobody else's any more."""
        result = cls(rows.shape[1])
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
        if rows is not None and len(rows) * _PART < self.size:
            return _products(queries, self.matrix(rows))
        places = self._place[: self.size]
        return self._by_slot(queries)[:, places if rows is None else places[rows]]

    def _by_slot(self, queries: csr_array) -> NDArray[np.float32]:
        """[queries, slots]; what it says of dead slots means nothing."""
        if self._slots < self._turned_from:
            return _products(queries, _in_units(self._all()))
        turned = self._turned
        if turned is None or (self._slots - turned.size) * _TAIL_PART > self._slots:
            turned = self._turned = Postings(self._all())
        tail = _in_units(self._all()[turned.size :])
        found = turned.products(queries)
        return np.concatenate([found, _products(queries, tail)], axis=1) if tail.shape[0] else found

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


def _products(queries: csr_array, stored: csr_array) -> NDArray[np.float32]:
    """[queries, stored]: each query spread out once, or both sparse when there are many."""
    if queries.shape[0] > _FEW:
        return np.asarray((queries @ stored.T).toarray(), np.float32)
    result = np.zeros((queries.shape[0], stored.shape[0]), np.float32)
    vector = np.zeros(queries.shape[1], np.float32)
    for number in range(queries.shape[0]):
        part = slice(queries.indptr[number], queries.indptr[number + 1])
        vector[queries.indices[part]] = queries.data[part]
        result[number] = stored @ vector
        vector[queries.indices[part]] = 0
    return result


_T = TypeVar("_T", bound=np.generic)


def _room(array: NDArray[_T], size: int) -> NDArray[_T]:
    """The array itself, or a larger copy that has room for `size` elements."""
    if size <= len(array):
        return array
    larger = np.zeros(max(size, len(array) * 3 // 2, 64), array.dtype)
    larger[: len(array)] = array
    return larger
