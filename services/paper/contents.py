"""The contents at the beginning of a text to be worked on: each heading and the way to it; and ways from sentences.

The contents are a field that any office program can make anew. What stands in it is written out without numbers of
pages, which only a
program that measures type knows: nothing in it is wrong before it is made anew, and nobody is asked to.
"""

from collections.abc import Sequence
from typing import Any

from services.paper.values import way

_FIELD = r' TOC \o "1-1" \h \n \z \u '
_ANCHOR = "_Toc{number:08d}"
_LINK = "8D2F10"


def contents(book: Any, headings: Sequence[str]) -> None:
    """Lines that lead to headings marked by `marked`, in order. There is at least one."""
    from docx.shared import Pt

    lines = [book.add_paragraph() for _ in headings]
    _part(lines[0], "begin")
    _code(lines[0])
    _part(lines[0], "separate")
    for number, (line, heading) in enumerate(zip(lines, headings, strict=True), 1):
        line.paragraph_format.space_after = Pt(0)
        line._p.append(_link(_ANCHOR.format(number=number), heading))
    _part(lines[-1], "end")
    lines[-1].paragraph_format.space_after = Pt(12)


def marked(heading: Any, number: int) -> None:
    """Make a heading the one that line `number` of the contents leads to."""
    name = _ANCHOR.format(number=number)
    heading._p.insert(1, _made("bookmarkStart", id=str(number), name=name))
    heading._p.append(_made("bookmarkEnd", id=str(number)))


def found(heading: Any, number: int, key: str) -> None:
    """Let `leading` find a heading by a key; no two have the same `number`, and none that of a `marked` one."""
    heading._p.insert(1, _made("bookmarkStart", id=str(number), name=_name(key)))
    heading._p.append(_made("bookmarkEnd", id=str(number)))


def leading(line: Any, key: str, title: str) -> None:
    """End a paragraph with the way to what is `found` by a key."""
    link = _link(_name(key), way(title))
    look = _made("rPr")
    look.append(_made("color", val=_LINK))
    link[0].insert(0, look)
    line.add_run(" ")
    line._p.append(link)


def _name(key: str) -> str:
    """Names of bookmarks have no hyphens."""
    return f"to_{key.replace('-', '_')}"


def _part(line: Any, kind: str) -> None:
    line.add_run()._r.append(_made("fldChar", fldCharType=kind))


def _code(line: Any) -> None:
    from docx.oxml.ns import qn

    code = _made("instrText")
    code.set(qn("xml:space"), "preserve")
    code.text = _FIELD
    line.add_run()._r.append(code)


def _link(anchor: str, heading: str) -> Any:
    link, run, text = _made("hyperlink", anchor=anchor, history="1"), _made("r"), _made("t")
    text.text = heading
    run.append(text)
    link.append(run)
    return link


def _made(element: str, /, **attributes: str) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement(f"w:{element}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made
