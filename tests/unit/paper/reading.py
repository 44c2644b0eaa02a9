"""What is written in the forms, read back by other programs than those that wrote it."""

import io
import re
from collections import Counter
from html.parser import HTMLParser

import docx
import openpyxl
import pypdf

from services.kernel.text import Language
from services.paper.document import Document
from services.paper.values import cells, heads, is_number, written

Grid = list[list[str]]


def expected(document: Document, language: Language) -> list[Grid]:
    """The tables as they should read, headers first; those without rows are left out."""
    found = []
    for table in document.tables:
        rows = [heads(table.columns, language)]
        rows += [cells(row, table.columns, language) for row in table.rows]
        if table.rows:
            found.append(rows)
    return found


class _Page(HTMLParser):
    """Tables, and the names of all elements."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[Grid] = []
        self.elements: Counter[str] = Counter()
        self._cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements[tag] += 1
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self._cell = []

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self._cell is not None:
            self.tables[-1][-1].append("".join(self._cell))
            self._cell = None

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)


def html(data: bytes) -> _Page:
    """The page."""
    page = _Page()
    page.feed(data.decode())
    return page


def docx_tables(data: bytes) -> list[Grid]:
    """The tables of a text."""
    return [
        [[cell.text for cell in row.cells] for row in table.rows]
        for table in docx.Document(io.BytesIO(data)).tables
    ]


def xlsx_tables(data: bytes, document: Document, language: Language) -> list[Grid]:
    """The tables of a workbook, its numbers written as their columns say; without those that have no rows."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    found = []
    tables = list(document.tables)
    for sheet, table in zip(book.worksheets[1 : 1 + len(tables)], tables, strict=True):
        rows = [[cell.value for cell in row][: len(table.columns)] for row in sheet.iter_rows(min_row=2)]
        lines = [[str(value) for value in rows[0]]]
        lines += [
            [
                written(value if is_number(column) else str(value), language, column)
                for value, column in zip(row, table.columns, strict=True)
            ]
            for row in rows[1 : 1 + len(table.rows)]
        ]
        if table.rows:
            found.append(lines)
    return found


def formulas(data: bytes) -> list[str]:
    """Cells of a workbook that a program would compute."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    cells = (cell for sheet in book for row in sheet.iter_rows() for cell in row)
    return [str(cell.value) for cell in cells if cell.data_type == "f"]


def pdf_text(data: bytes) -> str:
    """All that a print says, without blanks."""
    pages = pypdf.PdfReader(io.BytesIO(data)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def printed_numbers(data: bytes) -> Counter[str]:
    """The numbers of a print that stand between blanks, with sign and percent."""
    pages = pypdf.PdfReader(io.BytesIO(data)).pages
    words = (word for page in pages for word in page.extract_text().split())
    return Counter(word for word in words if re.fullmatch(r"[+−]?\d[\d,]*(?:\.\d+)?%?", word))


def numbers_of(grids: list[Grid], document: Document) -> Counter[str]:
    """The numbers in columns of numbers."""
    tables = [table for table in document.tables if table.rows]
    found: Counter[str] = Counter()
    for grid, table in zip(grids, tables, strict=True):
        for row in grid[1:]:
            pairs = zip(row, table.columns, strict=True)
            found.update(cell for cell, column in pairs if is_number(column) and any(map(str.isdigit, cell)))
    return found
