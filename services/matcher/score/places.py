"""Where a term stands in the passages of an item, in the characters of the text as it was written."""

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from services.matcher.domain.texts.unbroken import hyphened, vanishing
from services.matcher.domain.texts.windows import folded
from services.matcher.encode.grams import MAX_CHARACTERS, normalise

MOST_PLACES = 3
_AROUND = 12


@dataclass(frozen=True, slots=True)
class Place:
    """`passage` counts from 0; `start` and `end` are code points in it; `excerpt` is the term with what is around, and
    `excerpt_start` where the term begins in that.
    """

    passage: int
    start: int
    end: int
    excerpt: str
    excerpt_start: int

    @property
    def written(self) -> str:
        """The term as it is written there."""
        return self.excerpt[self.excerpt_start :][: self.end - self.start]


class Passages:
    """The passages of an item, each brought into the normal form once, however many terms are looked for."""

    def __init__(self, passages: Sequence[str]) -> None:
        self._passages = [_Passage(each) for each in passages]

    def places(self, term: str) -> tuple[Place, ...]:
        """The first places of a normalised term, at most MOST_PLACES; none where it runs over the end of a passage."""
        found: list[Place] = []
        for number, passage in enumerate(self._passages):
            for start, end in passage.find(term):
                if len(found) == MOST_PLACES:
                    return tuple(found)
                first = max(0, start - _AROUND)
                excerpt = passage.written[first : end + _AROUND]
                found.append(Place(number, start, end, excerpt, start - first))
        return tuple(found)


class _Passage:
    """A passage as it is written, and in its normal form with where each character of that comes from."""

    def __init__(self, written: str) -> None:
        self.written = written

    def find(self, term: str) -> Iterator[tuple[int, int]]:
        """Where a normalised term is written, from left to right, a character with all marks that combine with it."""
        at = self._normal.find(term)
        while at >= 0 and (origins := self._origins) is not None:
            yield origins[at][0], origins[at + len(term) - 1][1]
            at = self._normal.find(term, at + len(term))

    @cached_property
    def _normal(self) -> str:
        return normalise(self.written)

    @cached_property
    def _origins(self) -> list[tuple[int, int]] | None:
        """Start and end of what each character of the normal form is made of; None where that cannot be told."""
        passage = hyphened(self.written[:MAX_CHARACTERS])
        whole, fold = folded(passage), cache(folded)  # of one passage: nobody's words outlive the request
        for spans in (_clusters(passage), _together(passage, fold)):
            parts = [(span, fold(passage[slice(*span)])) for span in spans]
            if _same("".join(part for _, part in parts), whole):
                origins = [span for span, part in parts for _ in part]
                for first, behind in reversed(list(vanishing(whole))):
                    del origins[first:behind]
                return origins
        return None


def _same(joined: str, whole: str) -> bool:
    """Whether the parts make up the whole; a sigma is written otherwise where a word ends."""
    return joined == whole or joined.replace("ς", "σ") == whole.replace("ς", "σ")


def _clusters(passage: str) -> Iterator[tuple[int, int]]:
    """Every character together with the marks that combine with it."""
    start = 0
    for at in range(1, len(passage) + 1):
        if at == len(passage) or not unicodedata.combining(passage[at]):
            yield start, at
            start = at


def _together(passage: str, fold: Callable[[str], str]) -> Iterator[tuple[int, int]]:
    """The same, with whatever else makes up one character with its neighbour: parts of Korean syllables, narrow
    Japanese letters and their voicing, what stands beside a mark without being seen. Takes longer.
    """
    held: tuple[int, int] | None = None
    for span in _clusters(passage):
        if held is None:
            held = span
            continue
        before, own = fold(passage[slice(*held)]), fold(passage[slice(*span)])
        if own and fold(passage[held[0] : span[1]]) == before + own:
            yield held
            held = span
        else:
            held = held[0], span[1]
    if held is not None:
        yield held
