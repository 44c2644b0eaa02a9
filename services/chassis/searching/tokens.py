"""The tokens of a record. Their first letter says what they are: `p` text, `d` direction, `c` city, `k` category, `n` a
whole name, `s` the sound of one.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, wraps
from itertools import pairwise
from typing import TypeVar

from services.kernel.names.script import simplified
from services.kernel.names.spelling import PHRASES_DICT, PINYIN_DICT, Style, lazy_pinyin
from services.kernel.names.surnames import may_be_read_apart, own_reading, split

TEXT, DIRECTION, CITY, CATEGORY, NAME, SOUND = "p", "d", "c", "k", "n", "s"
VERSION = 4
"""Of the way the tokens of people are made: who was indexed by an earlier one is indexed anew at the next start."""

LONGEST = 40
"""Letters of a word that are kept."""
_LATIN = re.compile("[a-z0-9]+")
_RUN = re.compile(r"[a-zA-Z0-9]+|[^\W_\x00-\x7f]+")
_SHORT = 40
_SHORT_NAME = 12
_LONGEST_PLAIN = 6
Made = TypeVar("Made")


def _remembering(maxsize: int, longest: int) -> Callable[[Callable[[str], Made]], Callable[[str], Made]]:
    """Remember what is made of texts of so many characters: a longer one hardly comes again, and takes much room."""

    def wrapped(make: Callable[[str], Made]) -> Callable[[str], Made]:
        known = lru_cache(maxsize=maxsize)(make)

        @wraps(make)
        def made(text: str) -> Made:
            return known(text) if len(text) <= longest else make(text)

        return made

    return wrapped


def fold(text: str) -> str:
    """Text as it is searched: NFKC, without case."""
    return unicodedata.normalize("NFKC", text).casefold()


def runs(folded: str) -> Iterator[str]:
    """Its Latin words and numbers, and its runs of other letters."""
    return (found[0] for found in _RUN.finditer(folded))


def is_latin(run: str) -> bool:
    """Whether a run is a Latin word or number."""
    return _LATIN.fullmatch(run) is not None


def pairs(run: str) -> list[str]:
    """The pairs of neighbours of a run."""
    return [run[at : at + 2] for at in range(len(run) - 1)]


def text_tokens(texts: Iterable[str]) -> set[str]:
    """What texts leave in the index."""
    return folded_tokens(map(fold, texts))


def folded_tokens(folded: Iterable[str]) -> set[str]:
    """The same of texts that are folded already."""
    found: set[str] = set()
    for text in folded:
        if text:
            found.update(_tokens(text))
    return found


@_remembering(4_096, _SHORT)  # employers and titles come again and again
def _tokens(text: str) -> frozenset[str]:
    found: list[str] = []
    for run in _RUN.findall(text):
        if run.isascii():
            found.append(TEXT + run[:LONGEST])
        else:
            found += [f"{TEXT}{first}{second}" for first, second in pairwise(run)]
            found.append(TEXT + run[-1])
    return frozenset(found)


def squeezed(folded: str) -> str:
    """A folded text without anything between its letters and digits: a name as one word."""
    return "".join(runs(folded))


def name_tokens(names: Iterable[str]) -> set[str]:
    """Names as wholes, and their full pinyin and initials, a surname's by its own reading too."""
    return {token for name in names for token in _whole(name)}


@_remembering(16_384, _SHORT_NAME)
def _whole(name: str) -> frozenset[str]:
    sounds = {"".join(syllables) for syllables, _ in _spellings(name)} | {
        each for _, each in _spellings(name)
    }
    spelt = {SOUND + each[:LONGEST] for each in sounds if is_latin(each)}
    return frozenset(spelt | {NAME + squeezed(fold(name))[:LONGEST]})


def _spellings(name: str) -> list[tuple[list[str], str]]:
    return [found for found in (_spelling(name), _read_apart(name)) if found is not None]


def sound_tokens(names: Iterable[str]) -> set[str]:
    """The pinyin of names and their initials, each from every syllable on: 欧阳明 is `ouyangming`, `yangming`, `ym`."""
    return {token for name in names for token in _sounds(name)}


@_remembering(16_384, _SHORT_NAME)
def sound_order(name: str) -> str:
    """What a name is sorted by: its syllables, a surname by its own reading, then the name itself: `zhang wei 张伟`."""
    return " ".join((*(_read_apart(name) or _spelling(name))[0], fold(name)))


@_remembering(16_384, _SHORT_NAME)
def _sounds(name: str) -> frozenset[str]:
    syllables, initials = _spelling(name)
    found = [TEXT + "".join(syllables[at:])[:LONGEST] for at in range(len(syllables))]
    found += [TEXT + initials[at:] for at in range(len(initials)) if is_latin(initials[at:])]
    return frozenset(found) | _surname_sounds(name)


def _surname_sounds(name: str) -> frozenset[str]:
    """Full sound and initials by the reading that only a surname has: 曾明 is `zengming` and `zm` too."""
    found = _read_apart(name)
    if found is None:
        return frozenset()
    syllables, initials = found
    return frozenset({TEXT + "".join(syllables)[:LONGEST], TEXT + initials})


def _read_apart(name: str) -> tuple[list[str], str] | None:
    """Syllables and first letters by the reading that only a surname has; None where that is as ever."""
    if not may_be_read_apart(_simplified(name[:1])):
        return None
    surname, given = split(simplified(name))
    reading = own_reading(surname)
    if reading is None:
        return None
    syllables, initials = _spelt(given)
    return [reading, *syllables], reading[0] + initials


@_remembering(1_024, _SHORT_NAME)
def _spelling(name: str) -> tuple[list[str], str]:
    return _spelt_by_character(name) if _is_plain(name) else _spelt(name)


_simplified = lru_cache(maxsize=8_192)(simplified)  # there are few first characters


def _is_plain(name: str) -> bool:
    """Whether the sound of every character is its own: all are known, and no part of the name is a phrase, in which
    they might sound otherwise.
    """
    if len(name) > _LONGEST_PLAIN or not all(ord(each) in PINYIN_DICT for each in name):
        return False
    ends = range(2, len(name) + 1)
    return not any(name[start:end] in PHRASES_DICT for end in ends for start in range(end - 1))


def _spelt_by_character(name: str) -> tuple[list[str], str]:
    spelt = [_spelt_alone(each) for each in name]
    return [syllable for syllables, _ in spelt for syllable in syllables], "".join(each for _, each in spelt)


@lru_cache(maxsize=8_192)
def _spelt_alone(character: str) -> tuple[list[str], str]:
    return _spelt(character)


def _spelt(name: str) -> tuple[list[str], str]:
    """The syllables of a name, and their first letters."""
    syllables = [each for part in lazy_pinyin(name) for each in runs(fold(part)) if is_latin(each)]
    initials = "".join(
        fold(each)[:1] for each in lazy_pinyin(name, style=Style.FIRST_LETTER) if each.isalnum()
    )
    return syllables, initials


def code_tokens(kind: str, codes: Iterable[str]) -> set[str]:
    """Catalogue codes of one kind."""
    return {kind + code for code in codes}
