"""The cells of a release as it printed them, to be looked up."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from services.talent.domain.axes import ALL
from services.talent.domain.release.content import Row, Symbol
from services.talent.domain.shortage.reasons.comparison import Known, known_of

Place = tuple[str, str, str]
NOT_PRINTED = "–"


@dataclass(frozen=True)
class Printed:
    """`rows` in the release's order."""

    rows: tuple[Row, ...]

    @cached_property
    def by_place(self) -> dict[Place, Row]:
        """The rows by node, city and category."""
        return {row.key: row for row in self.rows}

    def at(self, node: str = ALL, city: str = ALL, category: str = ALL) -> Row | None:
        """One cell; None if the release has none of that name."""
        return self.by_place.get((node, city, category))

    def within(self, places: Iterable[Place]) -> Iterator[Row]:
        """Those of some cells that the release has."""
        return (row for place in places if (row := self.by_place.get(place)) is not None)


def index_of(row: Row | None) -> float | str:
    """The index, or the letter of why there is none."""
    if row is None:
        return NOT_PRINTED
    return row.index if row.index is not None else row.symbol or Symbol.UNAVAILABLE.value


def count_of(row: Row | None, name: str) -> float | str:
    """A number of heads (demand, supply, persons), or `c` where it is hidden."""
    if row is None:
        return NOT_PRINTED
    value = getattr(row, name)
    return Symbol.SUPPRESSED.value if value is None else value


def gap_of(row: Row | None) -> float | str:
    """Open heads that no available person stands against, never below 0; `c` where it is hidden."""
    if row is None:
        return NOT_PRINTED
    if row.demand is None or row.supply is None:
        return Symbol.SUPPRESSED.value
    return max(0.0, row.demand - row.supply)


def belief_of(row: Row | None) -> Known | None:
    """What is known of a cell, by what is printed of it."""
    if row is None or row.index is None or row.low is None or row.high is None:
        return None
    if row.log_odds is not None and row.sd is not None:
        return Known(row.log_odds, row.sd)
    return known_of(row.low, row.index, row.high)


def stars_of(row: Row | None) -> str:
    """Stars, `–` for none, with 观察's sign where they are in doubt; empty without an index."""
    if row is None or row.index is None:
        return ""
    return ("★" * row.stars or "–") + ("?" if row.watch else "")
