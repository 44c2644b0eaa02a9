"""From JSON to a message: every field by its name, nothing passed over in silence, all that is wrong at once."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches
from functools import cache
from typing import Any, Final

from google.protobuf.descriptor import Descriptor, FieldDescriptor

from services.console.gateway.json.scalars import WrongValueError, day, scalar
from services.kernel.errors import InvalidArgument, Violation
from services.kernel.text import Text

MOST_VIOLATIONS: Final = 50
_SHOWN: Final = 60
_LISTED: Final = 12


class Reader:
    """Fills one request; `done` raises what was found."""

    def __init__(self) -> None:
        self.violations: list[Violation] = []

    def done(self) -> None:
        """Raise InvalidArgument if anything could not be taken."""
        if self.violations:
            raise InvalidArgument.of(*self.violations[:MOST_VIOLATIONS])

    def refuse(self, path: str, reason: str, zh: str, en: str) -> None:
        """Note that the value at `path` cannot be taken."""
        if len(self.violations) < MOST_VIOLATIONS:
            named = path or "body"
            self.violations.append(Violation(named, reason, Text(f"{named} {zh}", f"{named} {en}")))

    def fill(self, message: Any, given: Any, path: str = "") -> None:
        """Put a JSON value into `message`: an object, or the text of a date, an instant or a mask."""
        if isinstance(given, str) and message.DESCRIPTOR.full_name in WRITTEN:
            with self._wrong_at(path):
                WRITTEN[message.DESCRIPTOR.full_name](message, given)
        elif isinstance(given, dict):
            self._fields(message, given, path)
        else:
            such = _EXAMPLES.get(message.DESCRIPTOR.full_name)
            zh, en = ("", "") if such is None else (f"，如 {such}", f" such as {such}")
            self.refuse(path, "NOT_AN_OBJECT", f"须为 JSON 对象{zh}", f"has to be a JSON object{en}")

    def set(self, message: Any, field: FieldDescriptor, given: Any, path: str, *, from_text: bool) -> None:
        """Put one value into a single field."""
        if field.message_type is not None:
            inner = getattr(message, field.name)
            inner.SetInParent()
            self.fill(inner, given, path)
            return
        with self._wrong_at(path):
            setattr(message, field.name, scalar(field, given, from_text=from_text))

    def add(self, message: Any, field: FieldDescriptor, given: Any, path: str, *, from_text: bool) -> None:
        """Put one value at the end of a repeated field."""
        held = getattr(message, field.name)
        if field.message_type is not None:
            self.fill(held.add(), given, path)
            return
        with self._wrong_at(path):
            held.append(scalar(field, given, from_text=from_text))

    def _fields(self, message: Any, given: Mapping[str, Any], path: str) -> None:
        names, taken = fields_of(message.DESCRIPTOR), set()
        for name, value in given.items():
            field = names.get(name)
            own = field.name if field else name[:_SHOWN]
            where = f"{path}.{own}" if path else own
            if field is None:
                self.unknown(message.DESCRIPTOR, name, where)
            elif value is not None:
                group = _group(field)
                if group in taken:
                    self.refuse(
                        where,
                        "FIELD_TWICE",
                        "与另一字段重复或互斥",
                        "is given twice or with another",
                    )
                taken.add(group)
                self._value(message, field, value, where)

    def _value(self, message: Any, field: FieldDescriptor, value: Any, path: str) -> None:
        if not field.is_repeated:
            self.set(message, field, value, path, from_text=False)
        elif isinstance(value, list):
            for at, each in enumerate(value):
                self.add(message, field, each, f"{path}[{at}]", from_text=False)
        else:
            self.refuse(path, "NOT_A_LIST", "须为 JSON 数组", "has to be a JSON list")

    def unknown(
        self, descriptor: Descriptor, name: str, path: str, offered: Collection[str] | None = None
    ) -> None:
        """Note that there is no such field, and which one may be meant, or which ones there are; `offered`: of what,
        where that is not every field of the type.
        """
        every = [each.name for each in descriptor.fields]
        hint = _instead(descriptor, name, every if offered is None else [*offered])
        self.refuse(path, "UNKNOWN_FIELD", f"不是此处的字段{hint.zh}", f"is no field here{hint.en}")

    @contextmanager
    def _wrong_at(self, path: str) -> Iterator[None]:
        try:
            yield
        except WrongValueError as error:
            self.refuse(path, error.reason, error.text.zh, error.text.en)


@cache
def fields_of(descriptor: Descriptor) -> dict[str, FieldDescriptor]:
    """The fields of a type by both names that proto3's JSON admits: `display_name` and `displayName`."""
    by_json = {each.json_name: each for each in descriptor.fields}
    return by_json | {each.name: each for each in descriptor.fields}


def _instead(descriptor: Descriptor, name: str, names: list[str]) -> Text:
    """The field that may be meant: one of nearly that name, or of the name within another; else all that there are."""
    within = [
        f"{each.name}.{name}"
        for each in descriptor.fields
        if each.name in names
        and each.message_type is not None
        and not each.is_repeated
        and name in each.message_type.fields_by_name
    ]
    if meant := [*within, *get_close_matches(name[:_SHOWN], names, 1)][:1]:
        return Text(f"；是否指 {meant[0]}？", f"; is {meant[0]} meant?")
    if not names:
        return Text("，此处没有字段", "; there are none here")
    more = len(names) > _LISTED
    listed = ", ".join(names[:_LISTED])
    return Text(f"；可用：{listed}{' 等' if more else ''}", f"; use {listed}{' and others' if more else ''}")


def _group(field: FieldDescriptor) -> str:
    """What may be given once: the field, or the `oneof` that it is in."""
    within = field.containing_oneof
    return f"oneof {within.name}" if within is not None and len(within.fields) > 1 else field.name


def _instant(message: Any, given: str) -> None:
    try:
        message.FromJsonString(given)
    except (ValueError, OverflowError):
        raise WrongValueError(
            "NOT_AN_INSTANT",
            "须为带时区的时间，如 2026-11-26T08:00:00Z",
            "has to be an instant such as 2026-11-26T08:00:00Z",
        ) from None


def _date(message: Any, given: str) -> None:
    found = day(given)
    message.year, message.month, message.day = found.year, found.month, found.day


def _mask(message: Any, given: str) -> None:
    """Paths in the contract's names or in camel case, with commas between them.

    One that is empty goes along: the service refuses it, as it does everybody's.
    """
    for each in (part.strip() for part in given.split(",") if given.strip()):
        message.paths.append("".join(f"_{c.lower()}" if c.isascii() and c.isupper() else c for c in each))


WRITTEN: Final = {
    "google.protobuf.Timestamp": _instant,
    "google.type.Date": _date,
    "google.protobuf.FieldMask": _mask,
}
"""Types of messages that are written as one text."""

_EXAMPLES: Final = {
    "google.type.Money": '{"currency_code": "CNY", "units": "1000000"}',
    "google.type.Date": '{"year": 2026, "month": 11, "day": 26} / "2026-11-26"',
}
"""How values look that are often sent as a number."""
