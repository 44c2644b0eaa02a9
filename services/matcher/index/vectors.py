"""Dense vectors in FAISS with filters; exact, and rows are really gone when removed."""

from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from services.kernel.errors import InvalidArgument

Rows = NDArray[np.int64]
_faiss: Any = faiss  # its stubs describe the C++ signatures, not the Python ones


class VectorIndex:
    """Unit vectors by row number, 0 … size - 1, in a flat inner-product index.

    A row may be blank (nothing to compare); blank rows are never found. Removal moves the last row into the
    gap and overwrites what stood there.
    """

    def __init__(self, dimensions: int) -> None:
        self._index: Any = _faiss.IndexFlatIP(dimensions)
        self._filled = np.zeros(0, np.bool_)

    @classmethod
    def of(cls, vectors: NDArray[np.float32]) -> "VectorIndex":
        """Holding the rows of a matrix; zero rows are blank. Raises InvalidArgument for NaN or infinity."""
        result = cls(vectors.shape[1])
        _finite(vectors)
        result._index.add(np.ascontiguousarray(vectors, np.float32))
        result._filled = np.any(vectors != 0, axis=1)
        return result

    @property
    def size(self) -> int:
        """Number of rows, blank ones included."""
        return int(self._index.ntotal)

    @property
    def dimensions(self) -> int:
        """Width of the vectors."""
        return int(self._index.d)

    def vectors(self) -> NDArray[np.float32]:
        """[size, dimensions]: a view of the index's own memory, valid until the next change."""
        if self.size == 0:
            return np.zeros((0, self.dimensions), np.float32)
        flat: NDArray[np.float32] = _faiss.rev_swig_ptr(self._index.get_xb(), self.size * self.dimensions)
        return flat.reshape(self.size, self.dimensions)

    def put(self, row: int, vector: NDArray[np.float32] | None) -> None:
        """Overwrite one row, or append it when `row` is the present size; None makes it blank.

        Raises InvalidArgument for a wrong dimension, NaN, infinity or the zero vector.
        """
        value = np.zeros(self.dimensions, np.float32) if vector is None else self._checked(vector)
        if row == self.size:
            self._index.add(value[None, :])
            self._filled = np.append(self._filled, vector is not None)
        else:
            self.vectors()[row] = value
            self._filled[row] = vector is not None

    def remove(self, row: int) -> None:
        """Forget one row; the last row takes its number."""
        last = self.size - 1
        vectors = self.vectors()
        vectors[row] = vectors[last]
        vectors[last] = 0
        self._filled[row] = self._filled[last]
        self._filled = self._filled[:last].copy()
        self._index.codes.resize(last * self.dimensions * 4)
        self._index.ntotal = last

    def search(
        self, vector: NDArray[np.float32], k: int, admitted: NDArray[np.bool_] | None = None
    ) -> tuple[Rows, NDArray[np.float32]]:
        """The k nearest of the admitted rows, best first, ties by row number; fewer when there are fewer.

        Raises InvalidArgument for a vector that cannot be compared or a mask of another length.
        """
        query = self._checked(vector)
        mask = self._filled if admitted is None else self._filled & self._mask(admitted)
        wanted = min(k, int(np.count_nonzero(mask)))
        if wanted <= 0:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        selector = _faiss.IDSelectorBitmap(np.packbits(mask, bitorder="little"))
        similarities, rows = self._index.search(
            query[None, :], wanted, params=_faiss.SearchParameters(sel=selector)
        )
        order = np.lexsort((rows[0], -similarities[0]))
        return rows[0][order], similarities[0][order]

    def _mask(self, admitted: NDArray[np.bool_]) -> NDArray[np.bool_]:
        if admitted.shape != (self.size,):
            raise InvalidArgument.field(
                "filter",
                "MASK_LENGTH",
                f"筛选掩码的长度应为 {self.size}",
                f"the mask of admitted rows must have {self.size} elements",
            )
        return admitted

    def _checked(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        if vector.shape != (self.dimensions,):
            raise InvalidArgument.field(
                "vector",
                "WRONG_DIMENSION",
                f"向量应为 {self.dimensions} 维，收到的形状是 {vector.shape}",
                f"the vector must have {self.dimensions} dimensions, its shape is {vector.shape}",
            )
        _finite(vector)
        if not vector.any():
            raise InvalidArgument.field(
                "vector", "ZERO_VECTOR", "零向量无法比较", "the zero vector cannot be compared"
            )
        return np.ascontiguousarray(vector, np.float32)


def _finite(vectors: NDArray[np.float32]) -> None:
    if not np.isfinite(vectors).all():
        raise InvalidArgument.field(
            "vector", "NOT_FINITE", "向量含有 NaN 或无穷大", "the vector holds NaN or infinity"
        )
