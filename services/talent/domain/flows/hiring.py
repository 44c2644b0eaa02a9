"""Hires expected of funded deals (投资带动用人): demand to come, never mixed with what is advertised."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


class FundedHire(NamedTuple):
    """Heads that a funded firm is expected to hire evenly over a window, from its first day to the day before its
    last, in millionths.
    """

    leaf: str
    city: str
    category: str
    starts: date
    ends: date
    micro: int

    def expected(self, after: date, until: date) -> int:
        """Millionths of heads still to be hired after one day, up to and including another.

        What lies before has come as postings, or has not come.
        """
        days = (self.ends - self.starts).days
        if days <= 0:
            return self.micro if after < self.starts <= until else 0
        return self._by(until, days) - self._by(after, days)

    def _by(self, day: date, days: int) -> int:
        """Millionths hired up to and including `day`."""
        passed = min(max((day - self.starts).days, 0), days)
        return self.micro * passed // days


@dataclass(eq=False)
class FundedHireLine:
    """One line of what a deal is expected to hire, as it is kept. It counts until its firm withdraws."""

    deal_id: str
    number: int
    leaf: str
    city: str
    category: str
    starts: date
    ends: date
    micro: int
    counted: bool

    @property
    def hire(self) -> FundedHire:
        """What is counted of it."""
        return FundedHire(self.leaf, self.city, self.category, self.starts, self.ends, self.micro)
