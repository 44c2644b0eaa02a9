"""Sparse rows made ready for products with many others.

Columns that many of the rows have (common characters) stand in a dense matrix, since multiplying those is cheaper than
following them entry by entry; the rest stands by column.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import _sparsetools, csr_array

_COMMON_PART = 12
_MOST_COMMON = 1_024


class Split(NamedTuple):
    """Rows in two parts: `common` dense, [rows, common columns], and `rest`, whose columns count from 0."""

    common: NDArray[np.float32]
    rest: csr_array


class SplitColumns:
    """Which columns are common, and which others count; entries in columns that are neither are left out."""

    def __init__(self, sample: csr_array, others: NDArray[np.bool_] | None = None) -> None:
        """Common is what many rows of the sample have. `others`: the columns that count, else those of the sample."""
        frequency = np.bincount(sample.indices, minlength=sample.shape[1])
        common = np.flatnonzero(frequency * _COMMON_PART >= max(1, sample.shape[0]))
        if len(common) > _MOST_COMMON:
            common = common[np.argsort(-frequency[common], kind="stable")[:_MOST_COMMON]]
        counting = frequency > 0 if others is None else others.copy()
        counting[common] = False
        rest = np.flatnonzero(counting)
        self._rest, self._end = len(rest), len(rest) + len(common)
        self._number = np.full(sample.shape[1], self._end, np.int32)
        self._number[rest] = np.arange(self._rest)
        self._number[common] = np.arange(self._rest, self._end)

    def block(self, rows: csr_array) -> "SparseBlock":
        """Rows without two entries in one column, ready for products."""
        parts = (rows.data, self._number[rows.indices], rows.indptr)
        turned = csr_array(parts, shape=(rows.shape[0], self._end + 1)).tocsc().T
        return SparseBlock(_follow(turned, self._rest, self._end).toarray().T, _follow(turned, 0, self._rest))

    def split(self, rows: csr_array) -> Split:
        """Rows without two entries in one column, in their two parts."""
        block = self.block(rows)
        return Split(np.ascontiguousarray(block.common), block.by_column.T.tocsr())


@dataclass(frozen=True, slots=True)
class SparseBlock:
    """Some rows, which stay as they are, ready for products with others that were split by the same columns.

    `common`: [rows, common columns]; `by_column`: [other columns, rows].
    """

    common: NDArray[np.float32]
    by_column: csr_array

    def products(self, queries: Split) -> NDArray[np.float32]:
        """[queries, rows] inner products; exact for rows on the grid, whatever the order of summation."""
        # Not BLAS by way of SciPy, which keeps all other threads out meanwhile.
        result: NDArray[np.float32] = queries.common @ self.common.T
        _add_product(queries.rest, self.by_column, result)
        return result


def _add_product(one: csr_array, other: csr_array, to: NDArray[np.float32]) -> None:
    """Add the product of two sparse matrices to a dense one.

    As `one @ other` does it, which first goes over everything to count what there will be, and makes a matrix of it.
    """
    rows, columns = to.shape
    starts = np.empty(rows + 1, np.int32)
    numbers, values = np.empty(rows * columns, np.int32), np.empty(rows * columns, np.float32)
    ours, theirs = (one.indptr, one.indices, one.data), (other.indptr, other.indices, other.data)
    _sparsetools.csr_matmat(rows, columns, *ours, *theirs, starts, numbers, values)
    _sparsetools.csr_todense(rows, columns, starts, numbers, values, to)


def _follow(rows: csr_array, start: int, end: int) -> csr_array:
    """Rows that follow one another, without a copy."""
    first, last = rows.indptr[start], rows.indptr[end]
    parts = (rows.data[first:last], rows.indices[first:last], rows.indptr[start : end + 1] - first)
    return csr_array(parts, shape=(end - start, rows.shape[1]), copy=False)
