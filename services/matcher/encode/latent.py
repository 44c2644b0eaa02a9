"""The dense side: latent semantic analysis of the sparse rows by randomised singular value decomposition."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from services.matcher.encode.sparse import COLUMNS, on_grid

MAX_TERMS = 32_768
MAX_FITTED_ROWS = 4_000
_COMMON = 0.5


@dataclass(frozen=True, slots=True)
class LatentModel:
    """`terms`: the hashed columns that take part, ascending; `components`: [terms, dimensions] float32."""

    terms: NDArray[np.int32]
    components: NDArray[np.float32]
    places: NDArray[np.int32]

    @classmethod
    def of(cls, terms: NDArray[np.int32], components: NDArray[np.float32]) -> "LatentModel":
        """With the look-up from hashed column to row of the components."""
        places = np.full(COLUMNS, -1, np.int32)
        places[terms] = np.arange(len(terms), dtype=np.int32)
        return cls(terms, components, places)

    @classmethod
    def fitted(cls, rows: csr_array, dimensions: int, seed: int) -> "LatentModel":
        """Fitted on at most MAX_FITTED_ROWS sparse rows; fewer dimensions when the rows carry no more."""
        terms = _terms(rows)
        sample = _sample(rows, seed)[:, terms]
        dimensions = min(dimensions, min(sample.shape) - 1)
        if dimensions < 1:
            return cls.of(terms[:0], np.zeros((0, 1), np.float32))
        return cls.of(terms, _components(sample, dimensions, seed))

    def vectors(self, rows: csr_array) -> NDArray[np.float32]:
        """[n, dimensions] unit vectors on the grid; zero for a row that shares no term with the model.

        The rows of the components are gathered, for one text as for many by the same routine, so that a text
        has one vector on every path.
        """
        places = self.places[rows.indices]
        kept = places >= 0
        indptr = np.concatenate(([0], np.cumsum(kept)))[rows.indptr]
        known = csr_array((rows.data[kept], places[kept], indptr), shape=(rows.shape[0], len(self.terms)))
        dense = np.asarray(known @ self.components, dtype=np.float64)
        norms = np.sqrt(np.einsum("ij,ij->i", dense, dense))[:, None]
        return on_grid(np.divide(dense, norms, out=np.zeros_like(dense), where=norms > 0))


def _terms(rows: csr_array) -> NDArray[np.int32]:
    """Columns in two rows or more and at most half of them; the most frequent when there are too many."""
    frequency = np.bincount(rows.indices, minlength=COLUMNS)
    terms = np.flatnonzero((frequency >= 2) & (frequency <= max(2, _COMMON * rows.shape[0])))
    if len(terms) > MAX_TERMS:
        terms = np.sort(terms[np.argsort(-frequency[terms], kind="stable")[:MAX_TERMS]])
    return terms.astype(np.int32)


def _sample(rows: csr_array, seed: int) -> csr_array:
    if rows.shape[0] <= MAX_FITTED_ROWS:
        return rows
    chosen = np.random.default_rng(seed).choice(rows.shape[0], MAX_FITTED_ROWS, replace=False)
    return rows[np.sort(chosen)]


def _components(sample: csr_array, dimensions: int, seed: int) -> NDArray[np.float32]:
    from sklearn.utils.extmath import randomized_svd

    _, _, right = randomized_svd(
        sample.astype(np.float32), dimensions, n_oversamples=10, n_iter=2, random_state=seed
    )
    return np.ascontiguousarray(right.T, dtype=np.float32)
