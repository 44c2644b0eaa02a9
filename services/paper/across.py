"""Which way a page of a text lies: tables whose words do not fit upright lie across."""

from typing import Any

UPRIGHT, ACROSS = 174, 261
"""Millimetres between the margins of a page that stands, and of one that lies."""


def turn(book: Any, *, lying: bool) -> None:
    """Go on on a page that lies, or stands; nothing if the page at hand does. Head and foot go on as well."""
    from docx.enum.section import WD_ORIENT, WD_SECTION

    page = book.sections[-1]
    if (page.orientation == WD_ORIENT.LANDSCAPE) == lying:
        return
    long, short = max(page.page_width, page.page_height), min(page.page_width, page.page_height)
    turned = book.add_section(WD_SECTION.NEW_PAGE)
    turned.orientation = WD_ORIENT.LANDSCAPE if lying else WD_ORIENT.PORTRAIT
    turned.page_width, turned.page_height = (long, short) if lying else (short, long)
