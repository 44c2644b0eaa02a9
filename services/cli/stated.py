"""`field=value` pairs of the command line, each value written as in a cell of the workbook."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from google.protobuf.message import Message

from services.kernel.errors import InvalidArgument
from services.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Stated:
    """A field that may be stated: its name in the contract, its Chinese name, and how a value is read.

    `read` takes the text and the name to complain under; it raises InvalidArgument.
    """

    field: str
    title: str
    read: Callable[[str, str], Any]


def read_into(message: Message, given: Sequence[str], known: Mapping[str, Stated]) -> list[str]:
    """Put the pairs into `message`; the names of the fields, in order. An empty value empties its field.

    `known`: by the name on the command line; a field is also known by its Chinese name. Raises InvalidArgument
    (UNKNOWN_FIELD, and what the readers raise).
    """
    names = {name: each for key, each in known.items() for name in (key, each.title)}
    paths = []
    for pair in given:
        name, _, value = pair.partition("=")
        if name.strip() not in names or "=" not in pair:
            raise _unknown(name, known)
        stated = names[name.strip()]
        message.ClearField(stated.field)
        if value.strip():
            _put(message, stated.field, stated.read(value.strip(), stated.title))
        paths.append(stated.field)
    return paths


def _put(message: Message, field: str, value: Any) -> None:
    held = getattr(message, field)
    if isinstance(value, Message):
        held.CopyFrom(value)
    elif isinstance(value, list):
        held.extend(value)
    else:
        setattr(message, field, value)


def _unknown(name: str, known: Mapping[str, Stated]) -> InvalidArgument:
    zh = "、".join(f"{key}（{each.title}）" for key, each in known.items())
    en = ", ".join(known)
    text = Text(
        f"“{name}”应写成 字段=值，字段可用：{zh}", f"{name!r} should read field=value, with a field of: {en}"
    )
    return InvalidArgument.field("STATED", "UNKNOWN_FIELD", text.zh, text.en)
