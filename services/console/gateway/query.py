"""Query parameters into fields of a request: `page_size=5&scope.city_code=suzhou&facets=a&facets=b`."""

import re
from collections.abc import Collection
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from google.protobuf.descriptor import FieldDescriptor

from services.console.gateway.json.reading import WRITTEN, Reader, fields_of
from services.kernel.errors import InvalidArgument

MOST_PARAMETERS: Final = 100
LONGEST_QUERY: Final = 16_000
DEEPEST: Final = 4
_SHOWN: Final = 60
_BROKEN_ESCAPE: Final = re.compile(rb"%(?![0-9A-Fa-f]{2})")


def pairs_of(raw: bytes) -> list[tuple[str, str]]:
    """Names and values in their order.

    Raises InvalidArgument: QUERY_TOO_LONG, QUERY_INVALID (broken escapes, other encodings than UTF-8).
    """
    if not raw:
        return []
    if len(raw) > LONGEST_QUERY or raw.count(b"&") >= MOST_PARAMETERS:
        raise InvalidArgument.field(
            "query",
            "QUERY_TOO_LONG",
            f"查询参数至多 {MOST_PARAMETERS} 个、{LONGEST_QUERY} 字节",
            f"at most {MOST_PARAMETERS} parameters and {LONGEST_QUERY} bytes of query are taken",
        )
    try:
        if _BROKEN_ESCAPE.search(raw):
            raise ValueError
        return [_pair(each) for each in raw.split(b"&") if each]
    except ValueError:
        raise InvalidArgument.field(
            "query",
            "QUERY_INVALID",
            "查询参数须为百分号转义的 UTF-8",
            "query parameters have to be UTF-8 with percent escapes",
        ) from None


def bind(
    message: Any,
    pairs: list[tuple[str, str]],
    bound: Collection[str],
    reader: Reader,
    beside: Collection[str] = (),
) -> None:
    """Put the parameters into `message`, whose fields `bound` (by path, or `*`) come from elsewhere. `beside`: other
    parameters that are taken here, to be named where one is not.

    What is wrong is noted by `reader`: a name that there is not, a field of path or body, a field given twice.
    """
    seen: set[str] = set()
    offered = [*beside, *(each.name for each in message.DESCRIPTOR.fields if each.name not in bound)]
    for name, value in pairs:
        path = name[:_SHOWN]
        parts = name.split(".")
        if len(parts) > DEEPEST:
            reader.refuse(
                path, "QUERY_TOO_DEEP", f"嵌套超过 {DEEPEST} 层", f"nested deeper than {DEEPEST} levels"
            )
        elif "*" in bound:
            reader.refuse(
                path,
                "PARAMETER_NOT_TAKEN",
                "此方法的参数须写在请求内容中，而不是查询参数",
                "parameters of this method go into the body, not into the query",
            )
        else:
            _put(message, parts, value, path, bound, seen, reader, offered)


def _put(
    message: Any,
    parts: list[str],
    value: str,
    path: str,
    bound: Collection[str],
    seen: set[str],
    reader: Reader,
    offered: Collection[str],
) -> None:
    holder, field, name = _place(message, parts, value, path, reader, offered)
    if field is None:
        return
    if any(name == each or name.startswith(f"{each}.") for each in bound):
        reader.refuse(path, "PARAMETER_BOUND", "已由路径或请求内容给出", "comes from the path or the body")
    elif field.is_repeated:
        reader.add(holder, field, value, name, from_text=True)
    elif name in seen:
        reader.refuse(path, "PARAMETER_TWICE", "重复出现，请只保留一个", "is given twice; keep one of them")
    else:
        seen.add(name)
        reader.set(holder, field, value, name, from_text=True)


def _place(
    message: Any, parts: list[str], value: str, path: str, reader: Reader, offered: Collection[str]
) -> tuple[Any, FieldDescriptor | None, str]:
    """The message and the field that a dotted name means, and its proper name; no field if none is left to set.

    `scope=` says that a message is given, and empty.
    """
    proper: list[str] = []
    for part in parts:
        field = fields_of(message.DESCRIPTOR).get(part)
        if field is None:
            reader.unknown(message.DESCRIPTOR, part, path, None if proper else offered)
            return message, None, ""
        proper.append(field.name)
        inner = field.message_type is not None and field.message_type.full_name not in WRITTEN
        last = len(proper) == len(parts)
        if last and not inner:
            return message, field, ".".join(proper)
        if not inner or field.is_repeated or (last and value):
            break
        message = getattr(message, field.name)
        message.SetInParent()
        if last:
            return message, None, ""
    reader.refuse(path, "PARAMETER_NOT_TAKEN", "不能写在查询参数中", "cannot stand in a query")
    return message, None, ""


def _pair(raw: bytes) -> tuple[str, str]:
    name, _, value = raw.replace(b"+", b" ").partition(b"=")
    return unquote_to_bytes(name).decode(), unquote_to_bytes(value).decode()
