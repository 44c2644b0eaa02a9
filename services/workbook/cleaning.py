"""Cell values as clean text: one form of Unicode, nothing invisible, numbers as people write them."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from services.kernel.errors import Violation
from services.kernel.text import Text

# C0 and C1 controls but for tab and line breaks, and the characters that turn the direction of writing.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")
_FORMULA = re.compile("[=+\\-@\t\r＝＋－＠]")
_NUMBER_LIKE = re.compile(r"[+-]?[0-9][0-9 ,.()-]*(?:%|[万亿]?元|[万亿])?|-")
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
