"""Which words of the directions' vocabulary a text holds: the longest at every place, each counted once there.

A text that is nothing but one of the words that count alone, or its English plural, holds that word, and no other;
what it denies and the words with which it asks do not count (不要氢能，要碳化硅).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from services.catalogue.terms import IndustryTerms
from services.matcher.domain.texts import asking
from services.matcher.domain.texts.denial import affirmed
from services.matcher.domain.texts.spellings import spellings
from services.matcher.domain.texts.windows import normal

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
        vocabulary = tuple(vocabulary)
        senses: dict[str, list[Sense]] = defaultdict(list)
        self._written: dict[str, str] = {}
        for word, sense in _senses(vocabulary):
            key = normal(word)
            self._written.setdefault(key, word)
            senses[key].append(sense)
        self._senses = {key: tuple(each) for key, each in senses.items()}
        leaves = [leaf for industry in vocabulary for leaf in industry.leaves]
        self._abroad = {normal(word) for leaf in leaves for word in leaf.abroad}
        self._spelt = {key: key for key in self._senses}
        for key in self._senses:
            for spelt in spellings(key):
                self._spelt.setdefault(spelt, key)
        self._lengths = _by_beginning(self._spelt)
        self._alone: dict[str, Found] = {}
        for word, sense in _senses_alone(vocabulary):
            before = self._alone.get(normal(word))
            self._alone[normal(word)] = Found(word, (*before.senses, sense) if before else (sense,), 1)
        self._longest_alone = max(map(len, self._alone), default=0) + asking.LONGEST

    @property
    def senses(self) -> Mapping[str, tuple[Sense, ...]]:
        """What every word stands for, as it is compared."""
        return self._senses

    @property
    def spelt(self) -> Mapping[str, str]:
        """Every spelling of a word, and the word; its own among them."""
        return self._spelt

    @property
    def alone(self) -> Mapping[str, tuple[Sense, ...]]:
        """What every word that counts alone stands for, as it is compared."""
        return {key: found.senses for key, found in self._alone.items()}

    def alone_in(self, text: str) -> str | None:
        """The word that is all an affirmed text says or asks for, if it is one that counts alone."""
        if len(text) > self._longest_alone:
            return None
        for part in (text, asking.asked(text)):
            word = "".join(each for each in part if each.isalnum())
            singular = word.removesuffix("s") if word.isascii() else word
            for each in (word, singular):
                if each in self._alone:
                    return each
        return None

    def terms_of(self, code: str) -> list[str]:
        """The words that stand for a leaf by themselves, in Chinese and English, as they are written there."""
        senses = self._senses.items()
        return [
            self._written[key]
            for key, each in senses
            if key not in self._abroad and any(sense.code == code and sense.role == TERM for sense in each)
        ]

    def find(self, text: str) -> list[Found]:
        """Words in the text, most frequent first; none of a field that it says it is not in."""
        said = affirmed(normal(text))
        if (word := self.alone_in(said)) is not None:
            return [self._alone[word]]
        counts = Counter(self._occurrences(said))
        return [Found(self._written[key], self._senses[key], count) for key, count in counts.most_common()]

    def _occurrences(self, text: str) -> Iterator[str]:
        """The words of the text from left to right; few places begin one, and those alone are looked at."""
        known, free = self._lengths, 0
        for place in [at for at in range(len(text) - 1) if text[at : at + 2] in known]:
            spelt = self._at(text, place) if place >= free else None
            if spelt is not None:
                yield self._spelt[spelt]
                free = place + len(spelt)

    def _at(self, text: str, place: int) -> str | None:
        for length in self._lengths[text[place : place + 2]]:
            word = text[place : place + length]
            if word in self._spelt and _whole(text, place, place + length):
                return word
        return None


def _senses(vocabulary: Iterable[IndustryTerms]) -> Iterator[tuple[str, Sense]]:
    for industry in vocabulary:
        for word in industry.context:
            yield word, Sense(industry.code, industry.code, CONTEXT)
        for leaf in industry.leaves:
            for word in (*leaf.terms, *leaf.abroad):
                yield word, Sense(industry.code, leaf.code, TERM)
            for word in leaf.near:
                yield word, Sense(industry.code, leaf.code, NEAR)


def _senses_alone(vocabulary: Iterable[IndustryTerms]) -> Iterator[tuple[str, Sense]]:
    for industry in vocabulary:
        for word in industry.alone:
            yield word, Sense(industry.code, industry.code, CONTEXT)
        for leaf in industry.leaves:
            for word in leaf.alone:
                yield word, Sense(industry.code, leaf.code, TERM)


def _by_beginning(words: Iterable[str]) -> Mapping[str, list[int]]:
    """How long the words are that begin with the same two characters, the longest first."""
    lengths: dict[str, set[int]] = defaultdict(set)
    for word in words:
        lengths[word[:2]].add(len(word))
    return {beginning: sorted(each, reverse=True) for beginning, each in lengths.items()}


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
