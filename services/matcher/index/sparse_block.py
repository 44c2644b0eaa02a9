"""Sparse rows made ready for products with many others.

Columns that many of the rows have (common characters) stand in a dense matrix, since multiplying those is cheaper than
following them entry by entry; the rest stands by column.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.blas import sgemm
from scipy.sparse import csr_array

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
        self._rest, self._common = len(rest), len(common)
        self._number = np.full(sample.shape[1], -1, np.int32)
        self._number[rest] = np.arange(self._rest)
        self._number[common] = np.arange(self._rest, self._rest + self._common)

    def split(self, rows: csr_array) -> Split:
        """Rows without two entries in one column, in their two parts."""
        number, count = self._number[rows.indices], rows.shape[0]
        many = np.flatnonzero(number >= self._rest)
        starts = np.arange(count, dtype=np.int64) * self._common - self._rest
        places = np.repeat(starts, np.diff(rows.indptr))[many] + number[many]
        common = np.zeros(count * self._common, np.float32)
        common[places] = rows.data[many]
        kept = (number >= 0) & (number < self._rest)
        indptr = np.concatenate(([0], np.cumsum(kept, dtype=np.int32)))[rows.indptr]
        data = rows.data[kept].astype(np.float32, copy=False)
        rest = csr_array((data, number[kept], indptr), shape=(count, self._rest))
        return Split(common.reshape(count, self._common), rest)


class SparseBlock:
    """Some rows, which stay as they are, ready for products with others that were split in the same way."""

    def __init__(self, rows: Split) -> None:
        self._common = rows.common
        self._by_column = rows.rest.T.tocsr()

    def products(self, queries: Split) -> NDArray[np.float32]:
        """[queries, rows] inner products; exact for rows on the grid, whatever the order of summation."""
        result: NDArray[np.float32] = (queries.rest @ self._by_column).toarray()
        add_products(result, queries.common, self._common)
        return result


def add_products(total: NDArray[np.float32], one: NDArray[np.float32], other: NDArray[np.float32]) -> None:
    """Add to `total` [one, other] the inner products of rows with rows, without a matrix between."""
    if total.size and one.shape[1]:
        sgemm(1.0, other.T, one.T, 1.0, total.T, trans_a=1, overwrite_c=1)
