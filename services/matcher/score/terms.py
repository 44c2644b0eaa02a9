"""Which terms two texts share, with the weight of each, and which of the anchor's the candidate lacks."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from services.matcher.encode.encoder import Encoder
from services.matcher.encode.grams import Grams, grams, normalise
from services.matcher.encode.sparse import columns_of

MAX_TERMS = 8
_PLAIN = 0.35


@dataclass(frozen=True, slots=True)
class Term:
    """A stretch of the anchor's text in its normalised form.

    `share` is its part of all shared weight (of all missing weight, for a missing term); `start` and `end`
    tell where it first stands in the anchor's normalised text.
    """

    text: str
    share: float
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class TermEvidence:
    """The heaviest shared terms and the heaviest missing ones, heaviest first."""

    matched: tuple[Term, ...] = ()
    missing: tuple[Term, ...] = ()


_Span = tuple[int, int]


def shared_terms(encoder: Encoder, anchor: str, candidate: str) -> TermEvidence:
    """Compare two texts gram by gram, adjacent grams put together to what can be read.

    A gram weighs the product of its two tf-idf weights, as in the sparse similarity. Grams that overlap or
    touch become one term as long as the whole term stands in the candidate's text too.
    """
    text, other = normalise(anchor), normalise(candidate)
    rows = encoder.encode([anchor, candidate]).sparse
    found = grams([text])
    columns = columns_of(found.key)
    own, theirs = _weights(rows, 0, columns), _weights(rows, 1, columns)
    occurrences = np.bincount(columns, minlength=1)[columns]
    products = own * theirs / occurrences
    credit = _per_character(found, products, len(text))
    spans = _joined(sorted(set(_spans(found, products > 0))), text, other)
    matched = _heaviest(text, spans, credit)
    lack = _per_character(found, np.where(theirs > 0, 0.0, own * own) / occurrences, len(text))
    return TermEvidence(matched, _heaviest(text, _gaps(found, theirs > 0, encoder), lack))


def _weights(rows: csr_array, row: int, columns: NDArray[np.int64]) -> NDArray[np.float64]:
    part = slice(rows.indptr[row], rows.indptr[row + 1])
    weights = dict(zip(rows.indices[part].tolist(), rows.data[part].tolist(), strict=True))
    return np.array([weights.get(column, 0.0) for column in columns.tolist()], np.float64)


def _per_character(found: Grams, values: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    """Each gram's value spread evenly over its characters."""
    slope = np.zeros(size + 2)
    each = values / (found.end - found.start)
    np.add.at(slope, found.start, each)
    np.add.at(slope, found.end, -each)
    return np.maximum(np.cumsum(slope)[:size], 0.0)


def _spans(found: Grams, chosen: NDArray[np.bool_]) -> Iterator[_Span]:
    whole = chosen & (found.kind >= 0)
    return zip(found.start[whole].tolist(), found.end[whole].tolist(), strict=True)


def _joined(spans: list[_Span], text: str, other: str) -> list[_Span]:
    """Spans put together while their union is a common substring."""
    joined: list[_Span] = []
    for start, end in spans:
        if joined and start <= joined[-1][1] and text[joined[-1][0] : max(end, joined[-1][1])] in other:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        elif not joined or end > joined[-1][1]:
            joined.append((start, end))
    return joined


def _gaps(found: Grams, matched: NDArray[np.bool_], encoder: Encoder) -> list[_Span]:
    """Maximal stretches of telling single characters and words that the candidate lacks."""
    unit = (found.kind == 0) | (found.kind == 1)
    weights = encoder.term_weights(columns_of(found.key))
    telling = unit & ~matched & (weights >= _PLAIN * weights.max(initial=0.0))
    gaps: list[_Span] = []
    for start, end in sorted(_spans(found, telling)):
        if gaps and start == gaps[-1][1]:
            gaps[-1] = (gaps[-1][0], end)
        else:
            gaps.append((start, end))
    return gaps


def _heaviest(text: str, spans: list[_Span], credit: NDArray[np.float64]) -> tuple[Term, ...]:
    """Equal terms added up, single characters left out, the heaviest first."""
    total = float(credit.sum())
    terms: dict[str, Term] = {}
    counted = 0
    for start, end in spans:
        name = text[start:end]
        share = float(credit[max(start, counted) : end].sum()) / total if total > 0 else 0.0
        counted = end
        if end - start > 1 and share > 0:
            first = terms.get(name, Term(name, 0.0, start, end))
            terms[name] = Term(name, first.share + share, first.start, first.end)
    return tuple(sorted(terms.values(), key=lambda term: (-term.share, term.start))[:MAX_TERMS])
