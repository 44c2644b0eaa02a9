"""JSON as text: read strictly, so that no two readers of one body can see two things."""

import json
from typing import Any, Final

import orjson

from services.kernel.errors import InvalidArgument

DEEPEST: Final = 32
_BODY: Final = "body"


class _TwiceError(ValueError):
    """A name stands twice in one object."""


def read(body: bytes) -> Any:
    """The value that `body` says.

    Raises InvalidArgument: BODY_NOT_UTF8, BODY_NOT_JSON (with the place), BODY_NAME_TWICE, BODY_TOO_DEEP.
    """
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise _wrong("BODY_NOT_UTF8", "请求内容须为 UTF-8 编码", "the body has to be UTF-8") from None
    try:
        value = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except _TwiceError as error:
        name = str(error)[:60]
        raise _wrong(
            "BODY_NAME_TWICE", f"字段 {name} 重复出现，请只保留一个", f"{name} stands twice; keep one of them"
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


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _deeper(value: Any, left: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return left == 0 or any(_deeper(each, left - 1) for each in inner)


def _too_deep() -> InvalidArgument:
    return _wrong("BODY_TOO_DEEP", f"嵌套超过 {DEEPEST} 层", f"nested deeper than {DEEPEST} levels")


def _wrong(reason: str, zh: str, en: str) -> InvalidArgument:
    return InvalidArgument.field(_BODY, reason, zh, en)
