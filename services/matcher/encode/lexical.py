"""The encoder that needs no download: hashed grams, and latent dimensions fitted on catalogue and corpus."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from services.kernel.side_by_side import side_by_side
from services.matcher.domain.texts.windows import FORM
from services.matcher.encode.encoder import Arrays, Encoded, Facts, Mix
from services.matcher.encode.latent import LatentModel
from services.matcher.encode.sparse import GRID, KIND_WEIGHTS, SATURATION, SparseModel, term_rows

LEXICAL = "lexical"
# Part of the version: raised also when the same rows score differently, so that stored lists are made anew.
_FORMAT = 6
_FEW = 1_000
_PART = 2_000


@dataclass(frozen=True, slots=True)
class LexicalSettings:
    """`dense_weight` is what a unit of dense similarity counts against a unit of sparse similarity.

    Sparse rows decide on technical text; more weight on the dense side loses exact terms.
    """

    dimensions: int = 256
    seed: int = 20231106
    dense_weight: float = 0.1
    sparse_weight: float = 1.0


class LexicalEncoder:
    """Sparse tf-idf of hashed grams beside its latent semantic analysis; immutable once fitted."""

    def __init__(self, settings: LexicalSettings, sparse: SparseModel, latent: LatentModel) -> None:
        self.settings = settings
        self._sparse = sparse
        self._latent = latent
        self._version = _version(settings, sparse, latent)

    @classmethod
    def fitted(cls, texts: Sequence[str], settings: LexicalSettings | None = None) -> "LexicalEncoder":
        """Fitted on the given texts; the catalogue's alone are enough to begin with."""
        settings = settings or LexicalSettings()
        fit = _fitted_once if len(texts) <= _FEW else _fitted
        sparse, latent = fit(tuple(texts), settings)
        return cls(settings, sparse, latent)

    @classmethod
    def fitted_rows(
        cls, counts: csr_array, settings: LexicalSettings | None = None
    ) -> tuple["LexicalEncoder", Encoded]:
        """Fitted on texts of which these are the `term_rows`, with their rows: what both need is made once."""
        settings = settings or LexicalSettings()
        sparse, rows, latent = _fitted_on(counts, settings)
        encoder = cls(settings, sparse, latent)
        return encoder, encoder._encoded(rows)

    @classmethod
    def restored(cls, arrays: Arrays, facts: Facts) -> "LexicalEncoder":
        """From what `arrays` and `facts` gave."""
        latent = LatentModel.of(arrays["terms"].astype(np.int32), arrays["components"].astype(np.float32))
        sparse = SparseModel.restored(arrays)
        return cls(LexicalSettings(**facts), sparse, latent)  # type: ignore[arg-type]  # as `facts` gave them

    @property
    def version(self) -> str:
        """Hash of configuration and fitted state."""
        return self._version

    @property
    def family(self) -> str:
        """Of which there is one."""
        return LEXICAL

    @property
    def dimensions(self) -> int:
        """Width of the dense rows: at most what the settings ask, less when fitted on few texts."""
        return int(self._latent.components.shape[1])

    @property
    def mix(self) -> Mix:
        """Weights of the two similarities."""
        return Mix(self.settings.sparse_weight, self.settings.dense_weight)

    def fit(self, texts: Sequence[str]) -> "LexicalEncoder":
        """A new encoder with these settings, fitted on other texts."""
        return LexicalEncoder.fitted(texts, self.settings)

    def encode(self, texts: Sequence[str], counts: csr_array | None = None) -> Encoded:
        """Rows of the texts."""
        return self._encoded(_rows(self._sparse, term_rows(texts) if counts is None else counts))

    def _encoded(self, rows: csr_array) -> Encoded:
        """With their dense side; of many texts in parts, each text by itself."""
        dense = side_by_side(self._latent.vectors, _parts(rows))
        return Encoded(np.concatenate(dense) if len(dense) > 1 else dense[0], rows)

    def term_weights(self, columns: NDArray[np.int64]) -> NDArray[np.float32]:
        """Inverse document frequencies."""
        return self._sparse.idf[columns]

    def known(self, encoded: Encoded) -> NDArray[np.float64]:
        """By the grams, of which the dense side is made too."""
        return self._sparse.known(encoded.sparse)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """The fitted state, for storage."""
        latent = {"terms": self._latent.terms, "components": self._latent.components}
        return {**self._sparse.arrays(), **latent}

    def facts(self) -> dict[str, object]:
        """The settings."""
        return asdict(self.settings)


class LexicalFamily:
    """The default family."""

    name = LEXICAL
    in_step = True

    def fitted(self, texts: Sequence[str]) -> LexicalEncoder:
        """With the standard settings."""
        return LexicalEncoder.fitted(texts)

    def fitted_rows(self, texts: Sequence[str], counts: csr_array) -> tuple[LexicalEncoder, Encoded]:  # noqa: ARG002 (the seam's)
        """With the standard settings."""
        return LexicalEncoder.fitted_rows(counts)

    def restored(self, arrays: Arrays, facts: Facts) -> LexicalEncoder:
        """With the settings it was made with."""
        return LexicalEncoder.restored(arrays, facts)


def _version(settings: LexicalSettings, sparse: SparseModel, latent: LatentModel) -> str:
    facts = [_FORMAT, FORM, asdict(settings), SATURATION, GRID, sorted(KIND_WEIGHTS.items())]
    digest = hashlib.sha256(json.dumps(facts, sort_keys=True).encode())
    for array in (*sparse.arrays().values(), latent.terms, latent.components):
        digest.update(np.ascontiguousarray(array).tobytes())
    return f"lexical-{digest.hexdigest()[:16]}"


def _fitted(texts: Sequence[str], settings: LexicalSettings) -> tuple[SparseModel, LatentModel]:
    sparse, _, latent = _fitted_on(term_rows(texts), settings)
    return sparse, latent


def _fitted_on(counts: csr_array, settings: LexicalSettings) -> tuple[SparseModel, csr_array, LatentModel]:
    """With the sparse rows of the texts that were counted."""
    sparse = SparseModel.fitted(counts)
    rows = _rows(sparse, counts)
    return sparse, rows, LatentModel.fitted(rows, settings.dimensions, settings.seed)


def _rows(sparse: SparseModel, counts: csr_array) -> csr_array:
    """The sparse rows of texts by their grams."""
    made = side_by_side(sparse.rows, _parts(counts))
    return vstack(made, format="csr") if len(made) > 1 else made[0]


def _parts(rows: csr_array) -> list[csr_array]:
    """Some thousand rows each, one part at least."""
    return [rows[start : start + _PART] for start in range(0, max(1, rows.shape[0]), _PART)]


# A process that starts is fitted on the catalogue's texts more than once.
_fitted_once = lru_cache(maxsize=2)(_fitted)
