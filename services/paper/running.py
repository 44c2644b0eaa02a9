"""What stands on every page of a text to be worked on: which document it is, its marks, the number of the page."""

from collections.abc import Sequence
from typing import Any

_SMALL = 8
WARNING = "A62B1F"


def around(book: Any, title: str, marks: Sequence[str], name: str) -> None:
    """Head and foot of every page of the DOCX `book`."""
    page = book.sections[0]
    head, foot = page.header.paragraphs[0], page.footer.paragraphs[0]
    _small(head.add_run(title))
    if marks:
        warned(_small(head.add_run(f"  {' · '.join(marks)}")))
    _small(foot.add_run(f"{name}\t\t"))
    _field(foot, "PAGE")
    _small(foot.add_run(" / "))
    _field(foot, "NUMPAGES")


def warned(run: Any) -> Any:
    """The same words as a warning."""
    from docx.shared import RGBColor

    run.bold, run.font.color.rgb = True, RGBColor.from_string(WARNING)
    return run


def _small(run: Any) -> Any:
    from docx.shared import Pt

    run.font.size = Pt(_SMALL)
    return run


def _field(paragraph: Any, code: str) -> None:
    """A number that the program that shows the page puts in."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement("w:fldSimple")
    made.set(qn("w:instr"), code)
    run = _small(paragraph.add_run("1"))
    made.append(run._r)
    paragraph._p.append(made)
