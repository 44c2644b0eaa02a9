"""What the numbers of an XLSX file are by their formats: plain ones, days and times, or spans of time."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from services.workbook.cleaning import as_text
from services.workbook.parts import local, parsed

NUMBER, MOMENT, SPAN = "number", "moment", "span"
_MOMENTS = frozenset({*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)})
_SPANS = frozenset({46})
_FIRST_OWN = 164
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.')
_SPAN = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_BRACKETS = re.compile(r"\[[^\]]*\]")
_PARTS_OF_TIME = re.compile(r"[dmyhsDMYHS]")
_EPOCHS = {False: date(1899, 12, 30), True: date(1904, 1, 1)}
_FIRST_OF_MARCH_1900 = 60
_SECONDS = 86_400
_LAST_SERIAL = 2_958_466


def kinds_of(pieces: Iterator[bytes]) -> list[str]:
    """The kind of each cell format of `styles.xml`, by its number."""
    own: dict[int, str] = {}
    found: list[str] = []
    inside: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        plain = local(name)
        if plain == "numFmt":
            own[_integer(attributes.get("numFmtId"))] = kind_of(attributes.get("formatCode", ""))
        elif plain == "xf" and inside[-1:] == ["cellXfs"]:
            number = _integer(attributes.get("numFmtId"))
            found.append(own.get(number) or _built_in(number))
        inside.append(plain)

    for _ in parsed(pieces, {"StartElementHandler": start, "EndElementHandler": lambda _: inside.pop()}):
        pass
    return found


def kind_of(code: str) -> str:
    """The kind of a format by its code: `yyyy"年"m"月"d"日"` is a moment, `[h]:mm` a span, `0.00` a number."""
    plain = _LITERAL.sub("", code.split(";")[0])
    if _SPAN.search(plain):
        return SPAN
    return MOMENT if _PARTS_OF_TIME.search(_BRACKETS.sub("", plain)) else NUMBER


def text_of(serial: float, kind: str, *, since_1904: bool) -> str:
    """What a number means by its kind, as text: a day, a day with its time, a time or a span; the number itself
    where it is no day that there is.
    """
    if kind == NUMBER or not 0 <= serial < _LAST_SERIAL:
        return as_text(serial)
    if kind == SPAN:
        return str(timedelta(days=serial))
    days, seconds = divmod(round(serial * _SECONDS), _SECONDS)
    clock = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    if not days and not since_1904:
        return clock
    if not since_1904 and days < _FIRST_OF_MARCH_1900:
        days += 1  # Spreadsheets believe that 1900 was a leap year: before its March they are a day ahead.
    day = (_EPOCHS[since_1904] + timedelta(days=days)).isoformat()
    return f"{day} {clock}" if seconds else day


def _built_in(number: int) -> str:
    if number in _SPANS:
        return SPAN
    return MOMENT if number in _MOMENTS else NUMBER


def _integer(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else -1
