"""A document as a workbook: a sheet of what it says, one for each table, one of its charts; no formulas."""

import io
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from math import ceil
from typing import Any, NamedTuple

from services.kernel.text import Language
from services.paper.document import Column, Document, Imprint, Table
from services.paper.plots import Edges, Plots, charts_sheet, printed
from services.paper.values import begun, cells, heads, is_number, room, way, written
from services.workbook.cleaning import is_formula

_MADE = datetime(2026, 1, 1, tzinfo=UTC)
"""A fixed instant, so that equal documents make equal files."""
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_LEAST, _HEAD, _MOST, _LONGEST = 9, 21, 44, 31
_LINE_HEIGHT = 16
_PLACES = 9
"""Digits after the point of a number in a cell: more are what sums of binary fractions leave behind."""
_A_PAGE = 48
"""Lines of a table that is made to fit on one page, its note with it: a page holds 32 of them at full size."""
_SLACK = 1.05
"""Lines are not filled to their end where words are not broken, and a Chinese character is wider than two letters."""
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


def workbook(document: Document, imprint: Imprint, language: Language) -> bytes:
    """The file as XLSX."""
    from services.workbook.opening import new_workbook

    file = io.BytesIO()
    with new_workbook(file, _OPTIONS) as book:
        book.set_properties({"title": document.title.to(language), "created": _MADE})
        writer = _Writer(book, language, _edges(document, imprint, language))
        writer.cover(document, imprint)
        for number, table in enumerate(document.tables, 1):
            writer.table(number, table)
        writer.charts(document)
    return file.getvalue()


class _Writer:
    """Writes texts as texts, whatever they begin with."""

    def __init__(self, book: Any, language: Language, edges: Edges) -> None:
        self._book, self._language, self._edges = book, language, edges
        self._bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self._wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self._literal = book.add_format({"quote_prefix": True, "text_wrap": True, "valign": "top"})
        beside = {"text_wrap": True, "valign": "top", "align": "left", "indent": 1}
        right = {"valign": "top", "align": "right"}
        self._beside, self._symbol = (
            (book.add_format(each), book.add_format(each | {"quote_prefix": True}))
            for each in (beside, right)
        )
        self._way = book.add_format({"text_wrap": True, "valign": "top", "font_color": "#8d2f10"})
        self._title = book.add_format({"bold": True, "quote_prefix": True})
        line = {"bold": True, "quote_prefix": True, "text_wrap": True, "valign": "top", "bottom": 1}
        self._head, self._right = book.add_format(line), book.add_format(line | {"align": "right"})
        self._head_beside = book.add_format(line | {"align": "left", "indent": 1})
        self._numbers: dict[str, Any] = {}

    def cover(self, document: Document, imprint: Imprint) -> None:
        """Title, facts, paragraphs and who answers for it."""
        page = self._book.add_worksheet("说明" if self._language == "zh" else "About")
        leads = any(any(section.leads) for section in document.sections)
        widths = (24, 66, 38) if leads else (24, 100, 0)
        for at, wide in enumerate(filter(None, widths)):
            page.set_column(at, at, wide)
        printed(page, self._edges)
        rows = list(_cover(document, imprint, self._language))
        for at, (name, value, lead, sheet) in enumerate(rows):
            self._words(page, at, 0, name, bold=True)
            if sheet:
                page.write_url(at, 1, _to(sheet), self._way, value)
            else:
                self._words(page, at, 1, value)
            said = way(document.name_of(lead).to(self._language)) if lead else ""
            if lead:
                page.write_url(at, 2, _address(document, lead, self._language), self._way, said)
            _grow(page, at, widths, (name, value, said))

    def table(self, number: int, table: Table) -> None:
        """One table on a sheet of its own."""
        title = begun(table.title.to(self._language))
        page = self._book.add_worksheet(_sheet(number, title))
        widths = self._widths(table)
        for at, wide in enumerate(widths):
            page.set_column(at, at, wide)
        printed(page, self._edges, title)
        page.repeat_rows(0, 1)
        page.write_string(0, 0, title, self._title)
        names = heads(table.columns, self._language)
        for at, (head, column) in enumerate(zip(names, table.columns, strict=True)):
            left = self._head_beside if at else self._head
            page.write_string(1, at, head, self._right if is_number(column) else left)
        lines = 1 + _grow(page, 1, widths, names)
        page.freeze_panes(2, 1)
        for line, row in enumerate(table.rows, 2):
            lines += self._row(page, line, table, row, widths)
        below = 2 + len(table.rows)
        if not table.rows:
            lines += self._below(page, below, widths, table.empty.to(self._language))
            below += 1
        if table.note:
            lines += self._below(page, below, widths, table.note.to(self._language))
        if lines <= _A_PAGE:
            page.fit_to_pages(1, 1)

    def _widths(self, table: Table) -> list[int]:
        """Letters that each column takes, by what stands in it; long texts are broken into lines."""
        return [
            min(
                max(
                    min(_space(column.title.to(self._language)) + 2, _HEAD),
                    *(
                        (1 if is_number(column) or not at else 3)
                        + _space(written(row[at], self._language, column))
                        for row in table.rows
                    ),
                    _LEAST,
                ),
                _MOST,
            )
            for at, column in enumerate(table.columns)
        ]

    def _below(self, page: Any, line: int, widths: Sequence[int], said: str) -> int:
        """Below the table and as wide as it; how many lines it takes."""
        if len(widths) > 1:
            page.merge_range(line, 0, line, len(widths) - 1, "", self._literal)
        page.write_string(line, 0, said, self._literal)
        return _grow(page, line, [sum(widths)], [said])

    def charts(self, document: Document) -> None:
        """All charts on a sheet of their own, if there are any."""
        found = [chart for section in document.sections for chart in section.charts]
        if found:
            plots = Plots(self._book, self._words, self._language, self._edges)
            for chart in found:
                plots.add(chart)

    def _row(self, page: Any, line: int, table: Table, row: Sequence[Any], widths: Sequence[int]) -> int:
        """Write a row; how many lines it takes."""
        said = cells(row, table.columns, self._language)
        for at, (value, column) in enumerate(zip(row, table.columns, strict=True)):
            if isinstance(value, int | float) and is_number(column):
                page.write_number(line, at, round(value, _PLACES), self._number(column, value))
            elif not at:
                self._words(page, line, at, said[at])
            else:  # a number ends where a text begins, and is not read into it; a symbol stands where numbers do
                look = self._symbol if is_number(column) else self._beside
                page.write_string(line, at, said[at], look[is_formula(said[at])])
        return _grow(page, line, widths, said)

    def _number(self, column: Column, value: float) -> Any:
        decimals = f".{'0' * column.digits}" if column.digits else ""
        code = f"#,##0{decimals}{'%' if column.percent else ''}"
        code = f"+{code};-{code};{code}" if column.signed else code
        shown = written(value, self._language, column)
        if shown.startswith(("<", ">")):  # the number stays, and is not shown as none or all
            code = f'"{shown}"'
        if code not in self._numbers:
            self._numbers[code] = self._book.add_format({"num_format": code, "valign": "top"})
        return self._numbers[code]

    def _words(self, page: Any, line: int, at: int, said: str, *, bold: bool = False) -> None:
        plain = self._bold if bold else self._wrapped
        page.write_string(line, at, said, self._literal if is_formula(said) else plain)


