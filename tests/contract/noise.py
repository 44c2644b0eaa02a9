"""Requests that are nearly right, made from the contract: what a field says it takes, then one or two leaves spoilt."""

import importlib
import random
import re
from collections import defaultdict
from functools import cache
from typing import Any
from uuid import UUID

from google.protobuf import descriptor_pool, message_factory
from google.protobuf.descriptor import FieldDescriptor as Field

from services.catalogue import load
from services.chassis.contract import IDENTIFIER, OUTPUT_ONLY, REQUIRED, behaviors_of
from tests.contract.coverage import own_files

_CATALOGUE = load()
_CODES = {
    "city_code": [each.id for each in _CATALOGUE.cities],
    "category_code": [each.id for each in _CATALOGUE.categories],
    "industry_code": [each.id for each in _CATALOGUE.industries],
    "direction_code": [each.code for each in _CATALOGUE.leaves],
    "code": [each.code for each in _CATALOGUE.leaves],
    "programme": [each.id for each in _CATALOGUE.programmes],
    "programme_code": [each.id for each in _CATALOGUE.programmes],
    "department_code": [each.id for each in _CATALOGUE.departments],
}
_TEXTS = {
    **dict.fromkeys(("filter", "order_by", "page_token", "identity_number", "orcid", "encoding"), ""),
    "phone": "13900000000",
    "email": "nobody@demo.invalid",
    "link": "https://demo.invalid/a",
    "source": "registry",
    "kind": "person-position",
    "component": "tightness",
    "title": "示例",
    "quarter": "2026Q3",
    "employer_uscc": "",
    "provider_uscc": "",
}
_NAMED = re.compile(r'"([a-z][A-Za-z]+/[^"\s]+)"(?:\s+etag: "\\"(v\d+)\\"")?')
_DEEPEST = 4
_REMEMBERED = 500

WRONG_TEXTS = (
    "", "x", "\x00", "王\u202e五", "\u200b", "𠮷", "'; drop table person; --", "%_\\", "(a+)+$", "长" * 600, "NaN",
    "９９", "😀😀", "\ufeff", "\t\r\n", "=cmd|' /C calc'!A0", "*", "persons/", "persons/none", "a/b/c/d",
    "city_code = ", "city_code = suzhou OR", "headcount > 99999999999999999999",
    'update_time >= "9999-12-31T23:59:59Z"', "update_time desc, update_time", '"v0"', "'v1'", "2026Q5",
    "0" * 18, "11010519491231002X",
)  # fmt: skip
WRONG_NUMBERS = (0, -1, 2**31 - 1, -(2**31), 10**6)
WRONG_LONGS = (*WRONG_NUMBERS, 2**63 - 1, -(2**63), 2**53 + 1)
WRONG_REALS = (0.0, -0.0, float("nan"), float("inf"), -float("inf"), 1e308, 5e-324, -1.0, 2.0)
WRONG_SECONDS = (0, -62135596801, 253402300800, 10**17, -(10**15), 1790000000000)
WRONG_NANOS = (0, -1, 10**9, 1)


