"""How the amounts of a file were read, for somebody to confirm: cell by cell, and column by column."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bole.common.v1.workbook_import_pb2 import AmountColumn
from services.chassis.imports.outcomes import Outcome
from services.chassis.imports.sheets import Judged, Rows, Values
from services.kernel.money import Money
from services.workbook.sheets import Column, Kind, Sheet
from services.workbook.tables import Row


@dataclass(slots=True)
class _Column:
    header: str
    count: int = 0
    total: int = 0
    largest: tuple[int, str, int] = (0, "", 0)


@dataclass(slots=True)
class AmountsRead:
    """Amounts of new and changed rows of one sheet."""

    sheet: Sheet
    _columns: dict[str, _Column] = field(default_factory=dict)

    def take(self, row: Row, values: Mapping[str, Any]) -> list[list[Any]]:
        """Count the amounts of a row; each as header, what the cell says, and fen."""
        found = []
        for column in self._of_money():
            fen, written = values.get(column.key), row.cells.get(column.key, "")
            if fen is None:
                continue
            known = self._columns.setdefault(column.key, _Column(column.header_zh))
            known.count += 1
            known.total += fen
            if known.count == 1 or fen > known.largest[0]:
                known.largest = (fen, written, row.number)
            found.append([column.header_zh, written, fen])
        return found

    def beside(self, rows: Rows) -> Rows:
        """The same rows, whose amounts are counted as they are judged."""
        return _Counted(rows, self)

    def columns(self) -> Iterator[AmountColumn]:
        """What the report says of each column."""
        for each in self._columns.values():
            fen, written, row = each.largest
            yield AmountColumn(
                sheet=self.sheet.key,
                column=each.header,
                amount_count=each.count,
                sum_fen=each.total,
                sum_text=shown(each.total),
                largest_fen=fen,
                largest_text=shown(fen),
                largest_written=written,
                largest_row=row,
            )

    def _of_money(self) -> Iterator[Column]:
        return (column for column in self.sheet.columns if column.kind is Kind.AMOUNT)


class _Counted:
    """Rows that keep, beside each that is new or changed, how its amounts were read."""

    def __init__(self, rows: Rows, read: AmountsRead) -> None:
        self._rows, self._read = rows, read

    def begin(self, chunk: Sequence[Row]) -> None:
        """Keep the cells of the chunk at hand."""
        self._chunk = {row.number: row for row in chunk}
        self._rows.begin(chunk)

    def judge(self, row: int, values: Values) -> Judged:
        """As the rows judge it."""
        judged = self._rows.judge(row, values)
        if judged.kind is not None:
            judged.beside = self._read.take(self._chunk[row], values)
        return judged

    def write(self, judged: Sequence[Judged]) -> list[Outcome]:
        """As the rows write them."""
        return self._rows.write(judged)


def shown(fen: int) -> str:
    """An amount in words; a sum may be over what one amount can be."""
    sign, rest = ("-", -fen) if fen < 0 else ("", fen)
    whole, part = divmod(rest, 9_000_000_000_000_000)
    return sign + Money(part).display_zh() if not whole else f"{sign}{rest // 100:,}.{rest % 100:02d}元"
