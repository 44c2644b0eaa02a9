"""Rows as CSV and XLSX that no spreadsheet program will compute."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from services.cli.columns import Column, plain
from services.kernel.text import Language, Text
from services.workbook.cleaning import is_formula
from services.workbook.writing import guarded

_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\']")
_NAME_LENGTH = 31
ORIGIN = Column("origin", Text("数据来源", "origin"))

Rows = Sequence[Mapping[str, Any]]


def csv_text(columns: Sequence[Column], rows: Rows, language: Language, above: Sequence[str]) -> str:
    """UTF-8 text with a byte order mark; `above` are lines above the headers."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for line in above:
        writer.writerow([_csv_cell(line)])
    shown = _with_origin(columns, rows)
    writer.writerow([header.to(language) for column in shown for header in column.parts or (column.header,)])
    for row in rows:
        cells = [plain(each) for column in shown for each in _parted(column, row.get(column.key))]
        writer.writerow([_csv_cell(each) for each in cells])
    return "\ufeff" + buffer.getvalue()


def write_xlsx(
    path: Path,
    title: Text,
    columns: Sequence[Column],
    rows: Rows,
    language: Language,
    above: Sequence[str],
) -> None:
    """One sheet; `above` are lines above the headers. Raises OSError when the file cannot be written."""
    from services.workbook.opening import new_workbook

    path.parent.mkdir(parents=True, exist_ok=True)
    with new_workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet(sheet_name(title.to(language)))
        literal = book.add_format({"quote_prefix": True})
        for number, line in enumerate(above):
            sheet.write_string(number, 0, line, literal if is_formula(line) else None)
        top = len(above)
        shown = _with_origin(columns, rows)
        headers = [header for column in shown for header in column.parts or (column.header,)]
        for at, header in enumerate(headers):
            sheet.write_string(top, at, header.to(language))
        sheet.freeze_panes(top + 1, 0)
        for number, row in enumerate(rows, top + 1):
            cells = [
                column.cell(each, language)
                for column in shown
                for each in _parted(column, row.get(column.key))
            ]
            for at, cell in enumerate(cells):
                _write_cell(sheet, number, at, cell, literal)


def sheet_name(title: str) -> str:
    """The title as a spreadsheet program takes it for a sheet."""
    return _NOT_IN_SHEET_NAMES.sub("-", title)[:_NAME_LENGTH] or "bole"


def _parted(column: Column, value: Any) -> Sequence[Any]:
    """What a value puts into the columns of a file that are its own; all are empty without one."""
    if not column.parts:
        return (value,)
    given = tuple(value.values()) if isinstance(value, Mapping) else value
    return given or (None,) * len(column.parts)


def _with_origin(columns: Sequence[Column], rows: Rows) -> list[Column]:
    given = any("origin" in row for row in rows) and all(column.key != "origin" for column in columns)
    return [*columns, ORIGIN] if given else list(columns)


def _csv_cell(value: Any) -> str:
    return guarded(value) if isinstance(value, str) else "" if value is None else str(value)


def _write_cell(sheet: Any, row: int, at: int, value: Any, literal: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, at, value)
    elif isinstance(value, int | float):
        sheet.write_number(row, at, value)
    else:
        text = str(value)
        sheet.write_string(row, at, text, literal if is_formula(text) else None)
