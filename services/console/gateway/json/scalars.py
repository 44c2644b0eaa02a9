"""Single values of a field, from JSON or from the text of a query parameter."""

import base64
import binascii
import math
import re
from collections.abc import Callable
from datetime import date
from difflib import get_close_matches
from typing import Any, Final

from google.protobuf.descriptor import EnumDescriptor, FieldDescriptor

from services.kernel.text import Text

_WHOLE: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,19})")
_REAL: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,308})(?:\.[0-9]{1,400})?(?:[eE][+-]?[0-9]{1,4})?")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_RANGES: Final = {
    FieldDescriptor.TYPE_INT32: (-(2**31), 2**31 - 1),
    FieldDescriptor.TYPE_INT64: (-(2**63), 2**63 - 1),
    FieldDescriptor.TYPE_UINT32: (0, 2**32 - 1),
    FieldDescriptor.TYPE_UINT64: (0, 2**64 - 1),
}
_WORDS: Final = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
_SHOWN: Final = 60


class WrongValueError(Exception):
    """A value that its field cannot take."""

    def __init__(self, reason: str, zh: str, en: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.text = Text(zh, en)


def scalar(field: FieldDescriptor, given: Any, *, from_text: bool = False) -> Any:
    """The value of a field that is no message. `from_text`: it comes from a query, where all is text.

    Raises WrongValueError.
    """
    if from_text and field.type == FieldDescriptor.TYPE_BOOL:
        given = {"true": True, "false": False}.get(given, given)
    if field.enum_type is not None:
        return _enum(field.enum_type, given)
    if field.type in _RANGES:
        return _whole(field, given)
    return _READERS[field.type](given)


def day(given: str) -> date:
    """A civil date, `2026-11-26`. Raises WrongValueError."""
    try:
        if _DAY.fullmatch(given):
            return date.fromisoformat(given)
    except ValueError:
        pass
    raise WrongValueError("NOT_A_DATE", "须为日期，如 2026-11-26", "has to be a date such as 2026-11-26")


def _text(given: Any) -> str:
    if not isinstance(given, str):
        raise WrongValueError("NOT_A_TEXT", "须为文本", "has to be a text")
    if any("\ud800" <= each <= "\udfff" for each in given):
        raise WrongValueError("NOT_UNICODE", "含有不成对的代理字符", "holds half of a surrogate pair")
    return given


def _yes_or_no(given: Any) -> bool:
    if not isinstance(given, bool):
        raise WrongValueError("NOT_A_BOOL", "须为 true 或 false", "has to be true or false")
    return given


def _whole(field: FieldDescriptor, given: Any) -> int:
    value = given
    if (isinstance(given, str) and _WHOLE.fullmatch(given)) or (
        isinstance(given, float) and given.is_integer()
    ):
        value = int(given)
    if isinstance(value, bool) or not isinstance(value, int):
        raise WrongValueError("NOT_A_WHOLE_NUMBER", "须为整数", "has to be a whole number")
    low, high = _RANGES[field.type]
    if not low <= value <= high:
        raise WrongValueError(
            "NUMBER_TOO_LARGE", f"须在 {low} 与 {high} 之间", f"has to be from {low} to {high}"
        )
    return value


def _real(given: Any) -> float:
    value = given
    if isinstance(given, str):
        value = _WORDS.get(given) if given in _WORDS else float(given) if _REAL.fullmatch(given) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise WrongValueError("NOT_A_NUMBER", "须为数字", "has to be a number")
    try:
        return float(value)
    except OverflowError:
        raise WrongValueError("NUMBER_TOO_LARGE", "数字过大", "is too large") from None


def _octets(given: Any) -> bytes:
    try:
        plain = _text(given).replace("-", "+").replace("_", "/").encode("ascii")
        return base64.b64decode(plain + b"=" * (-len(plain) % 4), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise WrongValueError("NOT_BASE64", "须为 Base64 文本", "has to be Base64") from None


def _enum(kind: EnumDescriptor, given: Any) -> int:
    if isinstance(given, str) and given in kind.values_by_name:
        return int(kind.values_by_name[given].number)
    if isinstance(given, int) and not isinstance(given, bool) and given in kind.values_by_number:
        return given
    known = [each.name for each in kind.values if each.number]
    near = get_close_matches(str(given)[:_SHOWN].upper(), known, 1)
    listed = ", ".join(near + [each for each in known if each not in near][:12])
    raise WrongValueError(
        "UNKNOWN_ENUM_VALUE", f"没有此取值，可用：{listed}", f"is not a value; use {listed}"
    )


_READERS: Final[dict[int, Callable[[Any], Any]]] = {
    FieldDescriptor.TYPE_STRING: _text,
    FieldDescriptor.TYPE_BOOL: _yes_or_no,
    FieldDescriptor.TYPE_DOUBLE: _real,
    FieldDescriptor.TYPE_FLOAT: _real,
    FieldDescriptor.TYPE_BYTES: _octets,
}
