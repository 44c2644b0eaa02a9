"""Grams of a text by script: ideographs, syllables of hangul and pairs of both; pairs of kana and whole words of
katakana; words, pairs and parts of them for alphabetic scripts.

Everything is computed on arrays of code points, for many texts at once, and every gram is a 64-bit hash of
its characters: there is no vocabulary, so a term that appears for the first time counts at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from services.matcher.domain.texts.windows import Points, Windows, code_points, normal, numbered

WORD, WORD_PAIR = 0, 16
WORD_START, WORD_PARTS = -1, (-3, -4)
MAX_CHARACTERS = 200_000

_GAP, _LETTER, _IDEOGRAPH, _HIRAGANA, _KATAKANA = range(5)
_START_LENGTH = 3
_PAIRED = np.uint64(0xD6E8FEB86659FD93)
# Between two words of a phrase; a mark between them parts a list.
_JOINING = code_points(" \n\t-\u2010\u2011\u2013/_.'\u2019&")
_PLANE_BITS = 16
_WITHIN = (1 << _PLANE_BITS) - 1


@dataclass(frozen=True, slots=True)
class Grams:
    """All gram occurrences of a batch of texts, one array element each.

    `document` is the text's number, `key` the gram's hash, `start` and `end` its place in the joined texts (one
    character between two of them). `kind` is its length in characters; WORD for a whole word, WORD_PAIR for two with
    a space, a hyphen or the like between them, all alike; and below zero for what is less than a word: WORD_START, one
    of WORD_PARTS.
    """

    document: NDArray[np.int32]
    key: NDArray[np.uint64]
    kind: NDArray[np.int8]
    start: NDArray[np.int64]
    end: NDArray[np.int64]


def normalise(text: str) -> str:
    """Of the first MAX_CHARACTERS the form in which texts are compared."""
    return normal(text[:MAX_CHARACTERS])


def grams(texts: Sequence[str]) -> Grams:
    """The grams of already normalised texts; empty and punctuation-only texts simply have none."""
    points = code_points("\n".join(texts) + "\n")
    classes = _classes(points)
    letters = classes == _LETTER
    document, spelt = numbered(texts), _words(letters)
    words = _either(spelt, _words(classes == _KATAKANA))
    spans = {1: _windows(classes == _IDEOGRAPH, 1), 2: _windows(classes >= _IDEOGRAPH, 2)}
    spans |= {WORD: words, WORD_START: _word_starts(spelt)}
    spans |= {part: _word_parts(letters, spelt, -part) for part in WORD_PARTS}
    windows = Windows(points)
    hashes = {kind: windows.hashes(*span) for kind, span in spans.items()}
    first = _paired(words, points, document)
    spans[WORD_PAIR] = words[0][first], words[1][first + 1]
    hashes[WORD_PAIR] = hashes[WORD][first] * _PAIRED + hashes[WORD][first + 1]
    kind = np.repeat(np.array(list(spans), np.int8), [len(start) for start, _ in spans.values()])
    start = np.concatenate([start for start, _ in spans.values()])
    end = np.concatenate([end for _, end in spans.values()])
    return Grams(document[start], _mixed(np.concatenate(list(hashes.values())), kind), kind, start, end)


def _classes(points: Points) -> NDArray[np.int8]:
    """Class of every code point: gap, letter or digit of an alphabetic script, ideograph or hangul, or a kana."""
    classes: NDArray[np.int8] = _plane(0)[points & _WITHIN]
    for plane in range(1, int(points.max(initial=0) >> _PLANE_BITS) + 1):
        there = points >> _PLANE_BITS == plane
        if there.any():
            classes[there] = _plane(plane)[points[there] & _WITHIN]
    return classes


@cache
def _plane(number: int) -> NDArray[np.int8]:
    """The classes of one of the seventeen planes of Unicode."""
    first = number << _PLANE_BITS
    return np.array([_class_of(point) for point in range(first, first + _WITHIN + 1)], np.int8)


def _class_of(point: int) -> int:
    if not chr(point).isalnum():
        return _GAP
    if 0x3040 <= point <= 0x30FF:
        return _HIRAGANA if point < 0x30A0 else _KATAKANA
    ideograph = 0x3400 <= point <= 0x9FFF or 0xAC00 <= point <= 0xD7A3
    return _IDEOGRAPH if ideograph or 0xF900 <= point <= 0xFAFF or point >= 0x20000 else _LETTER


_Spans = tuple[NDArray[np.int64], NDArray[np.int64]]


def _windows(inside: NDArray[np.bool_], length: int) -> _Spans:
    """Every window of `length` characters that lies wholly inside."""
    size = max(0, len(inside) - length + 1)
    whole = inside[:size].copy()
    for shift in range(1, length):
        whole &= inside[shift : size + shift]
    start = np.flatnonzero(whole)
    return start, start + length


def _words(inside: NDArray[np.bool_]) -> _Spans:
    """Every maximal run of what is inside."""
    edges = np.diff(inside.astype(np.int8), prepend=0, append=0)
    return np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)


def _either(some: _Spans, others: _Spans) -> _Spans:
    """The stretches of both, none of which overlap, in their order."""
    start, end = (np.sort(np.concatenate(each)) for each in zip(some, others, strict=True))
    return start, end


def _paired(words: _Spans, points: Points, document: NDArray[np.int32]) -> NDArray[np.int64]:
    """The numbers of the words that the next one follows after one joining character, in the same text."""
    start, end = words[0][1:], words[1][:-1]
    follows = (start == end + 1) & np.isin(points[end], _JOINING) & (document[start] == document[end - 1])
    return np.flatnonzero(follows)


def _word_starts(words: _Spans) -> _Spans:
    """The first letters of longer words: related languages share these more than how a word ends."""
    start = words[0][words[1] - words[0] > _START_LENGTH]
    return start, start + _START_LENGTH


def _word_parts(inside: NDArray[np.bool_], words: _Spans, length: int) -> _Spans:
    """Every window of so many letters in words longer than that: inflected and compound forms share them."""
    start, end = words
    short = end - start <= length
    edges = np.zeros(len(inside) + 1, np.int8)
    edges[start[short]] = 1
    edges[end[short]] -= 1
    return _windows(inside & (np.cumsum(edges[:-1], dtype=np.int8) == 0), length)


def _mixed(value: NDArray[np.uint64], kind: NDArray[np.int8]) -> NDArray[np.uint64]:
    """The hash of each window, salted by its kind, its bits mixed (splitmix64)."""
    value = value ^ (kind.astype(np.int64) + 8).astype(np.uint64) << np.uint64(57)
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))
