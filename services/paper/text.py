"""A document as a text to be worked on (DOCX)."""

import io
import zipfile
from collections.abc import Sequence
from typing import Any

from services.kernel.text import Language
from services.paper.across import ACROSS, UPRIGHT, turn
from services.paper.contents import contents, found, leading, marked
from services.paper.document import Document, Imprint, Section, Table
from services.paper.fonts import installed, require_chinese
from services.paper.geography import Map
from services.paper.grid import BESIDE, grid
from services.paper.look import styled
from services.paper.pictures import picture
from services.paper.running import around, warned
from services.paper.values import begun, cells, heads, is_number, room, unbroken, written

_KEYED = 1000
"""Bookmarks by key are numbered from here on, a thousand for each section."""
_STAMP = (2026, 1, 1, 0, 0, 0)
_PPI = 192
_BROAD, _TALL = 150, 130
"""Millimetres that a picture takes at most."""
_PICTURE = b'#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.svg), format: "svg")'
"""Typeset, because the typesetter has the fonts at hand: other programs look for them for every picture."""
_LEAST, _MOST, _WANTED = 8, 44, 90
"""Letters that a column has at least, that its longest word has, and that a text wants at most."""
_LETTER = 0.66
"""How wide a Latin letter is, of the size of the type, on average and in bold, in the fonts that programs put in the
place of ours.
"""
_POINT = 25.4 / 72
_WIDE, _USUAL, _SMALLER, _SMALL, _SMALLEST = 8, 8.5, 7.0, 6.5, 6.0
"""Tables with more columns than this are set smaller, and lie across where that does not do; those with fewer are set
smaller only lest they lie across, on a page of their own. The smallest only where nothing else fits. In points.
"""


def text(document: Document, imprint: Imprint, drawn: Map, language: Language) -> bytes:
    """The file as DOCX. Raises FailedPrecondition (NO_FONT) where this machine cannot draw its pictures."""
    import docx

    require_chinese("DOCX")
    book = docx.Document()
    styled(book, document, language)
    marks = [mark.to(language) for mark in (imprint.watermark, document.mark) if mark]
    around(book, f"{document.title.to(language)} · {document.subtitle.to(language)}", marks, imprint.name)
    for mark in marks:
        warned(book.add_paragraph().add_run(mark))
    book.add_heading(document.title.to(language), 0)
    book.add_paragraph(begun(document.subtitle.to(language)), style="Subtitle")
    _facts(book, [(name.to(language), written(value, language)) for name, value in document.facts])
    if document.sections:
        _contents_title(book.add_paragraph(), language)
        contents(book, [_heading(at, each, language) for at, each in enumerate(document.sections, 1)])
    for number in range(1, len(document.sections) + 1):
        _section(book, number, document, drawn, language)
    turn(book, lying=False)
    book.add_paragraph()
    label = "编号" if language == "zh" else "Report"
    lines = [(name.to(language), written(value, language)) for name, value in imprint.lines]
    _facts(book, [(label, imprint.name), *lines])
    file = io.BytesIO()
    book.save(file)
    return _steady(file.getvalue())


def _facts(book: Any, lines: list[tuple[str, str]]) -> None:
    for name, value in lines:
        paragraph = book.add_paragraph()
        paragraph.paragraph_format.space_after = 0
        paragraph.add_run(f"{begun(name)}  ").bold = True
        paragraph.add_run(value)


def _contents_title(line: Any, language: Language) -> None:
    from docx.shared import Pt

    line.paragraph_format.space_before = Pt(12)
    line.add_run("目录" if language == "zh" else "Contents").bold = True


def _heading(number: int, section: Section, language: Language) -> str:
    return f"{number}. {section.title.to(language)}"


def _section(book: Any, number: int, document: Document, drawn: Map, language: Language) -> None:
    section = document.sections[number - 1]
    turn(book, lying=_begins_across(section, language))
    last = book.add_heading(_heading(number, section, language), 1)
    marked(last, number)
    if section.key in document.led_to:
        found(last, _KEYED * number, section.key)
    for paragraph, lead in section.led:
        last = book.add_paragraph(paragraph.to(language))
        if lead:
            leading(last, lead, document.name_of(lead).to(language))
    if section.charts:
        last.paragraph_format.keep_with_next = True
    for chart in section.charts:
        title = chart.title.to(language)
        _picture(book, _pixels(picture(chart, drawn, language)), title)
        book.add_paragraph(begun(title), style="Caption")
    for at, table in enumerate(section.tables, 1):
        heading = _table(book, table, language)
        if table.key in document.led_to:
            found(heading, _KEYED * number + at, table.key)


