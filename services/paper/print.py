"""A document as a print (PDF): tagged, its fonts within it, the same bytes every time."""

import json
from pathlib import Path
from typing import Any

from services.kernel.text import Language
from services.paper.document import Document, Drawn, Imprint, Section, Table
from services.paper.fonts import chinese, installed, require_chinese
from services.paper.geography import Map
from services.paper.pictures import picture
from services.paper.values import cells, heads, is_number, way, written
from services.paper.widths import widths

_TEMPLATE = Path(__file__).parent / "templates" / "print.typ"
_BROAD, _UPRIGHT = 82, 60
"""Per cent of the page's width that a picture takes; a map, as high as it is wide, leaves room for its text."""
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
        "sections": [_section(document, section, drawn, language) for section in document.sections],
    }


def _section(document: Document, section: Section, drawn: Map, language: Language) -> dict[str, Any]:
    return {
        "key": section.key,
        "title": section.title.to(language),
        "paragraphs": [
            {
                "text": text.to(language),
                "lead": {"key": lead, "title": way(document.name_of(lead).to(language))} if lead else None,
            }
            for text, lead in section.led
        ],
        "charts": [
            {
                "title": each.title.to(language),
                "svg": picture(each, drawn, language),
                "width": _UPRIGHT if each.drawn is Drawn.MAP else _BROAD,
            }
            for each in section.charts
        ],
        "tables": [_table(each, language) for each in section.tables],
    }


def _table(table: Table, language: Language) -> dict[str, Any]:
    rows = [cells(row, table.columns, language) for row in table.rows]
    titles = heads(table.columns, language)
    laid = widths([titles, *rows])
    return {
        "key": table.key,
        "title": table.title.to(language),
        "columns": [
            {"title": title, "number": is_number(each), "width": width}
            for title, each, width in zip(titles, table.columns, laid.columns, strict=True)
        ],
        "size": laid.size,
        "inset": laid.inset,
        "rows": rows,
        "empty": table.empty.to(language),
        "note": table.note.to(language) if table.note else None,
    }
