"""Grams of a text by script: character n-grams for Han, kana and hangul, words for alphabetic scripts.

Everything is computed on arrays of code points, for many texts at once, and every gram is a 64-bit hash of
its characters: there is no vocabulary, so a term that appears for the first time counts at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from services.matcher.domain.windows import Points, Windows, code_points, normal, numbered

IDEOGRAPH_LENGTHS = (1, 2)
WORD = 0
WORD_PARTS = (-3, -4)
MAX_CHARACTERS = 200_000

_GAP, _LETTER, _IDEOGRAPH = 0, 1, 2
_PLANE_BITS = 16
_WITHIN = (1 << _PLANE_BITS) - 1


@dataclass(frozen=True, slots=True)
class Grams:
    """All gram occurrences of a batch of texts, one array element each.

    `document` is the text's number, `key` the gram's hash, `kind` its length in characters (WORD for a whole
    word, one of WORD_PARTS for a part of a longer one), `start` and `end` its place in the joined texts (one character
    between two of them).
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
    spans = [_windows(classes == _IDEOGRAPH, n) for n in IDEOGRAPH_LENGTHS]
    words = _words(classes == _LETTER)
    spans += [words, *(_word_parts(classes == _LETTER, words, -part) for part in WORD_PARTS)]
    kinds = (*IDEOGRAPH_LENGTHS, WORD, *WORD_PARTS)
    start = np.concatenate([span[0] for span in spans])
    end = np.concatenate([span[1] for span in spans])
    kind = np.repeat(np.array(kinds, np.int8), [len(span[0]) for span in spans])
    key = _mixed(Windows(points).hashes(start, end), kind)
    return Grams(numbered(texts)[start], key, kind, start, end)


def _classes(points: Points) -> NDArray[np.int8]:
    """Class of every code point: gap, letter or digit of an alphabetic script, or ideograph-like."""
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
    ideograph = 0x3040 <= point <= 0x30FF or 0x3400 <= point <= 0x9FFF or 0xAC00 <= point <= 0xD7A3
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
    """Every maximal run of letters and digits."""
    edges = np.diff(inside.astype(np.int8), prepend=0, append=0)
    return np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)


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
