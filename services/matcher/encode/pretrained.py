"""Encoders with a pretrained model as the dense side, beside the same sparse side as the default's."""

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from services.matcher.domain.texts.unbroken import hyphened, unbroken
from services.matcher.domain.texts.windows import FORM
from services.matcher.encode.encoder import Arrays, Encoded, Facts, Mix
from services.matcher.encode.models.model import TextModel
from services.matcher.encode.models.remembering import Remembering
from services.matcher.encode.sparse import GRID, KIND_WEIGHTS, SATURATION, SparseModel, on_grid, term_rows

# Part of the version: raised when the same rows score differently.
_FORMAT = 2
# Measured with two models on titles, sentences and abstracts: what is best for texts of so many different grams, an
# abstract's, grows with the power as texts are shorter, and is flat beyond the most.
_ABSTRACT, _POWER, _MOST = 200, 1.5, 4.0


@dataclass(frozen=True, slots=True)
class PretrainedSettings:
    """`dense_weight` counts against 1 for the sparse similarity among texts as long as abstracts, and more among
    shorter ones (`dense_weight_at`); `fitted_on`: how many texts the centre is made of.
    """

    dense_weight: float
    fitted_on: int = 400
    seed: int = 20231106


class PretrainedEncoder:
    """Sparse tf-idf of hashed grams beside a model's vectors around the centre of the texts; immutable.

    Vectors of such models lie in a narrow cone: without the centre everything is like everything.
    """

    def __init__(
        self,
        model: TextModel,
        settings: PretrainedSettings,
        sparse: SparseModel,
        centre: NDArray[np.float32],
        length: float,
    ) -> None:
        """`length`: how many different grams the middle one of the texts has that it was fitted on."""
        self.settings = settings
        self._model = model
        self._sparse = sparse
        self._centre = centre
        self._length = length
        self._version = _version(model, settings, sparse, centre, length)

    @classmethod
    def of(
        cls,
        texts: Sequence[str],
        model: TextModel,
        settings: PretrainedSettings,
        counts: csr_array | None = None,
    ) -> "PretrainedEncoder":
        """Fitted on the given texts, its centre on `fitted_on` of them. `counts`: their `term_rows`, if at hand."""
        counts = term_rows(texts) if counts is None else counts
        sparse = SparseModel.fitted(counts)
        vectors = model.vectors(_sample(texts, settings))
        centre = vectors.mean(axis=0) if len(vectors) else np.zeros(model.dimensions, np.float32)
        return cls(model, settings, sparse, centre.astype(np.float32), _middle(np.diff(counts.indptr)))

    @property
    def version(self) -> str:
        """The family, and a hash of what was fitted."""
        return self._version

    @property
    def family(self) -> str:
        """Named after the model."""
        return family_name(self._model, self.settings)

    @property
    def dimensions(self) -> int:
        """The model's."""
        return self._model.dimensions

    @property
    def mix(self) -> Mix:
        """Weights of the two similarities, which sum to the same whatever the texts are like."""
        base = self.settings.dense_weight
        weight = dense_weight_at(base, self._length)
        scale = (1.0 + base) / (1.0 + weight)
        return Mix(scale, scale * weight)

    def fit(self, texts: Sequence[str]) -> "PretrainedEncoder":
        """A new encoder with this model and these settings, fitted on other texts."""
        return PretrainedEncoder.of(texts, self._model, self.settings)

    def encode(self, texts: Sequence[str], counts: csr_array | None = None) -> Encoded:
        """Rows of the texts."""
        rows = self._sparse.rows(term_rows(texts) if counts is None else counts)
        told = np.diff(rows.indptr) > 0
        vectors = self._model.vectors(
            [_whole(text) if says else "" for text, says in zip(texts, told, strict=True)]
        )
        away = np.where(vectors.any(axis=1, keepdims=True), vectors - self._centre, 0.0).astype(np.float64)
        norms = np.sqrt(np.einsum("ij,ij->i", away, away))
        factors = np.divide(1.0, norms, out=np.zeros_like(norms), where=norms > 0)
        return Encoded(on_grid(away * factors[:, None]), rows)

    def term_weights(self, columns: NDArray[np.int64]) -> NDArray[np.float32]:
        """Inverse document frequencies."""
        return self._sparse.idf[columns]

    def known(self, encoded: Encoded) -> NDArray[np.float64]:
        """The grams by those of the texts; the model compares any text with any other."""
        of_grams, mix = self._sparse.known(encoded.sparse), self.mix
        known = (mix.sparse * of_grams + mix.dense * encoded.dense.any(axis=1)) / (mix.sparse + mix.dense)
        return np.asarray(known, np.float64)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """The fitted state, for storage."""
        return {**self._sparse.arrays(), "centre": self._centre}

    def facts(self) -> dict[str, object]:
        """The settings, and what the mix depends on."""
        return {**asdict(self.settings), "length": self._length}


