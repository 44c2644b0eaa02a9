"""Words of a vocabulary in many texts at once: at every place the longest, and none within another."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from services.matcher.domain.texts.windows import Places, Points, Windows, code_points, numbered

_SLOT_BITS = 18
_SLOTS = 1 << _SLOT_BITS
_SHIFT = np.uint64(64 - _SLOT_BITS)
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_S = ord("s")
_ALPHABETIC = np.array([chr(point).isalnum() for point in range(128)] + [False])


class WordSearch:
    """Words of two characters and more. A word of an alphabetic script is no part of a longer one, a plural excepted.

    Words and texts are compared as they are given.
    """

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words
        numbers = [number for number, word in enumerate(words) if len(word) > 1]
        joined = "\n".join(words[number] for number in numbers)
        lengths = np.array([len(words[number]) for number in numbers], np.int64)
        starts = np.cumsum(lengths + 1) - lengths - 1
        ends = starts + lengths
        points = code_points(joined)
        self._hashes, self._numbers = (
            _Found(Windows(points).hashes(starts, ends)),
            np.array(numbers, np.int64),
        )
        self._likely = np.zeros(_SLOTS, np.bool_)
        self._likely[_slots(points)[starts]] = True
        pairs, which = np.unique(_pairs(points, starts), return_inverse=True)
        self._pairs = _Found(pairs)
        # For each pair of first characters the lengths of the words that begin so, the longest first.
        kept = np.unique(np.stack([which, -lengths], axis=1), axis=0)
        self._lengths = -kept[:, 1]
        self._lengths_from = np.searchsorted(kept[:, 0], np.arange(len(pairs) + 1))

    def occurrences(self, texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Number of the text and number of the word, for every word from left to right."""
        joined = "\n".join(("", *texts, ""))
        points = code_points(joined)
        start, end, word = self._candidates(points)
        kept = list(self._apart(joined, zip(start.tolist(), end.tolist(), word.tolist(), strict=True)))
        return numbered(texts)[start[kept] - 1].astype(np.int64), word[kept]

    def _candidates(self, points: Points) -> tuple[Places, Places, NDArray[np.int64]]:
        """Start, end and number of the longest whole word at every place that begins one."""
        places = np.flatnonzero(self._likely[_slots(points)])
        pair, known = self._pairs.numbers(_pairs(points, places))
        places, pair = places[known], pair[known]
        first, count = self._lengths_from[pair], np.diff(self._lengths_from)[pair]
        start = np.repeat(places, count)
        nth = np.arange(len(start)) - np.repeat(np.cumsum(count) - count, count)
        end = start + self._lengths[np.repeat(first, count) + nth]
        inside = end < len(points)
        start, end = start[inside], end[inside]
        at, known = self._hashes.numbers(Windows(points).hashes(start, end))
        start, end, at = start[known], end[known], at[known]
        whole = np.flatnonzero(_whole(points, start, end))
        longest = whole[np.diff(start[whole], prepend=-1) != 0]
        return start[longest], end[longest], self._numbers[at[longest]]

    def _apart(self, text: str, found: Iterable[tuple[int, int, int]]) -> Iterable[int]:
        """The numbers of those that begin behind the end of the one before."""
        free = 0
        for number, (start, end, word) in enumerate(found):
            if start >= free and text[start:end] == self.words[word]:
                yield number
                free = end


class _Found:
    """Different keys of 64 bits, and where they stand among them: by a table, since a search would look far and wide.

    Keys that share a slot of the table stand together.
    """

    def __init__(self, keys: NDArray[np.uint64]) -> None:
        slots = self._slots(keys)
        self._number = np.argsort(slots, kind="stable")
        self._keys = keys[self._number]
        slots = slots[self._number]
        first = np.searchsorted(slots, np.arange(_SLOTS))
        self._first = np.minimum(first, max(0, len(keys) - 1)).astype(np.int32)
        self._most = int(np.bincount(slots).max(initial=1))

    def numbers(self, asked: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """The numbers of keys, and which of them there are; of one that is not there the number means nothing."""
        at = self._first[self._slots(asked)]
        known = self._keys[at] == asked
        for _ in range(self._most - 1):
            at = np.minimum(at + ~known, len(self._keys) - 1)
            known = self._keys[at] == asked
        return self._number[at], known

    def _slots(self, keys: NDArray[np.uint64]) -> NDArray[np.int64]:
        return (keys * _SPREAD >> _SHIFT).astype(np.int64)


def _pairs(points: Points, places: Places) -> NDArray[np.uint64]:
    return points[places].astype(np.uint64) << np.uint64(32) | points[places + 1]


def _slots(points: Points) -> NDArray[np.uint32]:
    """For each pair of neighbours a slot of a table that tells at little cost where no word begins."""
    return (points[:-1] * np.uint32(31) + points[1:]) & np.uint32(_SLOTS - 1)


def _whole(points: Points, start: Places, end: Places) -> NDArray[np.bool_]:
    """As `services.matcher.domain.texts.wording` has it. There is a character before and after all texts."""
    alphabetic = _ALPHABETIC[np.minimum(points, 128)]
    plural = (points[end] == _S) & alphabetic[end - 1]
    end = np.minimum(end + plural, len(points) - 1)
    left, right = alphabetic[start - 1] & alphabetic[start], alphabetic[end - 1] & alphabetic[end]
    return np.asarray(~(left | right), np.bool_)
