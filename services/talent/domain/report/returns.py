"""What the other services reported of the quarters of a report (统计报送), frozen with it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.kernel.text import Text

FEN_PER_WAN = 1_000_000


class Source(StrEnum):
    """Who reports."""

    FUNDING = "funding"
    MATCHER = "matcher"

    @property
    def label(self) -> Text:
        """What the service is called."""
        return _LABELS[self]


_LABELS = {
    Source.FUNDING: Text("投资服务", "the funding service"),
    Source.MATCHER: Text("对接服务", "the matching service"),
}
Figure = tuple[str, str, int]
"""Code, what it is of (empty for all), and the number."""


@dataclass(frozen=True, slots=True)
class Return:
    """The newest version of what a service reported of a quarter when the report was drafted."""

    source: Source
    quarter: str
    version: int
    method: str
    known_at: datetime
    synthetic: bool
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Returns:
    """`quarters`: of the report, oldest first; `told`: what was there of them, which may be less."""

    quarters: tuple[str, ...]
    told: tuple[Return, ...]

    def of(self, source: Source) -> "Reported":
        """What one service reported."""
        return Reported(source, self.quarters, tuple(each for each in self.told if each.source is source))


@dataclass(frozen=True)
class Reported:
    """What one service reported, its quarters added up."""

    source: Source
    quarters: tuple[str, ...]
    told: tuple[Return, ...]

    @property
    def missing(self) -> list[str]:
        """The quarters of which nothing is there."""
        known = {each.quarter for each in self.told}
        return [each for each in self.quarters if each not in known]

    def value(self, code: str, of: str = "") -> int:
        """One number; 0 where it is not listed."""
        return self._sums()[code, of]

    def wan(self, code: str, of: str = "") -> int:
        """An amount in whole 万元, halves up."""
        return (self.value(f"{code}_fen", of) + FEN_PER_WAN // 2) // FEN_PER_WAN

    def kinds(self, *codes: str) -> list[str]:
        """What figures of these codes are of, all apart."""
        return sorted({of for code, of in self._sums() if code in codes and of})

    def total(self, code: str, kinds: Iterable[str]) -> int:
        """The sum of one code over what it is of."""
        return sum(self.value(code, of) for of in kinds)

    def _sums(self) -> Counter[tuple[str, str]]:
        found: Counter[tuple[str, str]] = Counter()
        for each in self.told:
            found.update({(code, of): value for code, of, value in each.figures})
        return found
