"""Where a term stands in the passages of an item, in the characters of the text as it was written."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from services.matcher.domain.unbroken import hyphened, vanishing
from services.matcher.domain.windows import folded
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


def places_of(term: str, passages: Sequence[str]) -> tuple[Place, ...]:
    """The first places of a normalised term, at most MOST_PLACES; none where it runs over the end of a passage."""
    found: list[Place] = []
    for number, passage in enumerate(passages):
        origins = _origins(passage)
        text = normalise(passage)
        at = text.find(term) if origins is not None else -1
        while origins is not None and at >= 0 and len(found) < MOST_PLACES:
            start, end = origins[at], origins[at + len(term) - 1] + 1
            end = _cluster_end(passage, end)
            first = max(0, start - _AROUND)
            found.append(Place(number, start, end, passage[first : end + _AROUND], start - first))
            at = text.find(term, at + len(term))
    return tuple(found)


def _origins(passage: str) -> list[int] | None:
    """For each character of the normalised passage, where it comes from; None where that cannot be told."""
    origins: list[int] = []
    parts: list[str] = []
    passage = hyphened(passage[:MAX_CHARACTERS])
    start = 0
    while start < len(passage):
        end = _cluster_end(passage, start + 1)
        part = folded(passage[start:end])
        parts.append(part)
        origins.extend([start] * len(part))
        start = end
    text = "".join(parts)
    if text != folded(passage):
        return None
    for first, behind in reversed(list(vanishing(text))):
        del origins[first:behind]
    return origins


def _cluster_end(passage: str, end: int) -> int:
    """The end of a character together with the marks that combine with it."""
    while end < len(passage) and unicodedata.combining(passage[end]):
        end += 1
    return end
