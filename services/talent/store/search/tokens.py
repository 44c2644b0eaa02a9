"""The tokens of a record. Their first letter says what they are: `p` text, `d` direction, `c` city, `k` category."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

TEXT, DIRECTION, CITY, CATEGORY = "p", "d", "c", "k"
VERSION = 1
"""Of the way tokens are made; a change needs a migration that makes them anew."""

_LONGEST = 40
_LATIN = re.compile("[a-z0-9]+")


def fold(text: str) -> str:
    """Text as it is searched: NFKC, without case."""
    return unicodedata.normalize("NFKC", text).casefold()


def runs(folded: str) -> Iterator[str]:
    """Its Latin words and numbers, and its runs of other letters."""
    start, latin = 0, False
    for at, character in enumerate(folded):
        kind = character.isascii()
        letter = character.isalnum()
        if start < at and (not letter or kind != latin):
            yield folded[start:at]
        if not letter:
            start = at + 1
        elif start == at or kind != latin:
            start = at
        latin = kind
    if start < len(folded):
        yield folded[start:]


def is_latin(run: str) -> bool:
    """Whether a run is a Latin word or number."""
    return _LATIN.fullmatch(run) is not None


def pairs(run: str) -> list[str]:
    """The pairs of neighbours of a run."""
    return [run[at : at + 2] for at in range(len(run) - 1)]


def text_tokens(texts: Iterable[str]) -> set[str]:
    """What texts leave in the index."""
    found: set[str] = set()
    for text in texts:
        for run in runs(fold(text)):
            if is_latin(run):
                found.add(TEXT + run[:_LONGEST])
            else:
                found.update(TEXT + each for each in pairs(run))
                found.add(TEXT + run[-1])
    return found


def sound_tokens(names: Iterable[str]) -> set[str]:
    """The pinyin of names and their initials, each from every syllable on: 欧阳明 is `ouyangming`, `yangming`, `ym`."""
    return {token for name in names for token in _sounds(name)}


@lru_cache(maxsize=16_384)
def _sounds(name: str) -> frozenset[str]:
    found: set[str] = set()
    syllables = [each for part in lazy_pinyin(name) for each in runs(fold(part)) if is_latin(each)]
    initials = "".join(
        fold(each)[:1] for each in lazy_pinyin(name, style=Style.FIRST_LETTER) if each.isalnum()
    )
    for at in range(len(syllables)):
        found.add(TEXT + "".join(syllables[at:])[:_LONGEST])
    found.update(TEXT + initials[at:] for at in range(len(initials)) if is_latin(initials[at:]))
    return frozenset(found)


def code_tokens(kind: str, codes: Iterable[str]) -> set[str]:
    """Catalogue codes of one kind."""
    return {kind + code for code in codes}
