"""Writing one table of any size to an open file: a line on its origin, headers, rows that no program computes."""

import codecs
import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

import xlsxwriter

from services.workbook.cleaning import guarded, is_formula
from services.workbook.opening import new_workbook
from services.workbook.sheets import Column, Kind

ENCODINGS = {"utf-8": codecs.BOM_UTF8, "gb18030": b""}
"""Encodings of a CSV file, and the mark that each begins with."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Title and columns of the table, and other headers for some columns (by key).

    `cover`: names and values of a first sheet that says what the file is; of XLSX only.
    """

    title: str
    columns: Sequence[Column]
    headers: Mapping[str, str]
    cover: Sequence[tuple[str, str]] = ()

    def header(self, column: Column) -> str:
        """What stands above a column."""
        return self.headers.get(column.key, column.header_zh)


def write_csv_to(
    file: BinaryIO, layout: Layout, rows: Iterable[Sequence[str]], origin: str, encoding: str
) -> None:
    """Write rows of texts, in the order of the columns, as CSV in UTF-8 (with a mark) or GB18030."""
    file.write(ENCODINGS[encoding])
    text = io.TextIOWrapper(file, encoding, newline="", write_through=False)
    try:
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow([guarded(origin)])
        writer.writerow([layout.header(column) for column in layout.columns])
        writer.writerows(map(guarded, row) for row in rows)
        text.flush()
    finally:
        text.detach()


def write_xlsx_to(file: BinaryIO, layout: Layout, rows: Iterable[Sequence[str]], origin: str) -> None:
    """Write rows of texts as XLSX, a row at a time; numbers become numbers, everything else stays text."""
    with new_workbook(file, {"constant_memory": True, "strings_to_formulas": False}) as book:
        _write_cover(book, layout)
        page = book.add_worksheet(layout.title)
        literal, head = book.add_format({"quote_prefix": True}), book.add_format({"bold": True})
        page.write_string(0, 0, origin)
        for at, column in enumerate(layout.columns):
            page.write_string(1, at, layout.header(column), head)
        page.freeze_panes(2, 0)
        for number, row in enumerate(rows, 2):
            for at, (column, value) in enumerate(zip(layout.columns, row, strict=True)):
                if column.kind in (Kind.INTEGER, Kind.YEAR) and value:
                    page.write_number(number, at, int(value))
                elif column.kind is Kind.SCORE and value:
                    page.write_number(number, at, float(value))
                elif value:
                    page.write_string(number, at, value, literal if is_formula(value) else None)


def _write_cover(book: xlsxwriter.Workbook, layout: Layout) -> None:
    if not layout.cover:
        return
    page, head = book.add_worksheet("封面"), book.add_format({"bold": True})
    literal = book.add_format({"quote_prefix": True})
    page.set_column(0, 0, 18)
    page.set_column(1, 1, 90)
    page.set_footer("&L" + layout.cover[0][1].replace("&", "&&")[:200] + "&R&P/&N")
    for number, (name, value) in enumerate(layout.cover):
        page.write_string(number, 0, name, head)
        page.write_string(number, 1, value, literal if is_formula(value) else None)
