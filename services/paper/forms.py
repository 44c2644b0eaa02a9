"""The forms that a document can be had in."""

from enum import StrEnum

from services.kernel.text import Language
from services.paper.document import Document, Imprint
from services.paper.geography import Map


class Form(StrEnum):
    """A kind of file."""

    HTML = "HTML"
    DOCX = "DOCX"
    XLSX = "XLSX"
    PDF = "PDF"

    @property
    def media_type(self) -> str:
        """What HTTP calls it."""
        office = "application/vnd.openxmlformats-officedocument"
        return {
            Form.HTML: "text/html; charset=utf-8",
            Form.DOCX: f"{office}.wordprocessingml.document",
            Form.XLSX: f"{office}.spreadsheetml.sheet",
            Form.PDF: "application/pdf",
        }[self]


def made(document: Document, imprint: Imprint, drawn: Map, form: Form, language: Language) -> bytes:
    """The document as a file. Each form's library is loaded when it is asked for.

    Raises FailedPrecondition (NO_FONT) for DOCX and PDF on a machine without a Chinese font.
    """
    if form is Form.HTML:
        from services.paper.page import page

        return page(document, imprint, drawn, language)
    if form is Form.XLSX:
        from services.paper.workbook import workbook

        return workbook(document, imprint, language)
    if form is Form.DOCX:
        from services.paper.text import text

        return text(document, imprint, drawn, language)
    from services.paper.print import print_

    return print_(document, imprint, drawn, language)
