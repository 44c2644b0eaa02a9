"""What the other services reported of the quarters of a report (统计报送), frozen with it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.kernel.text import Text
from services.paper.document import Value
from services.talent.domain.release.content import Symbol

FEN_PER_WAN = 1_000_000
OWN_METHOD = "talent-return-1"
"""Of what the talent service itself counts for public editions: nominations, awards, and who of those stayed."""


class Source(StrEnum):
    """Who reports."""

    FUNDING = "funding"
    MATCHER = "matcher"
    TALENT = "talent"

    @property
    def label(self) -> Text:
        """What the service is called."""
        return _LABELS[self]


_LABELS = {
    Source.FUNDING: Text("投资服务", "the funding service"),
    Source.MATCHER: Text("对接服务", "the matching service"),
    Source.TALENT: Text("人才服务", "the talent service"),
}
Figure = tuple[str, str, int]
"""Code, what it is of (empty for all), and the number."""


def figures(of: str, found: object, codes: Iterable[str]) -> tuple[Figure, ...]:
    """The attributes of these names, as figures of one thing."""
    return tuple((code, of, value) for code in codes if (value := int(getattr(found, code))))


@dataclass(frozen=True, slots=True)
class Return:
    """The newest version of what a service reported of a quarter when the report was drafted.

    `hidden`: of a public edition what is not told of it, by code and what it is of; None where all is told.
    """

    source: Source
    quarter: str
    version: int
    method: str
    known_at: datetime
    synthetic: bool
    figures: tuple[Figure, ...]
    hidden: tuple[tuple[str, str], ...] | None = None

    def hides(self, code: str, of: str) -> bool:
        """Whether a number, or the amount of money that goes with it, is not told."""
        return self.hidden is not None and (code.removesuffix("_fen"), of) in self.hidden


@dataclass(frozen=True)
class Returns:
    """`quarters`: of the report, oldest first; `told`: what was there of them, which may be less."""

    quarters: tuple[str, ...]
    told: tuple[Return, ...]

    @property
    def whole(self) -> bool:
        """Whether anything in it tells all, as only the internal edition does."""
        return any(each.hidden is None for each in self.told)

    def of(self, source: Source, *, early: bool = False) -> "Reported":
        """What one service reported."""
        told = tuple(each for each in self.told if each.source is source)
        return Reported(source, self.quarters, told, early)


@dataclass(frozen=True)
class Reported:
    """What one service reported, its quarters added up. `early`: told as the first three versions of the composition
    did.
    """

    source: Source
    quarters: tuple[str, ...]
    told: tuple[Return, ...]
    early: bool = False

    @property
    def hiding(self) -> bool:
        """Whether it is what a public edition tells."""
        return any(each.hidden is not None for each in self.told)

    @property
    def missing(self) -> list[str]:
        """The quarters of which nothing is there."""
        known = {each.quarter for each in self.told}
        return [each for each in self.quarters if each not in known]

    def value(self, code: str, of: str = "", unit: int = 1) -> Value:
        """One number in whole units, halves up; 0 where it is not listed. In place of what is not told `c`, and of a
        number of which only some quarters are told `≥` and those.
        """
        hidden = sum(each.hides(code, of) for each in self.told)
        if hidden and hidden == len(self.told):
            return Symbol.SUPPRESSED.value
        found = (2 * self._sums()[code, of] + unit) // (2 * unit)
        if hidden and self.early:
            return f"{found}+{Symbol.SUPPRESSED}"
        return found if not hidden else f"≥{found:,}" if found else Symbol.SUPPRESSED.value

    def wan(self, code: str, of: str = "") -> Value:
        """An amount in whole 万元."""
        return self.value(f"{code}_fen", of, FEN_PER_WAN)

    def kinds(self, *codes: str) -> list[str]:
        """What figures of these codes are of, all apart."""
        told = [(code, of) for code, of in self._sums() if of]
        told += [key for each in self.told for key in each.hidden or ()]
        return sorted({of for code, of in told if code in codes and of})

    def total(self, code: str, kinds: Iterable[str]) -> Value:
        """One code over all that it is of: as it was told, else the sum."""
        if (code, "") in self._sums() or any(each.hides(code, "") for each in self.told):
            return self.value(code)
        return sum(self._sums()[code, of] for of in kinds)

    def share(self, code: str, of: str, whole: str, of_whole: str) -> Value:
        """What share of 1 one number is of another; None of nothing, `c` where one of them is not told in full."""
        if any(each.hides(*key) for each in self.told for key in ((code, of), (whole, of_whole))):
            return Symbol.SUPPRESSED.value
        return share(self._sums()[code, of], self._sums()[whole, of_whole])

    def _sums(self) -> Counter[tuple[str, str]]:
        found: Counter[tuple[str, str]] = Counter()
        for each in self.told:
            found.update({(code, of): value for code, of, value in each.figures})
        return found


def share(part: Value, whole: Value) -> Value:
    """A share of 1, which rounded numbers would overstep; None of nothing, `c` where one of them is not told."""
    if not isinstance(part, int) or not isinstance(whole, int):
        return Symbol.SUPPRESSED.value
    return min(part / whole, 1.0) if whole else None
