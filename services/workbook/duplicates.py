"""Rows of one file that speak of the same record."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.kernel.errors import Violation
from services.kernel.text import Text
from services.workbook.sheets import SHEETS
from services.workbook.tables import Table


@dataclass(frozen=True, slots=True)
class Duplicates:
    """`same`: numbers of rows equal in every cell to an earlier one, with the number of that one. `conflicting`:
    violations by row number for rows that repeat an earlier row's natural key but say something else.
    """

    same: Mapping[int, int]
    conflicting: Mapping[int, Violation]


def find_duplicates(table: Table) -> Duplicates:
    """Compare the rows of a table by the natural key of its sheet; rows without a key are left out."""
    sheet = SHEETS[table.sheet]
    header = sheet.column(sheet.natural_key)
    first: dict[str, int] = {}
    seen: dict[tuple[str, ...], int] = {}
    same: dict[int, int] = {}
    conflicting: dict[int, Violation] = {}
    for row in table.rows:
        key = row.cells.get(sheet.natural_key, "").casefold()
        content = tuple(row.cells.values())
        if not key:
            continue
        if content in seen:
            same[row.number] = seen[content]
        elif key in first:
            conflicting[row.number] = _violation(header.header_zh, row.cells[sheet.natural_key], first[key])
        first.setdefault(key, row.number)
        seen.setdefault(content, row.number)
    return Duplicates(same, conflicting)


def _violation(field: str, value: str, earlier: int) -> Violation:
    return Violation(
        field,
        "DUPLICATE_REF",
        Text(
            f"{field}“{value[:40]}”与第{earlier}行重复但内容不同，请保留一行",
            f"{value[:40]!r} stands in row {earlier} already with other content; keep one of the rows",
        ),
    )
