"""Cell values as clean text: one form of Unicode, nothing invisible, numbers as people write them."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from services.kernel.errors import Violation
from services.kernel.text import Text
from services.workbook.columns import Column
from services.workbook.tables import RawRow, Row

# C0 and C1 controls but for tab and line breaks, and the characters that turn the direction of writing.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")
_FORMULA = re.compile("[=+\\-@\t\r＝＋－＠]")
_NUMBER_LIKE = re.compile(r"[+-]?[0-9][0-9 ,.()-]*(?:%|[万亿]?元|[万亿])?|-")
_MARKED = frozenset("=+-@\t\r＝＋－＠'")
_EXACT_DIGITS = 10**15


def as_text(value: object) -> str:
    """The text of a spreadsheet value. Dates become ISO dates; a number beyond 15 digits keeps its exponent,
    because its last digits are lost.
    """
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, timedelta) else str(value or "")


def _number(value: float) -> str:
    if abs(value) >= _EXACT_DIGITS:
        return f"{value:.5E}"
    return str(int(value)) if value == int(value) else f"{Decimal(format(value, '.15g')):f}"


def clean(text: str) -> str:
    """NFC, without invisible characters, outer blanks and the quote that guards a formula."""
    plain = text if text.isascii() else _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    plain = plain.strip()
    return plain[1:] if plain.startswith("'") and is_formula(plain[1:]) else plain


def is_formula(text: str) -> bool:
    """Whether a spreadsheet might compute the text; signed numbers and telephone numbers are harmless."""
    return _FORMULA.match(text) is not None and _NUMBER_LIKE.fullmatch(text) is None


def guarded(text: str) -> str:
    """The text as a CSV cell that no spreadsheet computes: formulas get a leading quote."""
    return "'" + text if is_formula(text) else text


def control_violation(text: str, field: str) -> Violation | None:
    """The violation if the text has control or direction characters; None if it has none."""
    match = _FORBIDDEN.search(text)
    if match is None:
        return None
    code = f"U+{ord(match[0]):04X}"
    return Violation(
        field,
        "CONTROL_CHARACTER",
        Text(
            f"{field}含有不可见控制字符（{code}），请删除后重试",
            f"contains the control character {code}; remove it",
        ),
    )


def formula_warning(field: str) -> Violation:
    """The remark that a text which looks like a formula was taken literally."""
    return Violation(
        field,
        "FORMULA_AS_TEXT",
        Text(f"{field}以公式符号开头，已按普通文本读取", "begins like a formula and was read as plain text"),
    )


class RowCleaner:
    """Turns raw lines into rows of clean cells, by the columns found and their positions."""

    def __init__(self, columns: Sequence[tuple[Column, int]]) -> None:
        self._columns = tuple(columns)
        self._keys = [column.key for column, _ in columns]
        self._positions = [position for _, position in columns]
        self._reach = max(self._positions) + 1

    def row(self, line: RawRow) -> Row | None:
        """The row, with its problems and remarks; None for one that holds nothing."""
        values = line.values
        if len(values) < self._reach:
            values = [*values, *[""] * (self._reach - len(values))]
        picked = [values[position].strip() for position in self._positions]
        if not line.problems and _is_plain(picked):
            cells = dict(zip(self._keys, picked, strict=True))
            return Row(line.number, cells) if any(picked) or any(map(str.strip, values)) else None
        return self._thorough(line, values)

    def _thorough(self, line: RawRow, values: Sequence[str]) -> Row | None:
        """Cell by cell, for a row that holds anything unusual."""
        if not line.problems and not any(value and not value.isspace() for value in values):
            return None
        cells: dict[str, str] = {}
        problems: list[Violation] = list(line.problems)
        warnings: list[Violation] = []
        for column, position in self._columns:
            value = values[position]
            cells[column.key] = text = clean(value) if value else ""
            violation = (
                control_violation(value, column.header_zh) if value and not value.isprintable() else None
            )
            if violation:
                problems.append(violation)
            if text and is_formula(text):
                warnings.append(formula_warning(column.header_zh))
        return Row(line.number, cells, tuple(problems), tuple(warnings))


def _is_plain(cells: Sequence[str]) -> bool:
    """Whether stripping was all the cleaning that these cells need; a cheap test of the whole row."""
    whole = "".join(cells)
    if not whole.isascii() and not unicodedata.is_normalized("NFC", whole):
        return False
    if not whole.isprintable() and not whole.replace("\n", "").isprintable():
        return False
    return _MARKED.isdisjoint([cell[0] for cell in cells if cell])
