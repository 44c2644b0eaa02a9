"""`field=value` pairs of the command line, each value written as in a cell of the workbook."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from google.protobuf.message import Message
from google.type import date_pb2

from services.chassis.rpc.wire import date_to_wire
from services.cli.answers import wording
from services.kernel.errors import InvalidArgument
from services.kernel.text import Text
from services.workbook import cells


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
            raise _unknown(pair, known)
        stated = names[name.strip()]
        message.ClearField(stated.field)
        if value.strip():
            _put(message, stated.field, stated.read(value.strip(), stated.title))
        paths.append(stated.field)
    return paths


def require(given: Message, known: Mapping[str, Stated], *names: str) -> None:
    """Raise InvalidArgument (REQUIRED) that names, as on the command line, those of `names` that were not stated."""
    missing = [(name, known[name].title) for name in names if not getattr(given, known[name].field)]
    if missing:
        raise InvalidArgument.field(
            "字段=值",
            "REQUIRED",
            f"还须填写：{'、'.join(f'{name}（{title}）' for name, title in missing)}",
            f"state as well: {', '.join(name for name, _ in missing)}",
        )


def text(value: str, _: str) -> str:
    """As it is written."""
    return value


def day(value: str, field: str) -> date_pb2.Date:
    """A date as in the workbook."""
    return date_to_wire(cells.date(value, field=field))


def resolved(kind: str) -> Callable[[str, str], str]:
    """The catalogue's code of what is named: `city`, `place`, `direction`, `category` …"""
    return lambda value, field: str(getattr(wording.catalogue(), f"resolve_{kind}")(value, field))


def whole(minimum: int, maximum: int) -> Callable[[str, str], int]:
    """A whole number within bounds."""
    return lambda value, field: cells.integer(value, field=field, minimum=minimum, maximum=maximum)


def permille(value: str, field: str) -> int:
    """A share, as `0.9` or `90%`, in thousandths."""
    return round(cells.ratio(value, field=field) * 1000)


def _put(message: Message, field: str, value: Any) -> None:
    held = getattr(message, field)
    if isinstance(value, Message):
        held.CopyFrom(value)
    elif isinstance(value, list):
        held.extend(value)
    else:
        setattr(message, field, value)


def _unknown(pair: str, known: Mapping[str, Stated]) -> InvalidArgument:
    name, equals, _ = pair.partition("=")
    zh = "、".join(f"{key}（{each.title}）" for key, each in known.items())
    en = ", ".join(known)
    said = (
        Text(f"没有“{name}”这一字段；可用：{zh}", f"there is no field {name!r}; there are: {en}")
        if equals
        else Text(f"“{name}”应写成 字段=值；字段：{zh}", f"{name!r} should read field=value; fields: {en}")
    )
    return InvalidArgument.field("字段=值", "UNKNOWN_FIELD", said.zh, said.en)
