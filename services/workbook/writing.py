"""Writing tables in the exchange format: XLSX or CSV that no spreadsheet program will compute."""

import csv
import datetime
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeAlias

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from services.workbook.cleaning import guarded, is_formula
from services.workbook.opening import new_workbook
from services.workbook.sheets import SHEETS, Column, Kind, Sheet

CellValue: TypeAlias = str | int | None
RowValues: TypeAlias = Mapping[str, CellValue]

__all__ = ["SYNTHETIC_MARK", "CellValue", "RowValues", "guarded", "header_text", "write_csv", "write_xlsx"]

SYNTHETIC_MARK = "演示数据 SYNTHETIC：本文件内容均为虚构，不对应任何真实个人、企业或基金"
# A fixed instant, so that equal data make equal files.
_CREATED = datetime.datetime(2026, 6, 30, tzinfo=datetime.UTC)
_WIDTHS = {Kind.TEXT: 40, Kind.SHARES: 34, Kind.NAME: 22, Kind.USCC: 22, Kind.EMAIL: 24}


def header_text(column: Column) -> str:
    """The header of a column as it stands in a file: Chinese, a star if required, English below."""
    return f"{column.header_zh}{'*' if column.required else ''}\n{column.header_en}"


def write_xlsx(path: Path, tables: Mapping[str, Iterable[RowValues]], *, mark: str | None = None) -> None:
    """Write one sheet for each table (by sheet key). Texts stay texts, ISO dates become real dates.

    `mark` is a line above the headers of every sheet, such as `SYNTHETIC_MARK`.
    """
    with new_workbook(path, {"strings_to_numbers": False, "strings_to_formulas": False}) as book:
        book.set_properties({"title": "Bole", "comments": mark or "", "created": _CREATED})
        formats = {
            "header": book.add_format(
                {"bold": True, "text_wrap": True, "bg_color": "#DDEBF7", "valign": "top"}
            ),
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            "literal": book.add_format({"quote_prefix": True}),
            "mark": book.add_format({"bold": True, "font_color": "#C00000"}),
        }
        for key, rows in tables.items():
            sheet = SHEETS[key]
            _write_sheet(book.add_worksheet(sheet.title_zh), sheet, rows, formats, mark)


def _write_sheet(
    page: Worksheet, sheet: Sheet, rows: Iterable[RowValues], formats: Mapping[str, Format], mark: str | None
) -> None:
    top = 0
    if mark:
        page.write_string(0, 0, mark, formats["mark"])
        top = 1
    for position, column in enumerate(sheet.columns):
        page.set_column(position, position, _WIDTHS.get(column.kind, 14))
        page.write_string(top, position, header_text(column), formats["header"])
    page.freeze_panes(top + 1, 1)
    columns = list(enumerate(sheet.columns))
    for number, row in enumerate(rows, top + 1):
        for position, column in columns:
            value = row.get(column.key)
            if value is not None and value != "":
                _write_cell(page, number, position, column, value, formats)


def _write_cell(
    page: Worksheet, row: int, position: int, column: Column, value: str | int, formats: Mapping[str, Format]
) -> None:
    if isinstance(value, int):
        page.write_number(row, position, value)
        return
    day = _day(value) if column.kind is Kind.DATE else None
    if day is not None:
        page.write_datetime(row, position, day, formats["date"])
    else:
        page.write_string(row, position, value, formats["literal"] if is_formula(value) else None)


def _day(value: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(value)
    except ValueError:
        return None


def write_csv(path: Path, sheet: Sheet, rows: Iterable[RowValues], *, mark: str | None = None) -> int:
    """Write one table as UTF-8 with a mark of order, row by row; returns the number of rows.

    A text that a spreadsheet would compute gets a leading quote, which the reader takes off again.
    """
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        if mark:
            writer.writerow([mark])
        writer.writerow([f"{c.header_zh}{'*' if c.required else ''}" for c in sheet.columns])
        keys = [column.key for column in sheet.columns]
        for row in rows:
            writer.writerow([_csv_cell(row.get(key)) for key in keys])
            count += 1
    return count


def _csv_cell(value: CellValue) -> str:
    if value is None:
        return ""
    return guarded(value) if isinstance(value, str) else str(value)
