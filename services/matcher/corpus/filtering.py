"""Filters over columns: the rows of a population that a request admits."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from services.matcher.domain.codes import Codes
from services.matcher.domain.columns import STAGES, Columns
from services.matcher.domain.item import Stage
from services.matcher.score.block import Mask


class RowFilter(Protocol):
    """Anything that admits rows of a population."""

    def mask(self, columns: Columns, codes: Codes, /) -> Mask | None:
        """Rows admitted; None when everything is."""
        ...


class Conditional(Protocol):
    """A filter that says which of its conditions a row does not meet."""

    def mask(self, columns: Columns, codes: Codes, /) -> Mask:
        """Rows that meet all conditions."""
        ...

    def unmet(self, columns: Columns, codes: Codes) -> tuple[str, ...]:
        """The conditions that the one row does not meet, in words of the filter."""
        ...


@dataclass(frozen=True, slots=True)
class Filter:
    """Every set that is not empty must hold the item's value; an item without the value is not admitted.

    `reachable` are cities that the item is in or would go to.
    """

    industries: frozenset[str] = frozenset()
    leaves: frozenset[str] = frozenset()
    cities: frozenset[str] = frozenset()
    reachable: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    stages: frozenset[Stage] = frozenset()

    def mask(self, columns: Columns, codes: Codes, /) -> Mask | None:
        """Rows admitted; None when everything is. Raises InvalidArgument for unknown codes."""
        masks = []
        if self.industries:
            masks.append(_bits(columns, "industries", [codes.industry(code) for code in self.industries]))
        if self.reachable:
            masks.append(_bits(columns, "reach", [codes.city(code) for code in self.reachable]))
        if self.leaves:
            numbers = [codes.leaf(code) for code in self.leaves]
            masks.append(np.asarray(columns["shares"][:, numbers].any(axis=1), np.bool_))
        if self.cities:
            masks.append(_among(columns["city"], [codes.city(code) for code in self.cities]))
        if self.categories:
            masks.append(_among(columns["category"], [codes.category(code) for code in self.categories]))
        if self.stages:
            masks.append(_among(columns["stage"], [STAGES.index(stage) for stage in self.stages]))
        return np.logical_and.reduce(masks) if masks else None


@dataclass(frozen=True, slots=True)
class Among:
    """Whom a search looks at: those that meet the conditions of its filter, and those `seen` (None for all)."""

    conditions: Conditional | None = None
    seen: Mask | None = None

    def masks(self, columns: Columns, codes: Codes) -> list[Mask]:
        """The rows, to be met together."""
        asked = [] if self.conditions is None else [self.conditions.mask(columns, codes)]
        return asked if self.seen is None else [*asked, self.seen]


def _bits(columns: Columns, name: str, numbers: list[int]) -> Mask:
    wanted = sum(1 << number for number in set(numbers))
    return np.asarray(columns.sets(name) & np.uint32(wanted) != 0, np.bool_)


def _among(column: NDArray[np.generic], numbers: list[int]) -> Mask:
    """Whether each is one of a few: quicker than looking all up."""
    either: Mask = np.logical_or.reduce([column == number for number in numbers])
    return either
