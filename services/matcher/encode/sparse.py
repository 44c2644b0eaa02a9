"""The sparse side: saturated term frequency times inverse document frequency over hashed grams."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from services.kernel.side_by_side import side_by_side
from services.matcher.domain.texts.denial import affirmed
from services.matcher.encode.grams import WORD, WORD_PAIR, WORD_START, grams, normalise

COLUMN_BITS = 20
COLUMNS = 1 << COLUMN_BITS
SATURATION = 2.0
GRID = 2048.0

# Measured on abstracts, titles, definitions, manuals and experts' papers in five languages: single ideographs carry
# meaning across synonyms, parts of words across inflections and compounds, their starts across related languages, and
# pairs of words say what neither does alone.
KIND_WEIGHTS = {1: 1.2, 2: 1.0, WORD: 1.0, WORD_PAIR: 0.8, WORD_START: 0.8, -3: 0.5, -4: 0.3}
# Few enough that what is made of a batch stays near the processor.
_BATCH_CHARACTERS = 50_000
_SLOPE = 0.75
_MEASURED = 20_000
_NUMBER_BITS = 21
_MOST_HELD = 0.25
"""Columns that count as held by the texts: so few that a gram which none of them has is seldom taken for one."""


@dataclass(frozen=True, slots=True)
class SparseModel:
    """Inverse document frequencies, `ln((1 + n) / (1 + df)) + 1`, a gram never seen has df = 0; and the middle length
    of the weighted rows before they are brought to one.
    """

    idf: NDArray[np.float32]
    middle: float
    _held: NDArray[np.bool_] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_held", _held_by_most(self.idf))

    @classmethod
    def fitted(cls, counts: csr_array) -> "SparseModel":
        """From the rows of `term_rows` over the texts to fit on; the middle one from some tens of thousands."""
        frequency = np.bincount(counts.indices, minlength=COLUMNS)
        idf = (np.log((1 + counts.shape[0]) / (1 + frequency)) + 1).astype(np.float32)
        told = np.flatnonzero(np.diff(counts.indptr))
        some = counts[told[:: max(1, len(told) // _MEASURED)]]
        lengths = _lengths(some, some.data * idf[some.indices])
        return cls(idf, float(np.median(lengths)) if len(lengths) else np.inf)

    @classmethod
    def restored(cls, arrays: Mapping[str, NDArray[np.generic]]) -> "SparseModel":
        """From what `arrays` gave, among others."""
        return cls(arrays["idf"].astype(np.float32), float(arrays["middle"].astype(np.float64)[0]))

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """The fitted state, for storage."""
        return {"idf": self.idf, "middle": np.array([self.middle])}

    def rows(self, counts: csr_array) -> csr_array:
        """Rows on a grid of 1/2048; a text without grams has an empty row.

        Their length is one, that of a text longer than the middle one up to 4/3: a long text says more, and to
        divide by all of its length finds it too seldom (pivoted normalisation: Singhal, Buckley and Mitra 1996). On
        the grid every product is a multiple of 2^-22, so that a dot product of two rows, at most 16/9, is exact in
        float32 whatever the order of summation: one pair has one similarity on every path.
        """
        data = counts.data * self.idf[counts.indices]
        lengths = _lengths(counts, data)
        lengths -= (1 - _SLOPE) * np.maximum(lengths - self.middle, 0.0)
        data = on_grid(data / np.repeat(np.where(lengths > 0, lengths, 1.0), np.diff(counts.indptr)))
        rows = csr_array((data, counts.indices.copy(), counts.indptr.copy()), shape=counts.shape)
        rows.eliminate_zeros()
        return rows

    def known(self, rows: csr_array) -> NDArray[np.float64]:
        """Which part of the weight of each row, 0 to 1, lies in columns that the texts hold; 0 of an empty row.

        A row of grams that no text has meets as many of these columns by chance as there are: that is nothing.
        """
        squares = np.append(rows.data.astype(np.float64) ** 2, 0.0)
        held = squares * np.append(self._held[rows.indices], False)
        whole, part = (np.add.reduceat(each, rows.indptr[:-1]) for each in (squares, held))
        told, chance = np.diff(rows.indptr) > 0, float(np.mean(self._held))
        share = np.divide(part, whole, out=np.zeros_like(whole), where=told & (whole > 0))
        known: NDArray[np.float64] = np.clip((share - chance) / (1.0 - chance), 0.0, 1.0)
        return known


def _held_by_most(idf: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which columns stand for grams of the texts: those that any text has, or where so many are taken that grams of
    different texts share them, those that most texts have.
    """
    held = idf < idf.max()
    if np.count_nonzero(held) > _MOST_HELD * len(idf):
        held = idf < np.partition(idf, int(_MOST_HELD * len(idf)))[int(_MOST_HELD * len(idf))]
    return np.asarray(held, np.bool_)


