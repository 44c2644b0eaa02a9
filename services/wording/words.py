"""Names of a catalogue and words of codes in one language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from services.catalogue import OUTSIDE, Catalogue
from services.catalogue.vocabularies import OUTSIDE_NAME
from services.kernel.errors import NotFound
from services.kernel.text import Language, Text, typeset
from services.wording import codes
from services.workbook.choices import DEAL_STATE, MOVE_REASON, STAGE, Choices


class _Named(Protocol):
    @property
    def name_zh(self) -> str: ...
    @property
    def name_en(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Words:
    """Names in one language; a code that is unknown stands for itself."""

    catalogue: Catalogue
    language: Language

    def city(self, code: str) -> str:
        """Short name of a city; 省外 for `outside`."""
        if code == OUTSIDE:
            return OUTSIDE_NAME.to(self.language)
        try:
            found = self.catalogue.city(code)
        except NotFound:
            return code
        return Text(found.short_zh, found.pinyin).to(self.language)

    def industry(self, code: str) -> str:
        """Name of an industry."""
        return self._named(self.catalogue.industry, code)

    def direction(self, code: str) -> str:
        """Name of a direction, or of an industry that has none."""
        return self._named(self.catalogue.leaf, code)

    def category(self, code: str) -> str:
        """Name of a category of talent."""
        return self._named(self.catalogue.category, code)

    def tier(self, code: str) -> str:
        """What the policy calls a tier of industries."""
        return self._among({each.id: each for each in self.catalogue.tiers}, code)

    def department(self, code: str) -> str:
        """Name of a department."""
        return self._among({each.id: each for each in self.catalogue.departments}, code)

    def programme(self, code: str) -> str:
        """Name of a talent programme."""
        return self._among({each.id: each for each in self.catalogue.programmes}, code)

    def move_reason(self, code: str) -> str:
        """Why people moved, with or without `REASON_`."""
        return self.choice(MOVE_REASON, code.removeprefix("REASON_"))

    def deal_state(self, code: str) -> str:
        """A deal's state, with or without `STATE_`."""
        return self.choice(DEAL_STATE, code.removeprefix("STATE_"))

    def channel(self, written: str) -> str:
        """Where a deal came from."""
        return self.code(codes.CHANNELS, written)

    def stage(self, code: str) -> str:
        """A firm's stage, with or without `FIRM_STAGE_`."""
        return self.choice(STAGE, code.removeprefix("FIRM_STAGE_"))

    def part(self, name: str) -> str:
        """A part of a score."""
        return self.code(codes.CONTRIBUTIONS, name)

    def code(self, words: Mapping[str, Text], code: str) -> str:
        """A code by one of the tables of `codes`."""
        return words[code].to(self.language) if code in words else code

    def choice(self, choices: Choices, code: str) -> str:
        """A choice of the exchange format."""
        found = next((each for each in choices if each.code == code), None)
        return code if found is None else Text(found.zh, found.en).to(self.language)

    def _named(self, find: Callable[[str], _Named], code: str) -> str:
        try:
            found = find(code)
        except NotFound:
            return code
        return Text(typeset(found.name_zh), found.name_en).to(self.language)

    def _among(self, known: Mapping[str, _Named], code: str) -> str:
        found = known.get(code)
        return code if found is None else Text(typeset(found.name_zh), found.name_en).to(self.language)
