"""A document as a print (PDF): tagged, its fonts within it, the same bytes every time."""

import json
from pathlib import Path
from typing import Any

from services.kernel.text import Language
from services.paper.document import Document, Imprint, Section, Table
from services.paper.fonts import chinese, installed, require_chinese
from services.paper.geography import Map
from services.paper.pictures import picture
from services.paper.values import is_number, unbroken, written

_TEMPLATE = Path(__file__).parent / "templates" / "print.typ"
_LONG = 14
"""Columns whose longest text is longer than this share what room there is; others take what they need."""
_LONGEST = 44
"""A word up to this long has a column that is as wide as the word: it would lie over the next one."""
_LATIN = "Libertinus Serif"
"""Comes with the typesetter."""


def print_(document: Document, imprint: Imprint, drawn: Map, language: Language) -> bytes:
    """The file as PDF. Raises FailedPrecondition (NO_FONT) on a machine that cannot write Chinese.

    What is printed reaches the typesetter as data, never as its language.
    """
    import typst

    require_chinese("PDF")
    given = json.dumps(_data(document, imprint, drawn, language), ensure_ascii=False)
    made = typst.compile(
        _TEMPLATE.read_bytes(), font_paths=installed(), sys_inputs={"document": given}, format="pdf"
    )
    return bytes(made)


def _data(document: Document, imprint: Imprint, drawn: Map, language: Language) -> dict[str, Any]:
    label = "编号" if language == "zh" else "Report"
    lines = [[name.to(language), written(value, language)] for name, value in imprint.lines]
    return {
        "title": document.title.to(language),
        "subtitle": document.subtitle.to(language),
        "marks": [mark.to(language) for mark in (imprint.watermark, document.mark) if mark],
        "name": imprint.name,
        "lang": language,
        "fonts": [*chinese()[:1], _LATIN],
        "facts": [[name.to(language), written(value, language)] for name, value in document.facts],
        "imprint": [[label, imprint.name], *lines],
        "sections": [_section(section, drawn, language) for section in document.sections],
    }


def _section(section: Section, drawn: Map, language: Language) -> dict[str, Any]:
    return {
        "title": section.title.to(language),
        "paragraphs": [each.to(language) for each in section.paragraphs],
        "charts": [
            {"title": each.title.to(language), "svg": picture(each, drawn, language)}
            for each in section.charts
        ],
        "tables": [_table(each, language) for each in section.tables],
    }


def _table(table: Table, language: Language) -> dict[str, Any]:
    rows = [
        [written(value, language, column) for value, column in zip(row, table.columns, strict=True)]
        for row in table.rows
    ]
    return {
        "title": table.title.to(language),
        "columns": [_column(table, at, rows, language) for at in range(len(table.columns))],
        "rows": rows,
        "empty": table.empty.to(language),
        "note": table.note.to(language) if table.note else None,
    }


def _column(table: Table, at: int, rows: list[list[str]], language: Language) -> dict[str, Any]:
    column = table.columns[at]
    longest = max((len(row[at]) for row in rows), default=0)
    number = is_number(column)
    whole = _LONG < max((unbroken(row[at]) for row in rows), default=0) <= _LONGEST
    wide = at == 0 or (not number and longest > _LONG and not whole)
    return {"title": column.title.to(language), "number": number, "wide": wide}
