"""A document as a workbook: a sheet of what it says, one for each table, one of its charts; no formulas."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from services.kernel.text import Language
from services.paper.document import Column, Document, Imprint, Table
from services.paper.plots import Plots
from services.paper.values import is_number, written
from services.workbook.cleaning import is_formula

_MADE = datetime(2026, 1, 1, tzinfo=UTC)
"""A fixed instant, so that equal documents make equal files."""
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_NAME, _LONGEST = 20, 31
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


def workbook(document: Document, imprint: Imprint, language: Language) -> bytes:
    """The file as XLSX."""
    import xlsxwriter

    file = io.BytesIO()
    with xlsxwriter.Workbook(file, _OPTIONS) as book:
        book.set_properties({"title": document.title.to(language), "created": _MADE})
        writer = _Writer(book, language)
        writer.cover(document, imprint)
        for number, table in enumerate(document.tables, 1):
            writer.table(number, table)
        writer.charts(document)
    return file.getvalue()


class _Writer:
    """Writes texts as texts, whatever they begin with."""

    def __init__(self, book: Any, language: Language) -> None:
        self._book, self._language = book, language
        self._bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self._wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self._literal = book.add_format({"quote_prefix": True, "text_wrap": True, "valign": "top"})
        self._numbers: dict[str, Any] = {}

    def cover(self, document: Document, imprint: Imprint) -> None:
        """Title, facts, paragraphs and who answers for it."""
        page = self._book.add_worksheet("说明" if self._language == "zh" else "About")
        page.set_column(0, 0, 24)
        page.set_column(1, 1, 100)
        rows = list(_cover(document, imprint, self._language))
        for at, (name, value) in enumerate(rows):
            self._words(page, at, 0, name, bold=True)
            self._words(page, at, 1, value)

    def table(self, number: int, table: Table) -> None:
        """One table on a sheet of its own."""
        title = table.title.to(self._language)
        page = self._book.add_worksheet(f"{number} {title.translate(_FORBIDDEN)}"[:_LONGEST])
        page.set_column(0, len(table.columns) - 1, _NAME)
        self._words(page, 0, 0, title, bold=True)
        for at, column in enumerate(table.columns):
            self._words(page, 1, at, column.title.to(self._language), bold=True)
        page.freeze_panes(2, 1)
        for line, row in enumerate(table.rows, 2):
            self._row(page, line, table, row)
        below = 2 + len(table.rows)
        if not table.rows:
            self._words(page, below, 0, table.empty.to(self._language))
            below += 1
        if table.note:
            self._words(page, below, 0, table.note.to(self._language))

    def charts(self, document: Document) -> None:
        """All charts on a sheet of their own, if there are any."""
        found = [chart for section in document.sections for chart in section.charts]
        if found:
            plots = Plots(self._book, self._words, self._language)
            for chart in found:
                plots.add(chart)

    def _row(self, page: Any, line: int, table: Table, row: Sequence[Any]) -> None:
        for at, (value, column) in enumerate(zip(row, table.columns, strict=True)):
            if isinstance(value, int | float) and is_number(column):
                page.write_number(line, at, value, self._number(column, value))
            else:
                self._words(page, line, at, written(value, self._language, column))

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


def _cover(document: Document, imprint: Imprint, language: Language) -> Any:
    yield document.title.to(language), document.subtitle.to(language)
    for mark in (imprint.watermark, document.mark):
        if mark:
            yield "!", mark.to(language)
    for name, value in (*document.facts, *imprint.lines):
        yield name.to(language), written(value, language)
    yield "编号" if language == "zh" else "Report", imprint.name
    for section in document.sections:
        for at, paragraph in enumerate(section.paragraphs):
            yield "" if at else section.title.to(language), paragraph.to(language)
