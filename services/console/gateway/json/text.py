"""JSON as text: read strictly, so that no two readers of one body can see two things."""

import json
from typing import Any, Final, NoReturn

import orjson

from services.kernel.errors import InvalidArgument

DEEPEST: Final = 32
_BODY: Final = "body"


_LONGEST_NUMBER: Final = 400
"""Digits. The largest number that any field takes has 309."""


class _TwiceError(ValueError):
    """A name stands twice in one object."""


class _NumberError(ValueError):
    """What stands for a number is none of JSON's, or is far too long."""


def read(body: bytes) -> Any:
    """The value that `body` says. A mark of byte order before it, which some editors write, is passed over.

    Raises InvalidArgument: BODY_NOT_UTF8, BODY_NOT_JSON (with the place), BODY_NAME_TWICE, BODY_TOO_DEEP.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _wrong("BODY_NOT_UTF8", "请求内容须为 UTF-8 编码", "the body has to be UTF-8") from None
    try:
        value = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number, parse_int=_whole)
    except _TwiceError as error:
        name = str(error)[:60]
        raise _wrong(
            "BODY_NAME_TWICE", f"字段 {name} 重复出现，请只保留一个", f"{name} stands twice; keep one of them"
        ) from None
    except _NumberError as error:
        raise _wrong(
            "BODY_NOT_JSON",
            f"{error} 不是 JSON 的数值或过长，请写普通数字，或省略该字段",
            f"{error} is no number of JSON, or is too long; write a plain number, or leave the field out",
        ) from None
    except RecursionError:
        raise _too_deep() from None
    except ValueError as error:
        at = error.pos if isinstance(error, json.JSONDecodeError) else 0
        raise _wrong(
            "BODY_NOT_JSON",
            f"请求内容不是合法的 JSON（第 {at + 1} 个字符处）",
            f"the body is not valid JSON (at character {at + 1})",
        ) from None
    if _deeper(value, DEEPEST):
        raise _too_deep()
    return value


def write(value: Any) -> bytes:
    """UTF-8, as it is sent."""
    return orjson.dumps(value)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, value in pairs:
        if name in made:
            raise _TwiceError(name)
        made[name] = value
    return made


def _no_number(name: str) -> NoReturn:
    raise _NumberError(name)


def _whole(digits: str) -> int:
    return int(digits) if len(digits) <= _LONGEST_NUMBER else _no_number(f"{digits[:20]}…")


def _deeper(value: Any, left: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return left == 0 or any(_deeper(each, left - 1) for each in inner)


def _too_deep() -> InvalidArgument:
    return _wrong("BODY_TOO_DEEP", f"嵌套超过 {DEEPEST} 层", f"nested deeper than {DEEPEST} levels")


def _wrong(reason: str, zh: str, en: str) -> InvalidArgument:
    return InvalidArgument.field(_BODY, reason, zh, en)
