"""The seam of encoders: texts in, one dense and one sparse row each out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Arrays = Mapping[str, NDArray[np.generic]]
Facts = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Mix:
    """How much a unit of each similarity counts in the similarity of two texts."""

    sparse: float
    dense: float


@dataclass(frozen=True, slots=True)
class Encoded:
    """Rows of a batch: `dense` [n, d] and `sparse` [n, columns], multiples of 1/2048, unit length but for the sparse
    rows of long texts, which may be longer (`SparseModel.rows`).

    A text without any letter or ideograph has empty rows in both: `present` is false for it.
    """

    dense: NDArray[np.float32]
    sparse: csr_array

    @property
    def present(self) -> NDArray[np.bool_]:
        """Which texts say anything."""
        return np.asarray(np.diff(self.sparse.indptr) > 0, dtype=np.bool_)


def family_of(version: str) -> str:
    """The family of the encoder of this version."""
    return version.rpartition("-")[0]


class Encoder(Protocol):
    """Turns texts into rows. Rows of one version can be compared with each other and with no other's."""

    @property
    def version(self) -> str:
        """Changes whenever the same text might get another row: the family, a dash, and a hash."""
        ...

    @property
    def family(self) -> str:
        """Name of the family: what does not change with the texts that it was fitted on."""
        ...

    @property
    def dimensions(self) -> int:
        """Width of the dense rows."""
        ...

    @property
    def mix(self) -> Mix:
        """How this encoder's two similarities are to be added."""
        ...

    def fit(self, texts: Sequence[str]) -> "Encoder":
        """A new encoder of the same configuration, fitted on these texts."""
        ...

    def encode(self, texts: Sequence[str], counts: csr_array | None = None) -> Encoded:
        """One row each, the same whatever else is in the batch. `counts`: the `term_rows` of the texts, if at hand."""
        ...

    def term_weights(self, columns: NDArray[np.int64]) -> NDArray[np.float32]:
        """How telling the grams in these sparse columns are (inverse document frequency)."""
        ...

    def known(self, encoded: Encoded) -> NDArray[np.float64]:
        """How much of each of these texts it can compare with those that it was fitted on, 0 to 1."""
        ...

    def arrays(self) -> Arrays:
        """The fitted state, for storage."""
        ...

    def facts(self) -> Facts:
        """What the family restores it with, beside the arrays: JSON values."""
        ...


class Family(Protocol):
    """Encoders that differ only in what they were fitted on."""

    @property
    def name(self) -> str:
        """Changes with the configuration, and with the model where there is one."""
        ...

    @property
    def in_step(self) -> bool:
        """Whether it is fast enough for everything to be encoded anew while changes wait."""
        ...

    def fitted(self, texts: Sequence[str]) -> Encoder:
        """An encoder fitted on these texts; the catalogue's alone are enough to begin with."""
        ...

    def fitted_rows(self, texts: Sequence[str], counts: csr_array) -> tuple[Encoder, Encoded]:
        """The same encoder, and the rows of these texts. `counts`: their `term_rows`."""
        ...

    def restored(self, arrays: Arrays, facts: Facts) -> Encoder:
        """From what `arrays` and `facts` of an encoder gave. Raises KeyError or TypeError when they are not whole."""
        ...