class Noise:
    """Makes requests; the same seed and the same answers make the same ones."""

    def __init__(self, seed: int | str) -> None:
        self.random = random.Random(seed)
        self._names: dict[str, dict[str, None]] = defaultdict(dict)
        self._etags: dict[str, str] = {}

    def learn(self, answer: Any) -> None:
        """Remember which resources there are, the last ones of each collection, and their versions."""
        for name, version in _NAMED.findall(str(answer)):
            pattern = "/".join(part if at % 2 == 0 else "{}" for at, part in enumerate(name.split("/")))
            known = self._names[pattern]
            known[name] = None
            if version:
                self._etags[name] = f'"{version}"'
            if len(known) > _REMEMBERED:
                oldest = next(iter(known))
                del known[oldest]
                self._etags.pop(oldest, None)

    @property
    def names(self) -> list[str]:
        """The resources that answers have shown."""
        return [name for found in self._names.values() for name in found]

    def right(self, method: Any) -> Any:
        """One for this method that is not spoilt."""
        made = message_of(method.input_type)()
        self._fill(made, method.name, 0)
        self._current(made)
        return made

    def request(self, method: Any) -> Any:
        """One for this method, spoilt in up to two places."""
        made = self.right(method)
        for _ in range(self.random.choice((0, 0, 1, 1, 2))):
            self._spoil(made)
        return made

    def _fill(self, message: Any, method: str, depth: int) -> None:
        if self._fill_known(message):
            return
        taken: set[str] = set()
        for field, required, identifies, group in _settable(message.DESCRIPTOR):
            wanted = required or (identifies and method.startswith("Update")) or self.random.random() < 0.3
            if wanted and group not in taken:
                taken.add(group)
                self._fill_field(message, field, method, depth)

    def _fill_known(self, message: Any) -> bool:
        name = message.DESCRIPTOR.full_name
        if name == "google.type.Date":
            message.year, message.month, message.day = 2026, self.random.randint(1, 10), 1
        elif name == "google.protobuf.Timestamp":
            message.seconds = 1_780_000_000
        elif name == "google.type.Money":
            message.currency_code, message.units = "CNY", 1_000_000
        return name.startswith("google.")

    def _fill_field(self, message: Any, field: Field, method: str, depth: int) -> None:
        held = getattr(message, field.name)
        if field.cpp_type == Field.CPPTYPE_MESSAGE:
            if depth < _DEEPEST:
                inner = held.add() if field.is_repeated else held
                inner.SetInParent()
                self._fill(inner, method, depth + 1)
        elif field.is_repeated:
            held.extend(self._right(field, method) for _ in range(self.random.randint(1, 3)))
        else:
            setattr(message, field.name, self._right(field, method))

    def _right(self, field: Any, method: str) -> Any:
        if field.cpp_type == Field.CPPTYPE_STRING:
            return b"x" if field.type == Field.TYPE_BYTES else self._right_text(field, method)
        if field.cpp_type == Field.CPPTYPE_ENUM:
            return self.random.choice([each.number for each in field.enum_type.values if each.number] or [0])
        if field.cpp_type == Field.CPPTYPE_BOOL:
            return self.random.random() < 0.2
        if field.cpp_type in (Field.CPPTYPE_DOUBLE, Field.CPPTYPE_FLOAT):
            return 0.5
        return {"permille": 1000, "year": 2026}.get(field.name, self.random.randint(1, 5))

    def _right_text(self, field: Field, method: str) -> str:
        name = field.name
        if name == "request_id":
            return str(UUID(int=self.random.getrandbits(128), version=4))
        if name == "etag" or name.endswith("_etag"):
            return '"v1"'
        if codes := _codes(name):
            return self.random.choice(codes)
        if name in _TEXTS:
            return _TEXTS[name]
        return self._documented(field) or self.random.choice(("示例文本", "sample text"))

    def _documented(self, field: Field) -> str:
        """A resource of a collection that the contract names for the field, or one of its examples."""
        patterns, examples = _said(field.full_name)
        known = [name for pattern in patterns for name in self._names.get(pattern, ())]
        return self.random.choice(known or examples or ("",))

    def _current(self, message: Any) -> None:
        fields = message.DESCRIPTOR.fields_by_name
        if "name" in fields and "etag" in fields:
            message.etag = self._etags.get(message.name, message.etag)
        for field, value in message.ListFields():
            if field.cpp_type == Field.CPPTYPE_MESSAGE and not field.is_repeated:
                self._current(value)

    def _spoil(self, message: Any) -> None:
        while self.random.random() < 0.6:
            inner = [
                each
                for field, value in message.ListFields()
                if field.cpp_type == Field.CPPTYPE_MESSAGE
                for each in (value if field.is_repeated else (value,))
            ]
            if not inner:
                break
            message = self.random.choice(inner)
        fields = list(message.DESCRIPTOR.fields)
        if fields:
            self._spoil_field(message, self.random.choice(fields))

    def _spoil_field(self, message: Any, field: Field) -> None:
        message.ClearField(field.name)
        held = getattr(message, field.name)
        times = self.random.choice((0, 1, 2, 200)) if field.is_repeated else 1
        for _ in range(times):
            if field.cpp_type == Field.CPPTYPE_MESSAGE:
                inner = held.add() if field.is_repeated else held
                inner.SetInParent()
                if inner.DESCRIPTOR.fields:
                    self._spoil_field(inner, self.random.choice(list(inner.DESCRIPTOR.fields)))
            elif field.is_repeated:
                held.append(self._wrong(field))
            else:
                setattr(message, field.name, self._wrong(field))

    def _wrong(self, field: Any) -> Any:
        choose = self.random.choice
        if field.cpp_type == Field.CPPTYPE_STRING:
            return (
                choose((b"", b"\xff\xfe", b"PK\x03\x04"))
                if field.type == Field.TYPE_BYTES
                else choose(WRONG_TEXTS)
            )
        if field.cpp_type == Field.CPPTYPE_ENUM:
            return choose((0, 1, 999, -1))
        if field.cpp_type == Field.CPPTYPE_BOOL:
            return choose((True, False))
        if field.cpp_type in (Field.CPPTYPE_DOUBLE, Field.CPPTYPE_FLOAT):
            return choose(WRONG_REALS)
        if field.containing_type.full_name == "google.protobuf.Timestamp" and field.name == "seconds":
            return choose(WRONG_SECONDS)
        if field.name == "nanos":
            return choose(WRONG_NANOS)
        if field.cpp_type in (Field.CPPTYPE_UINT32, Field.CPPTYPE_UINT64):
            return choose((0, 1, 2**32 - 1))
        return choose(WRONG_LONGS if field.cpp_type == Field.CPPTYPE_INT64 else WRONG_NUMBERS)


