"""Which words of the directions' vocabulary a text holds: the longest at every place, each counted once there."""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from services.catalogue.terms import IndustryTerms

CONTEXT, TERM, NEAR = "context", "term", "near"


@dataclass(frozen=True, slots=True)
class Sense:
    """What a word stands for: the industry, the leaf (the industry itself for its context), and how."""

    industry: str
    code: str
    role: str


@dataclass(frozen=True, slots=True)
class Found:
    """A word of the vocabulary as it is written there, its senses, and how often the text has it."""

    word: str
    senses: tuple[Sense, ...]
    count: int


class Wording:
    """The vocabulary, ready to be looked for. Words are compared without regard to case and width."""

    def __init__(self, vocabulary: Iterable[IndustryTerms] = ()) -> None:
        senses: dict[str, list[Sense]] = defaultdict(list)
        self._written: dict[str, str] = {}
        for word, sense in _senses(vocabulary):
            key = _compared(word)
            self._written.setdefault(key, word)
            senses[key].append(sense)
        self._senses = {key: tuple(each) for key, each in senses.items()}
        self._longest_first = _by_beginning(self._senses)

    @property
    def senses(self) -> Mapping[str, tuple[Sense, ...]]:
        """What every word stands for, as it is compared."""
        return self._senses

    def find(self, text: str) -> list[Found]:
        """Words in the text, most frequent first."""
        counts = Counter(self._occurrences(_compared(text)))
        return [Found(self._written[key], self._senses[key], count) for key, count in counts.most_common()]

    def _occurrences(self, text: str) -> Iterator[str]:
        place = 0
        while place < len(text) - 1:
            word = self._at(text, place)
            if word is not None:
                yield word
            place += 1 if word is None else len(word)

    def _at(self, text: str, place: int) -> str | None:
        for word in self._longest_first.get(text[place : place + 2], ()):
            if text.startswith(word, place) and _whole(text, place, place + len(word)):
                return word
        return None


def _compared(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def _senses(vocabulary: Iterable[IndustryTerms]) -> Iterator[tuple[str, Sense]]:
    for industry in vocabulary:
        for word in industry.context:
            yield word, Sense(industry.code, industry.code, CONTEXT)
        for leaf in industry.leaves:
            for word in leaf.terms:
                yield word, Sense(industry.code, leaf.code, TERM)
            for word in leaf.near:
                yield word, Sense(industry.code, leaf.code, NEAR)


def _by_beginning(words: Iterable[str]) -> Mapping[str, list[str]]:
    beginnings: dict[str, list[str]] = defaultdict(list)
    for word in sorted(words, key=len, reverse=True):
        beginnings[word[:2]].append(word)
    return beginnings


def _whole(text: str, start: int, end: int) -> bool:
    """Whether a word of an alphabetic script is not a part of a longer one, a plural excepted."""
    if text[end : end + 1] == "s" and _joined(text, end - 1, end):
        end += 1
    return not (_joined(text, start - 1, start) or _joined(text, end - 1, end))


def _joined(text: str, left: int, right: int) -> bool:
    if left < 0 or right >= len(text):
        return False
    return _alphabetic(text[left]) and _alphabetic(text[right])


def _alphabetic(character: str) -> bool:
    return character.isascii() and character.isalnum()
