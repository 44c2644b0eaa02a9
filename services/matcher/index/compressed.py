"""Rows packed into half a byte for four numbers (product quantisation, FAISS fast scan): a million in milliseconds.

The packed rows only say whom to look at; whoever uses them compares the rows themselves. They are made of all rows at
once. What changed since is marked, and is looked at itself.
"""

from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]
_faiss: Any = faiss  # its stubs describe the C++ signatures, not the Python ones
_PER_CODE = 4
_BITS = 4


class Compressed:
    """The rows of a matrix as they were when it was made."""

    def __init__(self, vectors: NDArray[np.float32]) -> None:
        self._width = -(-vectors.shape[1] // _PER_CODE) * _PER_CODE
        self._index: Any = _faiss.IndexPQFastScan(
            self._width, self._width // _PER_CODE, _BITS, _faiss.METRIC_INNER_PRODUCT
        )
        padded = self._padded(vectors)
        self._index.train(padded)
        self._index.add(padded)
        self._stale = np.zeros(len(vectors), np.bool_)

    @property
    def size(self) -> int:
        """Rows it was made of."""
        return len(self._stale)

    @property
    def stale(self) -> int:
        """How many of them are not what they were."""
        return int(np.count_nonzero(self._stale))

    def changed(self, row: int) -> None:
        """A row is not what it was any more."""
        if row < self.size:
            self._stale[row] = True

    def changed_rows(self) -> Rows:
        """Those rows."""
        return np.flatnonzero(self._stale)

    def nearest(self, vector: NDArray[np.float32], count: int) -> Rows:
        """About the nearest rows that are what they were, in the order of what the packed rows say."""
        _, found = self._index.search(self._padded(vector[None, :]), min(count, self.size))
        rows: Rows = found[0][found[0] >= 0]
        return rows[~self._stale[rows]]

    def _padded(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        missing = self._width - vectors.shape[1]
        whole = np.pad(vectors, ((0, 0), (0, missing))) if missing else vectors
        return np.ascontiguousarray(whole, np.float32)
