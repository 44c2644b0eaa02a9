"""The catalogue's codes as small numbers, and how near two leaves of the catalogue's tree are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from services.kernel.errors import InvalidArgument
from services.kernel.text import Text
from services.matcher.domain.texts.sense_table import SenseTable
from services.matcher.domain.texts.wording import Wording

SAME_LEAF, SAME_PARENT, SAME_INDUSTRY, UNRELATED = 10, 6, 3, 0
OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class LeafCode:
    """One leaf: a direction, or an industry that names none; `parent` is the direction above it, if any."""

    code: str
    industry: str
    parent: str | None = None


@dataclass(frozen=True)
class Codes:
    """Every code that an item may carry; its number is its place in the tuple. `wording`: words of the directions."""

    leaves: tuple[LeafCode, ...]
    cities: tuple[str, ...]
    categories: tuple[str, ...]
    labels: Mapping[str, Text] = field(default_factory=dict)
    wording: Wording = field(default_factory=Wording)

    def label(self, code: str) -> Text:
        """What people call a code; the code itself when nothing else is known."""
        return self.labels.get(code, Text(code, code))

    @cached_property
    def leaf_number(self) -> dict[str, int]:
        """Number of every leaf."""
        return _numbers([leaf.code for leaf in self.leaves])

    @cached_property
    def _industry_number(self) -> dict[str, int]:
        return _numbers(self.industries)

    @cached_property
    def _city_number(self) -> dict[str, int]:
        return _numbers((*self.cities, OUTSIDE))

    @cached_property
    def _category_number(self) -> dict[str, int]:
        return _numbers(self.categories)

    @cached_property
    def stamp(self) -> str:
        """Changes with the numbers of the codes and with the words, however they are spelt: what columns follow from,
        beside the items.
        """
        words, alone = (
            sorted((word, *map(str, senses)) for word, senses in each.items())
            for each in (self.wording.senses, self.wording.alone)
        )
        spelt = sorted(self.wording.spelt.items())
        facts = (*map(str, self.leaves), self.cities, self.categories, words, alone, spelt)
        return sha256(repr(facts).encode()).hexdigest()

    @cached_property
    def industries(self) -> tuple[str, ...]:
        """The industries of the leaves, in order of appearance."""
        return tuple(dict.fromkeys(leaf.industry for leaf in self.leaves))

    @cached_property
    def leaf_industries(self) -> NDArray[np.int16]:
        """Number of the industry of every leaf."""
        return np.array([self.industries.index(leaf.industry) for leaf in self.leaves], dtype=np.int16)

    @cached_property
    def senses(self) -> SenseTable:
        """The words of the directions in the numbers of leaves and industries."""
        return SenseTable(self.wording, self.leaf_number, self.industries, self.leaf_industries)

    @cached_property
    def nearness(self) -> NDArray[np.float32]:
        """[leaves, leaves] in tenths: same leaf 10, same parent (or parent and child) 6, same industry 3."""
        industry = self.leaf_industries
        family = np.array([leaf.parent or leaf.code for leaf in self.leaves])
        near = np.where(industry[:, None] == industry[None, :], SAME_INDUSTRY, UNRELATED).astype(np.float32)
        near[family[:, None] == family[None, :]] = SAME_PARENT
        np.fill_diagonal(near, SAME_LEAF)
        return near

    def industry_of(self, code: str) -> str:
        """The industry of a leaf, or the industry itself."""
        number = self.leaf_number.get(code)
        return code if number is None else self.leaves[number].industry

    def leaf(self, code: str) -> int:
        """Number of a leaf. Raises InvalidArgument UNKNOWN_DIRECTION."""
        return _number(self.leaf_number.get(code), code, "UNKNOWN_DIRECTION", "方向", "direction")

    def industry(self, code: str) -> int:
        """Number of an industry. Raises InvalidArgument UNKNOWN_INDUSTRY."""
        return _number(self._industry_number.get(code), code, "UNKNOWN_INDUSTRY", "产业", "industry")

    def city(self, code: str) -> int:
        """Number of a city; `outside` (省外) is one. Raises InvalidArgument UNKNOWN_CITY."""
        return _number(self._city_number.get(code), code, "UNKNOWN_CITY", "城市", "city")

    def city_named(self, number: int) -> str:
        """The city of a number; empty for a number below zero, which stands for one that is not known."""
        return "" if number < 0 else (*self.cities, OUTSIDE)[number]

    def category(self, code: str) -> int:
        """Number of a talent category. Raises InvalidArgument UNKNOWN_CATEGORY."""
        return _number(self._category_number.get(code), code, "UNKNOWN_CATEGORY", "人才类别", "category")


def _numbers(codes: Sequence[str]) -> dict[str, int]:
    return {code: number for number, code in enumerate(codes)}


def _number(number: int | None, code: str, reason: str, zh: str, en: str) -> int:
    if number is None:
        raise InvalidArgument.field(
            en,
            reason,
            f"目录中没有{zh}“{code}”，请使用目录中的代码",
            f"the catalogue has no {en} {code!r}; use its codes",
        )
    return number
