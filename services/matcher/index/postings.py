"""Sparse rows turned round: for every column the slots that hold it, so that a query reads its own columns only.

Values are kept in steps of the grid of 1/2048, on which all rows are. Made of all slots at once and then left
alone. A slot that was blanked since is still in it: whoever reads the result
must not look there.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import _sparsetools, csr_array

_FEW = 4
GRID = np.float32(2048)


class Postings:
    """The first `size` slots of some sparse rows, given in steps of the grid, by column."""

    def __init__(self, rows: csr_array) -> None:
        turned = rows.T.tocsr()
        self.size = int(rows.shape[0])
        self._steps = turned.data
        self._slots = turned.indices.astype(np.int32, copy=False)
        self._starts = turned.indptr

    def products(self, queries: csr_array) -> NDArray[np.float32]:
        """[queries, size] inner products; exact for rows on the grid, whatever the order of summation."""
        if queries.shape[0] > _FEW:
            turned = (self._steps / GRID, self._slots, self._starts)
            by_column = csr_array(turned, shape=(len(self._starts) - 1, self.size), copy=False)
            return np.asarray((queries @ by_column).toarray(), np.float32)
        result = np.zeros((queries.shape[0], self.size), np.float32)
        for number in range(queries.shape[0]):
            part = slice(queries.indptr[number], queries.indptr[number + 1])
            result[number] = self._one(queries.indices[part], queries.data[part])
        return result

    def _one(self, columns: NDArray[np.int32], values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Adds list by list: to lay the lists of a query side by side takes as long as adding them twice."""
        result = np.zeros(self.size, np.float32)
        lists = zip(self._starts[columns].tolist(), self._starts[columns + 1].tolist(), strict=True)
        for (start, end), value in zip(lists, (values / GRID).astype(np.float32), strict=True):
            steps = self._steps[start:end].astype(np.float32)
            whole = np.array([0, end - start], np.int32)
            _sparsetools.csc_matvec(self.size, 1, whole, self._slots[start:end], steps, value[None], result)
        return result
