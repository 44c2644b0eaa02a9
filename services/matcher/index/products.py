"""Products of a vector and some rows of a matrix, without a copy of the rows and without the interpreter."""

from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

_faiss: Any = faiss  # its stubs describe the C++ signatures, not the Python ones


def products(
    matrix: NDArray[np.float32], vector: NDArray[np.float32], rows: NDArray[np.int64]
) -> NDArray[np.float32]:
    """[len(rows)]: of each of these rows with the vector; both contiguous."""
    result = np.empty(len(rows), np.float32)
    given = map(_faiss.swig_ptr, (result, vector, matrix, rows))
    _faiss.fvec_inner_products_by_idx(*given, matrix.shape[1], 1, len(rows))
    return result
