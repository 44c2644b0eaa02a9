"""What a release prints of each cell, and the digest of all of it."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from itertools import product
from typing import Any, Final

from services.talent.domain.axes import ALL
from services.talent.domain.disclosure.rules import Edition, Rules
from services.talent.domain.shortage.table import Address, Cell, CellState, ShortageTable


class Symbol(StrEnum):
    """Why there is no index, in the letters that statistical tables use; empty where there is one."""

    NONE = ""
    NOT_APPLICABLE = "z"
    UNAVAILABLE = "x"
    SUPPRESSED = "c"


@dataclass(frozen=True, slots=True)
class Row:
    """One cell as it is printed. None for what is not printed; `state` is empty for a hidden public cell."""

    node: str
    city: str
    category: str
    symbol: str
    state: str
    demand: int | None = None
    supply: float | None = None
    persons: int | None = None
    index: float | None = None
    low: float | None = None
    high: float | None = None
    log_odds: float | None = None
    sd: float | None = None
    stars: int = 0
    watch: bool = False
    grade: str = ""
    parts: tuple[tuple[str, float], ...] = ()
    band_zh: str = ""
    band_en: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """Which cell it is."""
        return self.node, self.city, self.category


_NAMES: Final = tuple(field.name for field in fields(Row))


def addresses(table: ShortageTable) -> Iterator[Address]:
    """The cells that a release holds: those with at least one dimension taken as a whole."""
    axes = table.cube.axes
    for node, city, category in product(axes.nodes, axes.cities, axes.categories):
        if ALL in (node, city, category):
            yield Address(node, city, category)


def rows(table: ShortageTable) -> list[Row]:
    """The rows of a table as its edition prints them."""
    rules = table.patterns.rules
    printed = _public if table.edition is Edition.PUBLIC else _internal
    return [printed(table.cell(address), rules) for address in addresses(table)]


def digest(header: Mapping[str, Any], content: list[Row]) -> str:
    """SHA-256 over header and rows in canonical form, in hex."""
    whole = {"header": dict(header), "rows": [packed(row) for row in content]}
    return hashlib.sha256(_canonical(whole).encode()).hexdigest()


def packed(row: Row) -> dict[str, Any]:
    """A row as JSON values, without what is empty."""
    values = ((name, getattr(row, name)) for name in _NAMES)
    return {
        name: value
        for name, value in values
        if value is not None and value is not False and value != "" and value != ()
    }


def unpacked(values: Mapping[str, Any]) -> Row:
    """The row of `packed` values; what a later program may have added is left out."""
    given = {name: value for name, value in values.items() if name in _NAMES}
    given["parts"] = tuple((name, value) for name, value in given.get("parts", ()))
    return Row(**{"symbol": "", "state": "", **given})


def header(
    quarter: str, edition: Edition, as_of: date, known_at: str, table: ShortageTable, catalogue_version: str
) -> dict[str, str]:
    """What the digest covers beside the rows."""
    return {
        "quarter": quarter,
        "edition": edition.value,
        "as_of": as_of.isoformat(),
        "known_at": known_at,
        "method": table.method.version,
        "disclosure": table.patterns.rules.version,
        "catalogue": catalogue_version,
    }


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _symbol(cell: Cell) -> Symbol:
    if cell.hidden:
        return Symbol.SUPPRESSED
    if cell.index is not None:
        return Symbol.NONE
    return Symbol.NOT_APPLICABLE if cell.state is CellState.NO_DEMAND else Symbol.UNAVAILABLE


def _internal(cell: Cell, _: Rules) -> Row:
    return Row(
        **_common(cell),
        state=_state(cell),
        demand=cell.demand,
        supply=_rounded(cell.supply, 1),
        persons=cell.persons,
        index=_rounded(cell.index, 1),
        low=_rounded(cell.low, 1),
        high=_rounded(cell.high, 1),
        log_odds=_rounded(cell.log_odds, 4),
        sd=_rounded(cell.sd, 4),
        parts=tuple((name, round(value, 4)) for name, value in cell.contributions),
    )


def _public(cell: Cell, rules: Rules) -> Row:
    """Heads rounded after hiding; of a hidden cell not even whether there is demand."""
    if cell.hidden:
        return Row(**_common(cell), state=_state(cell))
    return Row(
        **_common(cell),
        state=_state(cell),
        demand=rules.rounded(cell.demand),
        supply=None if cell.supply is None else float(rules.rounded(cell.supply)),
        persons=None if cell.persons is None else rules.rounded(cell.persons),
        index=cell.index,
        low=cell.low,
        high=cell.high,
    )


def _state(cell: Cell) -> str:
    return "" if cell.state is None else cell.state.value


def _common(cell: Cell) -> dict[str, Any]:
    band = cell.band
    return {
        "node": cell.address.node,
        "city": cell.address.city,
        "category": cell.address.category,
        "symbol": _symbol(cell).value,
        "stars": cell.stars,
        "watch": cell.watch,
        "grade": cell.grade or "",
        "band_zh": band.zh if band else "",
        "band_en": band.en if band else "",
    }


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
