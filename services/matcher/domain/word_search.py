"""Words of a vocabulary in many texts at once: at every place the longest, and none within another."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from services.matcher.domain.windows import Places, Points, Windows, code_points, numbered

_SLOTS = 1 << 18
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
        hashes = Windows(points).hashes(starts, ends)
        order = np.argsort(hashes, kind="stable")
        self._hashes, self._numbers = hashes[order], np.array(numbers, np.int64)[order]
        self._likely = np.zeros(_SLOTS, np.bool_)
        self._likely[_slots(points)[starts]] = True
        self._pairs, which = np.unique(_pairs(points, starts), return_inverse=True)
        # For each pair of first characters the lengths of the words that begin so, the longest first.
        kept = np.unique(np.stack([which, -lengths], axis=1), axis=0)
        self._lengths = -kept[:, 1]
        self._lengths_from = np.searchsorted(kept[:, 0], np.arange(len(self._pairs) + 1))

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
        asked = _pairs(points, places)
        pair = np.minimum(np.searchsorted(self._pairs, asked), len(self._pairs) - 1)
        known = self._pairs[pair] == asked
        places, pair = places[known], pair[known]
        first, count = self._lengths_from[pair], np.diff(self._lengths_from)[pair]
        start = np.repeat(places, count)
        nth = np.arange(len(start)) - np.repeat(np.cumsum(count) - count, count)
        end = start + self._lengths[np.repeat(first, count) + nth]
        inside = end < len(points)
        start, end = start[inside], end[inside]
        hashes = Windows(points).hashes(start, end)
        at = np.minimum(np.searchsorted(self._hashes, hashes), len(self._hashes) - 1)
        found = np.flatnonzero((self._hashes[at] == hashes) & _whole(points, start, end))
        longest = found[np.diff(start[found], prepend=-1) != 0]
        return start[longest], end[longest], self._numbers[at[longest]]

    def _apart(self, text: str, found: Iterable[tuple[int, int, int]]) -> Iterable[int]:
        """The numbers of those that begin behind the end of the one before."""
        free = 0
        for number, (start, end, word) in enumerate(found):
            if start >= free and text[start:end] == self.words[word]:
                yield number
                free = end


def _pairs(points: Points, places: Places) -> NDArray[np.uint64]:
    return points[places].astype(np.uint64) << np.uint64(32) | points[places + 1]


def _slots(points: Points) -> NDArray[np.uint32]:
    """For each pair of neighbours a slot of a table that tells at little cost where no word begins."""
    return (points[:-1] * np.uint32(31) + points[1:]) & np.uint32(_SLOTS - 1)


def _whole(points: Points, start: Places, end: Places) -> NDArray[np.bool_]:
    """As `services.matcher.domain.wording` has it. There is a character before and after all texts."""
    alphabetic = _ALPHABETIC[np.minimum(points, 128)]
    plural = (points[end] == _S) & alphabetic[end - 1]
    end = np.minimum(end + plural, len(points) - 1)
    left, right = alphabetic[start - 1] & alphabetic[start], alphabetic[end - 1] & alphabetic[end]
    return np.asarray(~(left | right), np.bool_)
