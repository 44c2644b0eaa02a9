"""What a filter over the rows of a population is, whoever asks it."""

from dataclasses import dataclass
from typing import Protocol

from services.matcher.domain.codes import Codes
from services.matcher.domain.columns import Columns
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
class Among:
    """Whom a search looks at: those that meet the conditions of its filter, and those `seen` (None for all)."""

    conditions: Conditional | None = None
    seen: Mask | None = None

    def masks(self, columns: Columns, codes: Codes) -> list[Mask]:
        """The rows, to be met together."""
        asked = [] if self.conditions is None else [self.conditions.mask(columns, codes)]
        return asked if self.seen is None else [*asked, self.seen]
