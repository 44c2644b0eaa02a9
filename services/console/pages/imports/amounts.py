"""The amounts of an import, column by column: a wrong unit shows in their sum and in the largest of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from services.console.web.visits import Visit
from services.kernel.money import MAX_FEN, Money
from services.workbook.sheets import SHEETS


@dataclass(frozen=True, slots=True)
class Amounts:
    """One column. `total` and `largest` are in words, `total_yuan` in yuan to the fen; `written`: what the cell of the
    largest says, in that `row` of the file.
    """

    sheet: str
    column: str
    count: int
    total: str
    total_yuan: str
    largest: str
    written: str
    row: int


def amounts(visit: Visit, found: Any) -> Sequence[Amounts]:
    """Those of an import of firms, funds and deals; none where files hold no amounts."""
    return [_read(visit, each) for each in getattr(found, "amounts", ())]


def column_name(visit: Visit, sheet: str, header: str) -> str:
    """A column in the reader's language, by the header that the service says."""
    known = {each.header_zh: each for each in SHEETS[sheet].columns}
    return visit.say(header, known[header].header_en) if header in known else header


def _read(visit: Visit, each: Any) -> Amounts:
    return Amounts(
        each.sheet,
        column_name(visit, each.sheet, each.column),
        each.amount_count,
        _in_words(visit, each.sum_fen),
        _in_yuan(visit, each.sum_fen),
        _in_words(visit, each.largest_fen),
        each.largest_written,
        each.largest_row,
    )


def _in_words(visit: Visit, fen: int) -> str:
    """A sum may be over what one amount can be: then it is in yuan."""
    if abs(fen) > MAX_FEN:
        return _in_yuan(visit, fen)
    return visit.say(Money(fen).display_zh(), Money(fen).display_en())


def _in_yuan(visit: Visit, fen: int) -> str:
    yuan, rest = divmod(abs(fen), 100)
    digits = f"{'-' if fen < 0 else ''}{yuan:,}.{rest:02d}"
    return visit.say(f"{digits} 元", f"CNY {digits}")