def _begins_across(section: Section, language: Language) -> bool:
    """Whether a section begins with a table that lies, after a few words: they would be left behind, nearly alone, on a
    page that stands.
    """
    if section.charts or not section.tables or not section.tables[0].rows:
        return False
    return _setting(_rows(section.tables[0], language))[0] == ACROSS


def _picture(book: Any, pixels: bytes, said: str) -> None:
    """A picture and its caption stay on one page, with room for what leads to them. `said`: what it is, for who does
    not see it.
    """
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm

    drawn = book.add_picture(io.BytesIO(pixels), width=Mm(_BROAD))
    drawn._inline.docPr.set("descr", said)
    if drawn.height > Mm(_TALL):
        drawn.width, drawn.height = round(drawn.width * Mm(_TALL) / drawn.height), Mm(_TALL)
    held = book.paragraphs[-1].paragraph_format
    held.keep_with_next, held.alignment = True, WD_ALIGN_PARAGRAPH.CENTER


def _pixels(svg: str) -> bytes:
    import typst

    made = typst.compile(_PICTURE, font_paths=installed(), sys_inputs={"svg": svg}, format="png", ppi=_PPI)
    return bytes(made)


def _table(book: Any, table: Table, language: Language) -> Any:
    """Write a table with what is said of it; gives its heading."""
    from docx.shared import Pt

    if not table.rows:
        turn(book, lying=False)
        heading = book.add_heading(begun(table.title.to(language)), 2)
        book.add_paragraph(table.empty.to(language))
    else:
        rows = _rows(table, language)
        wide, points = _setting(rows)
        turn(book, lying=wide == ACROSS)
        heading = book.add_heading(begun(table.title.to(language)), 2)
        laid = _widths(rows, points, wide)
        grid(book, rows, [is_number(column) for column in table.columns], laid, points)
    if table.note:
        note = book.add_paragraph(table.note.to(language))
        note.runs[0].font.size, note.paragraph_format.space_before = Pt(8.5), Pt(3)
    return heading


def _rows(table: Table, language: Language) -> list[list[str]]:
    """What stands in the rows of a table, its head first."""
    said = [cells(row, table.columns, language) for row in table.rows]
    return [heads(table.columns, language), *said]


def _setting(rows: list[list[str]]) -> tuple[int, float]:
    """How wide the page and how large the type is in which no word of a table has to be broken, if there is one."""
    few = len(rows[0]) <= _WIDE
    upright = (_USUAL, _SMALLER, _SMALL, _SMALLEST) if few else (_SMALLER,)
    tried = (*((UPRIGHT, each) for each in upright), (ACROSS, _SMALLER), (ACROSS, _SMALLEST))
    least = sum(_least(column) for column in zip(*rows, strict=True))
    return next((each for each in tried if least <= _letters(len(rows[0]), *each)), tried[-1])


def _letters(columns: int, wide: int, points: float) -> float:
    """How many Latin letters stand beside each other in a row of a table."""
    return (wide - columns * 2 * BESIDE) / (points * _POINT * _LETTER)


def _least(column: Sequence[str]) -> int:
    """What cannot be broken of a column, in Latin letters."""
    return min(max(unbroken(value) for value in column), _MOST) + 1


def _widths(rows: list[list[str]], points: float, wide: int) -> list[Any]:
    """The room of a page so wide for type of so many `points`: what cannot be broken first, the rest by what stands
    in each column.
    """
    from docx.shared import Mm

    columns = list(zip(*rows, strict=True))
    least = [_least(column) for column in columns]
    wanted = [min(max(*(room(value) for value in column), _LEAST), _WANTED) for column in columns]
    beyond = [max(each - have, 0) for each, have in zip(wanted, least, strict=True)]
    free = wide - len(columns) * 2 * BESIDE
    letters = max(_letters(len(columns), wide, points), sum(least))
    left = letters - sum(least)
    each = [have + left * more / (sum(beyond) or 1) for have, more in zip(least, beyond, strict=True)]
    return [Mm(2 * BESIDE + free * one / sum(each)) for one in each]


def _steady(data: bytes) -> bytes:
    """The same file with fixed times: equal documents give equal bytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, _STAMP), old.read(name), zipfile.ZIP_DEFLATED)
    return file.getvalue()
