"""How a text to be worked on looks: its fonts, colours and spaces, as the print of it has them."""

from datetime import datetime
from typing import Any

from services.kernel.text import Language
from services.paper.document import Document

_MADE = datetime(2026, 1, 1)  # noqa: DTZ001 (the format knows no zone)
_FONT = "Microsoft YaHei"
_INK, _QUIET, _RULE = "14212B", "3B4A56", "C24A14"
_BEFORE = {"Heading 1": 16, "Heading 2": 9}
"""Points above a heading."""


def styled(book: Any, document: Document, language: Language) -> None:
    """Give the DOCX `book` its styles, its page and what is told of it as a file."""
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    # Chinese is read as Chinese: else its lines break by other rules, and its signs are those of other countries.
    for each in book.styles.element.iter(qn("w:lang")):
        each.set(qn("w:eastAsia"), "zh-CN")
    for name in ("Normal", "Title", "Subtitle", "Heading 1", "Heading 2", "Caption"):
        _written(book.styles[name])
    usual = book.styles["Normal"]
    usual.font.size, usual.paragraph_format.space_after, usual.paragraph_format.line_spacing = (
        Pt(10.5),
        Pt(6),
        1.25,
    )
    for name, points in _BEFORE.items():
        space = book.styles[name].paragraph_format
        space.space_before, space.space_after = Pt(points), Pt(5)
    _placed(book)
    page = book.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(18)
    known = book.core_properties
    known.title, known.author, known.comments = document.title.to(language), "", ""
    known.created = known.modified = _MADE
    known.language = "zh-CN" if language == "zh" else "en"


def _written(style: Any) -> None:
    from docx.oxml.ns import qn
    from docx.shared import RGBColor

    style.font.name = _FONT
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _FONT)
    style.font.color.rgb = RGBColor.from_string(_QUIET if style.name == "Caption" else _INK)


def _placed(book: Any) -> None:
    """Title and captions in the middle, a rule below what begins a section, no slant, which is none of Chinese type."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt

    for name in ("Title", "Subtitle", "Caption"):
        book.styles[name].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    book.styles["Title"].font.bold, book.styles["Title"].font.size = True, Pt(22)
    book.styles["Subtitle"].font.italic, book.styles["Caption"].font.bold = False, False
    for name in ("Title", "Heading 1"):
        properties = book.styles[name].element.get_or_add_pPr()
        for old in properties.findall(qn("w:pBdr")):
            properties.remove(old)
    rule, edge = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for key, value in (("val", "single"), ("sz", "10"), ("space", "3"), ("color", _RULE)):
        edge.set(qn(f"w:{key}"), value)
    rule.append(edge)
    properties = book.styles["Heading 1"].element.get_or_add_pPr()
    properties.insert_element_before(rule, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:outlineLvl")
