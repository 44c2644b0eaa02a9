"""Which terms two texts share, with the weight of each, and which of the anchor's the candidate lacks; and the same
of the words of directions, where a kind counts these and not the likeness of texts.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice, zip_longest

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from services.catalogue.regional import regional_forms
from services.matcher.domain.texts.denial import affirmed
from services.matcher.domain.texts.wording import Wording
from services.matcher.encode.encoder import Encoded, Encoder, Mix
from services.matcher.encode.grams import WORD, Grams, grams, normalise
from services.matcher.encode.sparse import columns_of
from services.matcher.score.posting_words import posting_words
from services.matcher.score.word_ends import Span, WordEnds, stretches

MAX_TERMS = 8

# Of inverse document frequencies, ln((1 + n) / (1 + df)) + 1: an ideograph or a word in more than a third of all
# texts does not begin or end a term, and a matched term holds something that at most one text in ten has.
_PLAIN, _RARE = 2.0, 3.3


@dataclass(frozen=True, slots=True)
class Term:
    """A stretch of the anchor's text in its normalised form.

    `share` is its part of all shared weight (of all missing weight, for a missing term); `start` and `end`
    tell where it first stands in the anchor's normalised text; a word of a direction stands for itself.
    """

    text: str
    share: float
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class TermEvidence:
    """The heaviest shared terms and the heaviest missing ones, heaviest first.

    `by_meaning`: whether the texts are alike by their dense vectors more than by what they share.
    """

    matched: tuple[Term, ...] = ()
    missing: tuple[Term, ...] = ()
    by_meaning: bool = False


def shared_terms(encoder: Encoder, anchor: str, candidate: str) -> TermEvidence:
    """Compare two texts gram by gram, adjacent grams put together to what can be read.

    A gram weighs the product of its two tf-idf weights, as in the sparse similarity. Grams that overlap or
    touch become one term as long as the whole term stands in the candidate's text too. What either text denies is
    neither shared nor lacking.
    """
    text, other = affirmed(normalise(anchor)), affirmed(normalise(candidate))
    encoded = encoder.encode([anchor, candidate])
    rows = encoded.sparse
    found = grams([text])
    columns = columns_of(found.key)
    own, theirs = _weights(rows, 0, columns), _weights(rows, 1, columns)
    occurrences = np.bincount(columns, minlength=1)[columns]
    products = own * theirs / occurrences
    credit = _per_character(found, products, len(text))
    parting = posting_words(text)
    telling = _telling(found, encoder, len(text)) & ~parting
    ends = WordEnds(text, parting, _pairs(found, encoder))
    rare = _rare(found, encoder)
    told = [
        span
        for whole in _joined(sorted(set(_spans(found, products > 0))), text, other)
        for part in ends.parts(whole)
        if (span := ends.of(part, whole)) and _holds_any(span, rare) and telling[span[0] : span[1]].any()
    ]
    matched = _heaviest(text, told, credit)
    lack = _per_character(found, np.where(theirs > 0, 0.0, own * own) / occurrences, len(text))
    telling[_covered(found, products > 0, len(text))] = False
    lacking = [span for each in stretches(ends.bridged(telling)) if (span := ends.of(each)) is not None]
    return TermEvidence(matched, _heaviest(text, lacking, lack), _by_meaning(encoder.mix, encoded))


def _by_meaning(mix: Mix, pair: Encoded) -> bool:
    sparse = float((pair.sparse[[0]] @ pair.sparse[[1]].T).sum())
    return mix.dense * float(pair.dense[0] @ pair.dense[1]) > mix.sparse * sparse


def placed_terms(wording: Wording, leaves: Iterable[str], candidate: str) -> TermEvidence:
    """The words of these leaves that a text holds, the most frequent first, and words that it does not, in no regional
    form and within no longer word of the vocabulary either: of every leaf in turn, Chinese ones first.
    """
    wanted = set(leaves)
    found = wording.find(candidate)
    held = [each for each in found if any(sense.code in wanted for sense in each.senses)]
    total = sum(each.count for each in held)
    turns = zip_longest(*(sorted(wording.terms_of(leaf), key=str.isascii) for leaf in sorted(wanted)))
    words = dict.fromkeys(word for word in chain.from_iterable(turns) if word)
    lacking = (
        word
        for word in words
        if not any(form in each.word for form in (word, *regional_forms(word)) for each in found)
    )
    shown = list(islice(lacking, MAX_TERMS))
    return TermEvidence(
        tuple(_word(each.word, each.count / total) for each in held[:MAX_TERMS]),
        tuple(_word(word, 1 / len(shown)) for word in shown),
    )


def _word(word: str, share: float) -> Term:
    text = normalise(word)
    return Term(text, share, 0, len(text))


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


def _spans(found: Grams, chosen: NDArray[np.bool_]) -> Iterator[Span]:
    whole = chosen & (found.kind >= 0)
    return zip(found.start[whole].tolist(), found.end[whole].tolist(), strict=True)


def _joined(spans: list[Span], text: str, other: str) -> list[Span]:
    """Spans put together while their union is a common substring."""
    joined: list[Span] = []
    for start, end in spans:
        if joined and start <= joined[-1][1] and text[joined[-1][0] : max(end, joined[-1][1])] in other:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        elif not joined or end > joined[-1][1]:
            joined.append((start, end))
    return joined


def _telling(found: Grams, encoder: Encoder, size: int) -> NDArray[np.bool_]:
    """Characters of words and single ideographs that are not plain."""
    weights = encoder.term_weights(columns_of(found.key))
    unit = (found.kind == WORD) | (found.kind == 1)
    chosen = unit & (weights >= _PLAIN)
    return _covered(found, chosen, size, shortest=1)


def _rare(found: Grams, encoder: Encoder) -> list[Span]:
    """Words and pairs of ideographs that few texts have, in order."""
    chosen = (found.kind == WORD) | (found.kind == 2)
    chosen &= encoder.term_weights(columns_of(found.key)) >= _RARE
    return sorted(_spans(found, chosen))


def _holds_any(span: Span, parts: list[Span]) -> bool:
    """Whether one of the ordered parts lies inside the span."""
    for start, end in parts[bisect_left(parts, (span[0], 0)) :]:
        if start >= span[1]:
            return False
        if end <= span[1]:
            return True
    return False


def _covered(found: Grams, chosen: NDArray[np.bool_], size: int, shortest: int = 2) -> NDArray[np.bool_]:
    """Characters inside a chosen gram of at least `shortest` characters."""
    covered = np.zeros(size, np.bool_)
    for start, end in _spans(found, chosen):
        if end - start >= shortest:
            covered[start:end] = True
    return covered


def _pairs(found: Grams, encoder: Encoder) -> dict[int, float]:
    """By its start, how rare every pair of ideographs of a text is: no less than either of the two, whatever else
    counts in the same column.
    """
    weights = encoder.term_weights(columns_of(found.key))
    alone, pairs = found.kind == 1, found.kind == 2
    least = dict(zip(found.start[alone].tolist(), weights[alone].tolist(), strict=True))
    return {
        at: max(weight, least.get(at, 0.0), least.get(at + 1, 0.0))
        for at, weight in zip(found.start[pairs].tolist(), weights[pairs].tolist(), strict=True)
    }


def _heaviest(text: str, spans: list[Span], credit: NDArray[np.float64]) -> tuple[Term, ...]:
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
