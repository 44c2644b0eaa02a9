"""Rows as CSV and XLSX that no spreadsheet program will compute."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.cells import cell_len

from services.cli.answers.columns import ORIGIN, Column, plain
from services.kernel.money import Money
from services.kernel.text import Language, Text
from services.workbook.cleaning import is_formula
from services.workbook.opening import new_workbook
from services.workbook.writing import guarded

_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\']")
_NAME_LENGTH = 31
_A4 = 9
_NARROW, _HEAD, _BROAD = 6, 14, 48
"""Letters of a column, of a header before it breaks, and of the widest column."""
_EXACT_FEN = 10**15
"""Up to here a spreadsheet's number, of fifteen digits, is exact to the fen; beyond, an amount stays a text."""

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
    path.parent.mkdir(parents=True, exist_ok=True)
    shown = _with_origin(columns, rows)
    headers = [header.to(language) for column in shown for header in column.parts or (column.header,)]
    table = [
        [column.cell(each, language) for column in shown for each in _parted(column, row.get(column.key))]
        for row in rows
    ]
    with new_workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet(sheet_name(title.to(language)))
        looks = {
            "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
            "literal": book.add_format({"quote_prefix": True}),
            "amount": book.add_format({"num_format": "#,##0.00"}),
            "truth": book.add_format({"num_format": '"✓";"✓";"✗"', "align": "center"}),
            "broken": book.add_format({"num_format": "0.00##"}),
        }
        for number, line in enumerate(above):
            sheet.write_string(number, 0, line, looks["literal"] if is_formula(line) else None)
        top = len(above)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(top)
        for at, header in enumerate(headers):
            sheet.set_column(at, at, _width(header, [cells[at] for cells in table]))
            sheet.write_string(top, at, header, looks["head"])
        sheet.freeze_panes(top + 1, 0)
        if table:
            sheet.autofilter(top, 0, top + len(table), len(headers) - 1)
        for number, cells in enumerate(table, top + 1):
            for at, cell in enumerate(cells):
                _write_cell(sheet, number, at, cell, looks)


def _width(header: str, cells: Sequence[Any]) -> int:
    """Letters that a column takes: what its widest cell needs, within limits; a header may break."""
    needed = [cell_len(line) for cell in cells for line in _said(cell).split("\n")]
    return min(max(_NARROW, min(cell_len(header), _HEAD), *needed) + 2, _BROAD)


def _said(value: Any) -> str:
    if isinstance(value, Money):
        return f"{value.fen / 100:,.2f}"
    return "" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value)


def sheet_name(title: str) -> str:
    """The title as a spreadsheet program takes it for a sheet."""
    return _NOT_IN_SHEET_NAMES.sub("-", title)[:_NAME_LENGTH] or "bole"


def _parted(column: Column, value: Any) -> Sequence[Any]:
    """What a value puts into the columns of a file that are its own; all are empty without one."""
    if not column.parts:
        return (value,)
    if len(column.parts) == 1:
        return (value,)
    given = tuple(value.values()) if isinstance(value, Mapping) else value
    return given or (None,) * len(column.parts)


def _with_origin(columns: Sequence[Column], rows: Rows) -> list[Column]:
    given = any("origin" in row for row in rows) and all(column.key != "origin" for column in columns)
    return [*columns, ORIGIN] if given else list(columns)


def _csv_cell(value: Any) -> str:
    return guarded(value) if isinstance(value, str) else "" if value is None else str(value)


def _write_cell(sheet: Any, row: int, at: int, value: Any, looks: Mapping[str, Any]) -> None:
    if value is None or value == "":
        return
    if isinstance(value, Money) and abs(value.fen) <= _EXACT_FEN:
        sheet.write_number(row, at, value.fen / 100, looks["amount"])
    elif isinstance(value, bool):
        sheet.write_boolean(row, at, value, looks["truth"])
    elif isinstance(value, int | float):
        sheet.write_number(row, at, value, None if isinstance(value, int) else looks["broken"])
    else:
        text = str(plain(value))
        sheet.write_string(row, at, text, looks["literal"] if is_formula(text) else None)