def _lengths(rows: csr_array, data: NDArray[np.floating]) -> NDArray[np.float64]:
    """Euclidean, of rows with these values in their places."""
    if not rows.shape[0]:
        return np.zeros(0)
    squares = np.add.reduceat(np.append(data * data, 0.0), rows.indptr[:-1])
    return np.sqrt(np.where(np.diff(rows.indptr) > 0, squares, 0.0))


def on_grid(values: NDArray[np.floating]) -> NDArray[np.float32]:
    """Values rounded to multiples of 1/2048."""
    rounded: NDArray[np.float32] = (np.rint(values * GRID) / GRID).astype(np.float32)
    return rounded


def term_rows(texts: Sequence[str]) -> csr_array:
    """[texts, 2^20] saturated and weighted gram frequencies, `f * (k + 1) / (f + k)`, k = SATURATION; what a text
    denies is no part of it.
    """
    return normal_term_rows([affirmed(normalise(text)) for text in texts])


def normal_term_rows(texts: Sequence[str]) -> csr_array:
    """The same of texts that are normalised, and without what they deny, already."""
    parts = side_by_side(_term_rows, list(_batches(texts)))
    if not parts:
        return csr_array((0, COLUMNS), dtype=np.float64)
    return vstack(parts, format="csr") if len(parts) > 1 else parts[0]


def columns_of(keys: NDArray[np.uint64]) -> NDArray[np.int64]:
    """The column in which a gram's hash counts."""
    return (keys >> np.uint64(64 - COLUMN_BITS)).astype(np.int64)


def _batches(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """Slices of about fifty thousand characters: of at most 2^18 texts, and 2^20 grams."""
    start, characters = 0, 0
    for number, text in enumerate(texts):
        characters += len(text) + 1
        if characters >= _BATCH_CHARACTERS:
            yield texts[start : number + 1]
            start, characters = number + 1, 0
    if start < len(texts):
        yield texts[start:]


def _term_rows(texts: Sequence[str]) -> csr_array:
    found = grams(texts)
    place = found.document.astype(np.int64) << COLUMN_BITS | columns_of(found.key)
    ordered = np.sort(place << _NUMBER_BITS | np.arange(len(place)))
    place = ordered >> _NUMBER_BITS
    begins = np.flatnonzero(np.diff(place, prepend=-1))
    places, count = place[begins], np.diff(begins, append=len(place))
    kinds = found.kind[ordered[begins] & ((1 << _NUMBER_BITS) - 1)]
    weights = np.zeros(256)
    for kind, weight in KIND_WEIGHTS.items():
        weights[kind % 256] = weight
    data = count * (SATURATION + 1) / (count + SATURATION) * weights[kinds.astype(np.int64) % 256]
    indptr = np.searchsorted(places, np.arange(len(texts) + 1, dtype=np.int64) << COLUMN_BITS)
    indices = (places & (COLUMNS - 1)).astype(np.int32)
    return csr_array((data, indices, indptr.astype(np.int32)), shape=(len(texts), COLUMNS))