class PretrainedFamily:
    """Encoders of one model."""

    in_step = False

    def __init__(self, model: TextModel, settings: PretrainedSettings | None = None) -> None:
        self._model = Remembering(model)
        self._settings = settings or PretrainedSettings(model.weight)
        self.name = family_name(model, self._settings)

    def fitted(self, texts: Sequence[str]) -> PretrainedEncoder:
        """Fitted on these texts."""
        return PretrainedEncoder.of(texts, self._model, self._settings)

    def fitted_rows(self, texts: Sequence[str], counts: csr_array) -> tuple[PretrainedEncoder, Encoded]:
        """Fitted on these texts, with their rows."""
        encoder = PretrainedEncoder.of(texts, self._model, self._settings, counts)
        return encoder, encoder.encode(texts, counts)

    def restored(self, arrays: Arrays, facts: Facts) -> PretrainedEncoder:
        """From what `arrays` and `facts` gave."""
        sparse = SparseModel.restored(arrays)
        told = dict(facts)
        length = told.pop("length")
        if not isinstance(length, float):
            raise TypeError(f"length: {length!r} is no number")
        settings = PretrainedSettings(**told)  # type: ignore[arg-type]  # as `facts` gave them
        return PretrainedEncoder(self._model, settings, sparse, arrays["centre"].astype(np.float32), length)


def dense_weight_at(weight: float, length: float) -> float:
    """What a unit of a model's likeness counts against one of the grams', among texts of so many different grams.

    `weight` is what it counts among abstracts. Long technical texts are told apart by their rare terms, while
    titles that mean the same often share none.
    """
    return max(weight, min(_MOST, weight * math.pow(_ABSTRACT / max(1.0, length), _POWER)))


def _middle(lengths: NDArray[np.integer]) -> float:
    """The median over the texts that say anything; that of an abstract where none does."""
    told = lengths[lengths > 0]
    return float(np.median(told)) if len(told) else float(_ABSTRACT)


def family_name(model: TextModel, settings: PretrainedSettings) -> str:
    """The model, and how its likeness counts."""
    facts = json.dumps([_FORMAT, asdict(settings)], sort_keys=True)
    return f"{model.name}-{hashlib.sha256(facts.encode()).hexdigest()[:8]}"


def _sample(texts: Sequence[str], settings: PretrainedSettings) -> list[str]:
    told = [_whole(text) for text in texts if text.strip()]
    if len(told) <= settings.fitted_on:
        return told
    chosen = np.random.default_rng(settings.seed).choice(len(told), settings.fitted_on, replace=False)
    return [told[number] for number in np.sort(chosen).tolist()]


def _whole(text: str) -> str:
    """As a model reads it: as it was written, but for words that a page's layout breaks."""
    return unbroken(hyphened(text))


def _version(
    model: TextModel,
    settings: PretrainedSettings,
    sparse: SparseModel,
    centre: NDArray[np.float32],
    length: float,
) -> str:
    facts = [FORM, SATURATION, GRID, sorted(KIND_WEIGHTS.items()), length]
    digest = hashlib.sha256(json.dumps(facts).encode())
    for array in (*sparse.arrays().values(), centre):
        digest.update(np.ascontiguousarray(array).tobytes())
    return f"{family_name(model, settings)}-{digest.hexdigest()[:16]}"
