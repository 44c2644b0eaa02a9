"""Quarters: the periods of the shortage map."""

from datetime import date, timedelta
from typing import NamedTuple


class Quarter(NamedTuple):
    """A calendar quarter, `number` 1 to 4."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Quarter":
        """The quarter that a day lies in."""
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def parse(cls, code: str) -> "Quarter":
        """The quarter of a code like `2026Q3`."""
        year, number = code.split("Q")
        return cls(int(year), int(number))

    @property
    def start(self) -> date:
        """The first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def end(self) -> date:
        """The last day."""
        return self.later(1).start - timedelta(days=1)

    def later(self, quarters: int) -> "Quarter":
        """So many quarters later, or earlier if negative."""
        year, rest = divmod(self.year * 4 + self.number - 1 + quarters, 4)
        return Quarter(year, rest + 1)

    def __str__(self) -> str:
        """Its code, `2026Q3`."""
        return f"{self.year}Q{self.number}"


def window_start(as_of: date, window_days: int) -> date:
    """The day before a window that holds the quarter of `as_of` and as many whole ones before as `window_days` make.

    It moves with quarters only: what records add to a window does not change with every day.
    """
    quarters = max(1, round(window_days * 4 / 365.25))
    return Quarter.of(as_of).later(-quarters).start - timedelta(days=1)