def _grow(page: Any, line: int, widths: Sequence[int], texts: Sequence[str]) -> int:
    """As high as the text that is broken into the most lines: not every program finds that out by itself. How many
    these are.
    """
    lines = max(ceil(_space(text) / wide) for text, wide in zip(texts, widths, strict=True) if wide)
    if lines > 1:
        page.set_row(line, _LINE_HEIGHT * lines)
    return max(1, lines)


def _space(text: str) -> int:
    """Letters that a text takes on one line."""
    return ceil(_SLACK * room(text))


def _edges(document: Document, imprint: Imprint, language: Language) -> Edges:
    title = f"{document.title.to(language)} · {document.subtitle.to(language)}"
    marks = " · ".join(each.to(language) for each in (imprint.watermark, document.mark) if each)
    return Edges(title, marks, imprint.name)


def _sheet(number: int, title: str) -> str:
    """What the sheet of a table is called."""
    return f"{number} {title.translate(_FORBIDDEN)}"[:_LONGEST]


def _address(document: Document, key: str, language: Language) -> str:
    """The sheet of a table, or of the first one of a section."""
    first = {each.key: each.tables[0].key for each in document.sections if each.tables}
    keys = [each.key for each in document.tables]
    at = keys.index(first.get(key, key))
    return _to(_sheet(at + 1, begun(list(document.tables)[at].title.to(language))))


def _to(sheet: str) -> str:
    """The address of a sheet."""
    name = sheet.replace("'", "''")
    return f"internal:'{name}'!A1"


class _Line(NamedTuple):
    """A line of the cover: `lead`: the key that its paragraph leads to; `sheet`: the one that its value names."""

    name: str
    value: str
    lead: str = ""
    sheet: str = ""


def _cover(document: Document, imprint: Imprint, language: Language) -> Iterator[_Line]:
    """What it is and says; its sheets are listed below what it says first."""
    yield _Line(document.title.to(language), begun(document.subtitle.to(language)))
    for mark in (imprint.watermark, document.mark):
        if mark:
            yield _Line("注意" if language == "zh" else "Mind", mark.to(language))
    for name, value in (*document.facts, *imprint.lines):
        yield _Line(begun(name.to(language)), written(value, language))
    yield _Line("编号" if language == "zh" else "Report", imprint.name)
    for number, section in enumerate(document.sections):
        for at, (paragraph, lead) in enumerate(section.led):
            yield _Line("" if at else section.title.to(language), paragraph.to(language), lead)
        if number == 0:
            yield from _contents(document, language)


def _contents(document: Document, language: Language) -> Iterator[_Line]:
    """The other sheets: every table, and the charts."""
    titles = [begun(each.title.to(language)) for each in document.tables]
    lines = [(f"{number} {title}", _sheet(number, title)) for number, title in enumerate(titles, 1)]
    if any(section.charts for section in document.sections):
        lines.append((charts_sheet(language),) * 2)
    for at, (said, sheet) in enumerate(lines):
        yield _Line("" if at else ("工作表" if language == "zh" else "Sheets"), said, "", sheet)
