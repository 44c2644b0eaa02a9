"""How values are written: one wording for all forms."""

import re
from collections.abc import Sequence

from services.kernel.text import Language, Text
from services.paper.document import Column, Value
from services.wording.chances import share_in_hundredths

NOTHING = "—"
_LATIN = 0x2E7F
_BROAD = frozenset("★☆")
_PART = re.compile(r"[^\s\u2e80-\uffff]+|[\u2e80-\uffff]")


def written(value: Value, language: Language, column: Column | None = None) -> str:
    """A value as people read it; a number as its column says."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, Text):
        return value.to(language)
    if isinstance(value, str):
        return value
    if column is None or column.digits is None:
        return f"{value:,}"
    if column.percent:
        return share_in_hundredths(value, column.digits).replace("-", "−")
    near = round(value, column.digits) + 0.0
    text = format(near, f"{'+' if column.signed and near else ''},.{column.digits}f")
    return text.replace("-", "−")


def heads(columns: Sequence[Column], language: Language) -> list[str]:
    """The names of columns, which begin large in English."""
    return [_begun_in(each.title.to(language), language) for each in columns]


def cells(row: Sequence[Value], columns: Sequence[Column], language: Language) -> list[str]:
    """A row of a table as people read it; in English the name in its first column begins large."""
    said = [written(value, language, column) for value, column in zip(row, columns, strict=True)]
    return [_begun_in(said[0], language), *said[1:]] if isinstance(row[0], Text) else said


def _begun_in(text: str, language: Language) -> str:
    return begun(text) if language == "en" else text


def begun(text: str) -> str:
    """A name that begins a line: names are written small in English."""
    return text[:1].upper() + text[1:]


def way(title: str) -> str:
    """How one is led to what is called so: the arrow does not stand alone at the end of a line."""
    return f"→\N{NO-BREAK SPACE}{begun(title)}"


def room(text: str) -> int:
    """How wide a text is, in Latin letters: Chinese characters and stars are twice as wide."""
    return sum(1 + (ord(each) > _LATIN or each in _BROAD) for each in text)


def unbroken(text: str) -> int:
    """How wide the longest part of it is that no program breaks into lines, in Latin letters."""
    return max((room(each) for each in _PART.findall(text)), default=0)


def is_number(column: Column) -> bool:
    """Whether its cells stand at the right."""
    return column.digits is not None
