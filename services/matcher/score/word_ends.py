"""Where words begin and end, as far as a text and the frequencies of its pairs of ideographs tell; there is no
segmenter, which would cut the technical words that it does not know.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Span = tuple[int, int]

# Between two parts of one name: AEC-Q101, C/C, Membran-Elektroden-Einheit.
_WITHIN_NAME = re.compile("(?<=\\w)[-\u2010\u2011/._+](?=\\w)")
# Words of grammar and of place by themselves: at a mark or a joining word they begin or end none.
_LOOSE_AT_START = frozenset("以在做将把被使其该各每是有为由于")
_LOOSE_AT_END = frozenset(
    "中时上下后前内外等了着过为是在以于对将由从有其也还可能会要需应被把向到给让使就都而但若如因此这那我你"
)
# Endings of words: what they stand behind belongs to them, but where another word begins with the same character.
_ENDING = re.compile("性(?![能质状别])|化(?![学合工肥石纤])|度(?![量假])|率(?!先)")
# Particles at the end of a Korean word, those alone that end no usual noun.
_PARTICLES = re.compile("(?<=[\uac00-\ud7a3]{2})(?:에서|으로|에게|을|를|은|는|에|와|의)(?![\uac00-\ud7a3])")
# At the ends of what two texts share; 《 and such part ideographs already.
_MARKS = " -\u2010\u2011/._+&'\n\t"
_MOST_ADDED, _SHORTEST = 2, 2


@dataclass(frozen=True, slots=True)
class WordEnds:
    """Of one normalised text. `parting`: characters that stand in no term; `pairs`: how rare the pair of ideographs is
    that begins at a place.
    """

    text: str
    parting: NDArray[np.bool_]
    pairs: Mapping[int, float]

    def parts(self, span: Span) -> list[Span]:
        """The span without the characters that stand in no term, in its order, and without what is no letter or digit
        at their ends.
        """
        start, end = span
        return [
            (start + first + len(part) - len(part.lstrip(_MARKS)), start + first + len(part.rstrip(_MARKS)))
            for first, behind in stretches(~self.parting[start:end])
            if (part := self.text[start + first : start + behind]).strip(_MARKS)
        ]

    def bridged(self, chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """With the marks within names, of which both sides are chosen."""
        whole = chosen.copy()
        for mark in _WITHIN_NAME.finditer(self.text):
            at = mark.start()
            whole[at] = chosen[at - 1] and chosen[at + 1]
        return whole

    def of(self, span: Span, within: Span | None = None) -> Span | None:
        """The span with its words whole: a character outside that stands more often with the one inside than with its
        other neighbour is taken in, `within` some bounds, and one inside that stands more often with the one outside is
        left out: of 面向|车载, 向 belongs to 面, however rare the rest is. None where a single character is left.
        """
        if span[1] - span[0] < _SHORTEST:
            return None
        start, end = self._widened(span, within or (0, len(self.text)))
        while end - start > 1 and (
            self._cut_before(start) or self._loose(start, start, start + 1, _LOOSE_AT_START)
        ):
            start += 1
        while end - start > 1 and (
            self._cut_behind(end) or self._loose(end - 1, end - 2, end - 3, _LOOSE_AT_END)
        ):
            end -= 1
        if particle := _PARTICLES.search(self.text, start, end + 1):
            end = particle.start() if particle.end() == end else end
        return (start, end) if end - start >= _SHORTEST else None

    def _cut_before(self, start: int) -> bool:
        """Whether a span that begins there begins within a word."""
        if self._pair(start - 1) == math.inf:
            return False
        return self._pair(start - 1) < self._pair(start) or _ENDING.match(self.text, start) is not None

    def _cut_behind(self, end: int) -> bool:
        """Whether its last character begins a word that goes on behind it."""
        return self._pair(end - 1) < self._pair(end - 2) and not _ENDING.match(self.text, end - 1)

    def _loose(self, at: int, own: int, next_: int, words: frozenset[str]) -> bool:
        """Whether the character there is one of the words, and its pair is rarer than the next one."""
        if self.text[at] not in words:
            return False
        return self._pair(own) == math.inf or self._pair(own) > self._pair(next_)

    def _widened(self, span: Span, within: Span) -> Span:
        start, end = span
        first, last = max(within[0], start - _MOST_ADDED), min(within[1], end + _MOST_ADDED)
        while start > first and self._belongs(self._pair(start - 1), self._pair(start - 2)):
            if self._pair(start - 2) == math.inf and self.text[start - 1] in _LOOSE_AT_START:
                break
            start -= 1
        while end < last and (self._belongs(self._pair(end - 1), self._pair(end)) or self._ends_with(end)):
            if self._pair(end) == math.inf and self.text[end] in _LOOSE_AT_END:
                break
            end += 1
        return start, end

    def _ends_with(self, at: int) -> bool:
        return self._pair(at - 1) < math.inf and _ENDING.match(self.text, at) is not None

    @staticmethod
    def _belongs(inside: float, outside: float) -> bool:
        """Whether a character outside belongs to the one inside, by how rare its pairs with both its neighbours are."""
        return inside < outside

    def _pair(self, at: int) -> float:
        """Infinite where there is none, or one of the two stands in no term."""
        if at < 0 or at + 1 >= len(self.text) or self.parting[at] or self.parting[at + 1]:
            return math.inf
        return self.pairs.get(at, math.inf)


def stretches(chosen: NDArray[np.bool_]) -> list[Span]:
    """Maximal runs of chosen characters."""
    edges = np.diff(chosen.astype(np.int8), prepend=0, append=0)
    return list(zip(np.flatnonzero(edges == 1).tolist(), np.flatnonzero(edges == -1).tolist(), strict=True))