_SETTABLE: dict[str, list[tuple[Field, bool, bool, str]]] = {}


def _settable(described: Any) -> list[tuple[Field, bool, bool, str]]:
    """The fields of a message that a caller may set: whether it must, whether it is the name, of which choice."""
    found = _SETTABLE.get(described.full_name)
    if found is None:
        found = _SETTABLE[described.full_name] = [
            (
                field,
                REQUIRED in behaviors_of(field),
                IDENTIFIER in behaviors_of(field),
                field.containing_oneof.name if field.containing_oneof else field.name,
            )
            for field in described.fields
            if OUTPUT_ONLY not in behaviors_of(field)
        ]
    return found


@cache
def _codes(name: str) -> list[str]:
    """The codes that a field of this name takes, if it takes codes."""
    return next((codes for end, codes in _CODES.items() if name.removesuffix("s").endswith(end)), [])


@cache
def _said(field: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The collections and the examples that the comment of a field names."""
    said = documented().get(field, ())
    patterns = (re.sub(r"\{\w+\}", "{}", word) for word in said if "{" in word)
    return tuple(patterns), tuple(word for word in said if "{" not in word)


@cache
def message_of(type_name: str) -> Any:
    """The class of a message of the contract."""
    _load()
    return message_factory.GetMessageClass(
        descriptor_pool.Default().FindMessageTypeByName(type_name.lstrip("."))
    )


@cache
def _load() -> None:
    for file in own_files():
        importlib.import_module(file.name.removesuffix(".proto").replace("/", ".") + "_pb2")


@cache
def documented() -> dict[str, list[str]]:
    """What the comment of each field has in backticks: collections as `firms/{id}`, and examples."""
    found: dict[str, list[str]] = {}
    for file in own_files():
        said = {tuple(place.path): place.leading_comments for place in file.source_code_info.location}
        waiting: list[tuple[tuple[int, ...], str, Any]]
        waiting = [((4, at), file.package, message) for at, message in enumerate(file.message_type)]
        while waiting:
            path, within, message = waiting.pop()
            name = f"{within}.{message.name}"
            waiting += [((*path, 3, at), name, inner) for at, inner in enumerate(message.nested_type)]
            for at, field in enumerate(message.field):
                words = re.findall(r"`([A-Za-z][\w/{}-]*)`", said.get((*path, 2, at), ""))
                found[f"{name}.{field.name}"] = words
    return found
