"""A document as one HTML page that needs nothing beside it, prints well, and runs nothing."""

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

import jinja2
from markupsafe import Markup

from services.kernel.text import Language, Text
from services.paper.document import Document, Imprint
from services.paper.geography import Map
from services.paper.pictures import picture
from services.paper.values import cells, heads, is_number, way, written

_TEMPLATES = Path(__file__).parent / "templates"
_STYLE = re.compile(rb"<style>(.*?)</style>", re.DOTALL)


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _style() -> str:
    return (_TEMPLATES / "page.css").read_text("utf-8")


def policy(made: bytes) -> str:
    """The content security policy under which a page shows: its own style sheet and nothing else.

    The style sheet is read from the page, which another version may have made: the first, since what is written is
    escaped.
    """
    style = _STYLE.search(made)
    return _policy(style[1] if style else b"")


def _policy(style: bytes) -> str:
    found = base64.b64encode(hashlib.sha256(style).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{found}'; frame-ancestors 'none'; base-uri 'none'"


def page(document: Document, imprint: Imprint, drawn: Map, language: Language) -> bytes:
    """The page in UTF-8; equal documents give equal bytes."""

    def said(text: Text) -> str:
        return text.to(language)

    text = (
        _environment()
        .get_template("page.html")
        .render(
            document=document,
            imprint=imprint,
            language=language,
            style=Markup(_style()),  # noqa: S704 (our own file)
            policy=_policy(_style().encode()),
            said=said,
            written=lambda value, column=None: written(value, language, column),
            heads=lambda columns: heads(columns, language),
            named=lambda value, column: cells([value], [column], language)[0],
            is_number=is_number,
            way=way,
            drawing=lambda chart: Markup(picture(chart, drawn, language)),  # noqa: S704 (escaped where it is made)
        )
    )
    return text.encode()
