"""Closed sets of values as filters take them: by their codes, and by what people call them in Chinese."""

from collections.abc import Iterable
from typing import Protocol

from services.chassis.filtering import Field
from services.funding.domain.checks.run import CHECKS
from services.kernel.text import Text


class Named(Protocol):
    """A member of an enumeration with a word for it."""

    @property
    def name(self) -> str:
        """The code."""
        ...

    @property
    def label(self) -> Text:
        """The word for it."""
        ...


def enum_field(name: str, prefix: str, members: Iterable[Named]) -> Field:
    """A field of these members; `stage = 种子期` is `stage = SEED`."""
    pairs = [(each.name, each.label) for each in members]
    return Field.enum(name, prefix, (code for code, _ in pairs), _words(pairs))


def checks_field(name: str) -> Field:
    """A field of codes of checks."""
    return Field.codes(
        name, (check.code for check in CHECKS), words=_words((check.code, check.name) for check in CHECKS)
    )


def _words(pairs: Iterable[tuple[str, Text]]) -> list[tuple[str, str]]:
    """The codes are English; a word that differs from one by its case alone would make it look free."""
    return [(label.zh, code) for code, label in pairs]
