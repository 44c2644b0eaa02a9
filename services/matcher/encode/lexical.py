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
from services.matcher.encode.encoder import Arrays, Encoded, Facts, Mix
from services.matcher.encode.latent import LatentModel
from services.matcher.encode.sparse import GRID, KIND_WEIGHTS, SATURATION, SparseModel, term_rows

LEXICAL = "lexical"
# Part of the version: raised also when the same rows score differently, so that stored lists are made anew.
_FORMAT = 3
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
        return cls(settings, *fit(tuple(texts), settings))

    @classmethod
    def fitted_rows(
        cls, texts: Sequence[str], settings: LexicalSettings | None = None
    ) -> tuple["LexicalEncoder", Encoded]:
        """Fitted on the given texts, with their rows: what both need is made once."""
        settings, counts = settings or LexicalSettings(), term_rows(texts)
        encoder = cls(settings, *_fitted_on(counts, settings))
        return encoder, encoder._encoded(counts)

    @classmethod
    def restored(cls, arrays: Arrays, facts: Facts) -> "LexicalEncoder":
        """From what `arrays` and `facts` gave."""
        latent = LatentModel.of(arrays["terms"].astype(np.int32), arrays["components"].astype(np.float32))
        sparse = SparseModel(arrays["idf"].astype(np.float32))
        return cls(LexicalSettings(**facts), sparse, latent)  # type: ignore[arg-type]

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

    def encode(self, texts: Sequence[str]) -> Encoded:
        """Rows of the texts."""
        return self._encoded(term_rows(texts))

    def _encoded(self, counts: csr_array) -> Encoded:
        """Rows of texts by their grams; of many texts in parts, each text by itself."""
        parts = [counts[start : start + _PART] for start in range(0, counts.shape[0], _PART)]
        if len(parts) < 2:
            return self._part(counts)
        made = side_by_side(self._part, parts)
        dense = np.concatenate([part.dense for part in made])
        return Encoded(dense, vstack([part.sparse for part in made], format="csr"))

    def _part(self, counts: csr_array) -> Encoded:
        rows = self._sparse.rows(counts)
        return Encoded(self._latent.vectors(rows), rows)

    def term_weights(self, columns: NDArray[np.int64]) -> NDArray[np.float32]:
        """Inverse document frequencies."""
        return self._sparse.idf[columns]

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """The fitted state, for storage."""
        return {"idf": self._sparse.idf, "terms": self._latent.terms, "components": self._latent.components}

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

    def fitted_rows(self, texts: Sequence[str]) -> tuple[LexicalEncoder, Encoded]:
        """With the standard settings."""
        return LexicalEncoder.fitted_rows(texts)

    def restored(self, arrays: Arrays, facts: Facts) -> LexicalEncoder:
        """With the settings it was made with."""
        return LexicalEncoder.restored(arrays, facts)


def _version(settings: LexicalSettings, sparse: SparseModel, latent: LatentModel) -> str:
    facts = [_FORMAT, asdict(settings), SATURATION, GRID, sorted(KIND_WEIGHTS.items())]
    digest = hashlib.sha256(json.dumps(facts, sort_keys=True).encode())
    for array in (sparse.idf, latent.terms, latent.components):
        digest.update(np.ascontiguousarray(array).tobytes())
    return f"lexical-{digest.hexdigest()[:16]}"


def _fitted(texts: Sequence[str], settings: LexicalSettings) -> tuple[SparseModel, LatentModel]:
    return _fitted_on(term_rows(texts), settings)


def _fitted_on(counts: csr_array, settings: LexicalSettings) -> tuple[SparseModel, LatentModel]:
    sparse = SparseModel.fitted(counts)
    return sparse, LatentModel.fitted(sparse.rows(counts), settings.dimensions, settings.seed)


# A process that starts is fitted on the catalogue's texts more than once.
_fitted_once = lru_cache(maxsize=2)(_fitted)
