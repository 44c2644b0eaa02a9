"""A table of a text to be worked on. It is made as XML: cell by cell through the library a long one takes seconds."""

from collections.abc import Sequence
from typing import Any

BESIDE = 0.7
"""Millimetres between a cell's text and its edges at the sides."""
_ABOVE = 0.35
"""Those above and below."""
_APART = 1.8
"""Between a number's edge, which ends where a text begins, and that text."""
_FEW = 6
"""Rows that stand on one page together."""
_TWIPS = 1440 / 25.4
"""Of a millimetre."""
_HEAD, _LINE, _HEAVY = "F4F6F8", "DDE3E8", "9AA7B1"


def grid(
    book: Any, rows: Sequence[Sequence[str]], numbers: Sequence[bool], widths: Sequence[Any], points: float
) -> None:
    """Add a table to the DOCX `book`, its head first; `numbers`: which columns stand at the right."""
    made = book.add_table(rows=0, cols=len(numbers))
    made.autofit = False
    for part in (_lines(), _margins()):
        made._tbl.tblPr.append(part)
    for column, width in zip(made.columns, widths, strict=True):
        column.width = width
    apart = [at > 0 and numbers[at - 1] and not right for at, right in enumerate(numbers)]
    for at, row in enumerate(rows):
        kept = at == 0 or at < len(rows) - 1 <= _FEW
        marks = [_made("cantSplit"), *([_made("tblHeader")] if at == 0 else [])]
        line = _made("tr", _made("trPr", *marks))
        for value, right, away in zip(row, numbers, apart, strict=True):
            line.append(_cell(value, points, right=right, away=away, head=at == 0, kept=kept))
        made._tbl.append(line)


def _made(name: str, *inner: Any, **given: str) -> Any:
    """An element of the format with its attributes, and what is in it."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    element = OxmlElement(f"w:{name}")
    for key, value in given.items():
        element.set(qn(f"w:{key}"), value)
    for each in inner:
        element.append(each)
    return element


def _lines() -> Any:
    """Lines below rows, and none between columns."""
    thin = {"val": "single", "sz": "4", "space": "0", "color": _LINE}
    return _made("tblBorders", _made("bottom", **thin), _made("insideH", **thin))


def _margins() -> Any:
    sides = {"top": _ABOVE, "left": BESIDE, "bottom": _ABOVE, "right": BESIDE}
    edges = (_made(side, w=str(round(wide * _TWIPS)), type="dxa") for side, wide in sides.items())
    return _made("tblCellMar", *edges)


def _cell(value: str, points: float, *, right: bool, away: bool, head: bool, kept: bool) -> Any:
    """A cell of a table's head is bold; one that is `kept` never the last on its page. No sign at the end of a line
    stands beyond the cell's edge, where it is cut off.
    """
    from docx.oxml.ns import qn

    text = _made("t")
    text.text = value
    text.set(qn("xml:space"), "preserve")
    size = str(int(points * 2))
    run = _made("r", _made("rPr", *([_made("b")] if head else []), _made("sz", val=size)), text)
    paragraph = _made(
        "pPr",
        *([_made("keepNext")] if kept else []),
        _made("overflowPunct", val="0"),
        _made("spacing", before="0", after="0", line="240", lineRule="auto"),
        *([_made("ind", left=str(round(_APART * _TWIPS)))] if away else []),
        *([_made("jc", val="right")] if right else []),
    )
    look = (
        (
            _made("tcBorders", _made("bottom", val="single", sz="8", space="0", color=_HEAVY)),
            _made("shd", val="clear", color="auto", fill=_HEAD),
        )
        if head
        else ()
    )
    return _made("tc", _made("tcPr", *look), _made("p", paragraph, run))
