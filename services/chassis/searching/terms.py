"""What somebody looks for, word by word, as conditions on tokens."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from services.catalogue import Catalogue
from services.chassis.searching.tokens import (
    CATEGORY,
    CITY,
    DIRECTION,
    LONGEST,
    TEXT,
    fold,
    is_latin,
    pairs,
    runs,
)
from services.kernel.names.spelling import Style, lazy_pinyin


@dataclass(frozen=True, slots=True)
class Token:
    """A token that must be there, or (`prefix`) one that begins so."""

    value: str
    prefix: bool = False

    def among(self, tokens: Collection[str]) -> bool:
        """Whether a record that left these has it."""
        return any(each.startswith(self.value) for each in tokens) if self.prefix else self.value in tokens


@dataclass(frozen=True, slots=True)
class Term:
    """One word: all of `text` must be there, or one of `codes`. `exact`: what the text must hold besides."""

    text: tuple[Token, ...]
    codes: tuple[Token, ...]
    exact: str | None

    def is_true_of(self, tokens: Collection[str], text: str) -> bool:
        """Whether it finds a record with these tokens and this folded text, as the index would."""
        if any(each.among(tokens) for each in self.codes):
            return True
        said = self.exact is None or self.exact in text
        return said and bool(self.text) and all(each.among(tokens) for each in self.text)


@dataclass(frozen=True, eq=False)
class Words:
    """Makes terms of what people type, by the names and aliases of one catalogue."""

    catalogue: Catalogue

    def terms(self, query: str) -> tuple[Term, ...]:
        """One for each word; words without a letter or digit ask for nothing."""
        return tuple(self._term(word) for word in fold(query).split() if any(runs(word)))

    def unknown(self, query: str) -> list[str]:
        """Its words, folded, that no name of the catalogue holds: those may be of somebody."""
        return [word for word in fold(query).split() if not self._codes(word)]

    def _term(self, word: str) -> Term:
        parts = list(runs(word))
        tokens = [token for part in parts for token in _tokens(part)]
        plain = len(parts) == 1 and (is_latin(word) or len(word) <= 2)
        return Term(tuple(tokens), self._codes(word), None if plain else word)

    def _codes(self, word: str) -> tuple[Token, ...]:
        return tuple(Token(code) for code, names in self._named.items() if _names(names, word))

    @cached_property
    def _named(self) -> dict[str, str]:
        """What each code is called, in all its names and their sounds."""
        catalogue = self.catalogue
        named = {f"{CITY}outside": _spelt(["outside"], ["省外"])}
        for leaf in catalogue.leaves:
            names = [leaf.name_zh, catalogue.industry(leaf.industry).name_zh]
            named[DIRECTION + leaf.code] = _spelt([catalogue.leaf_text(leaf.code)], names)
        for city in catalogue.cities:
            named[CITY + city.id] = _spelt([city.pinyin], [city.name_zh, city.short_zh])
        for category in catalogue.categories:
            named[CATEGORY + category.id] = _spelt([category.name_en], [category.name_zh])
        return named


def _tokens(run: str) -> list[Token]:
    if is_latin(run) or len(run) == 1:
        return [Token(TEXT + run[:LONGEST], prefix=True)]
    return [Token(TEXT + pair) for pair in pairs(run)]


def _names(spelt: str, word: str) -> bool:
    """Whether a name holds the word; a Latin one must begin a word, and be of two letters at least."""
    if is_latin(word):
        return len(word) > 1 and f" {word}" in spelt
    return word in spelt


def _spelt(texts: list[str], names: list[str]) -> str:
    """Texts and names, and the full pinyin and the initials of the names, each word after a blank."""
    sounds = [
        "".join(lazy_pinyin(name, style=style))
        for name in names
        for style in (Style.NORMAL, Style.FIRST_LETTER)
    ]
    plain = fold(" ".join([*texts, *names]))
    words = " ".join(run for said in (*texts, *names, *sounds) for run in runs(fold(said)))
    return f" {plain} {words} "
