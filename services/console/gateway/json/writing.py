"""From a message to JSON. One plan for each type is made once; it is what an answer's time goes into."""

import base64
import math
from collections.abc import Callable
from typing import Any, Final

from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor

_Write = Callable[[Any], Any]
_LONG: Final = frozenset({FieldDescriptor.TYPE_INT64, FieldDescriptor.TYPE_UINT64})


class Writer:
    """Writes messages as `json_format` does with the contract's field names and all fields without presence."""

    def __init__(self) -> None:
        self._plans: dict[str, _Plan] = {}

    def to_json(self, message: Any) -> Any:
        """The JSON value of a message."""
        return self._writer(message.DESCRIPTOR)(message)

    def _writer(self, descriptor: Descriptor) -> _Write:
        if descriptor.full_name in _WRITTEN:
            return _WRITTEN[descriptor.full_name]
        plan = self._plans.get(descriptor.full_name)
        if plan is None:
            # Kept before its fields are looked at: a type may contain itself.
            plan = self._plans[descriptor.full_name] = _Plan()
            for field in descriptor.fields:
                plan.add(field, self._single(field))
        return plan.write

    def _single(self, field: FieldDescriptor) -> _Write | None:
        if field.message_type is not None:
            return self._writer(field.message_type)
        if field.enum_type is not None:
            return _enum_writer(field.enum_type)
        if field.type in _LONG:
            return str
        return _SCALARS.get(field.type)


class _Plan:
    """How to write one type: (name, how, present by itself) for single fields, (name, how) for lists."""

    def __init__(self) -> None:
        self._fields: list[tuple[str, _Write | None, bool, bool]] = []

    def add(self, field: FieldDescriptor, how: _Write | None) -> None:
        self._fields.append((field.name, how, bool(field.is_repeated), bool(field.has_presence)))

    def write(self, message: Any) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for name, how, repeated, presence in self._fields:
            if presence and not message.HasField(name):
                continue
            value = getattr(message, name)
            if repeated:
                made[name] = list(value) if how is None else [how(each) for each in value]
            else:
                made[name] = value if how is None else how(value)
        return made


def _enum_writer(kind: EnumDescriptor) -> _Write:
    names = {each.number: each.name for each in reversed(list(kind.values))}
    return lambda number: names.get(number, number)


def _real(value: float) -> Any:
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


_SCALARS: Final[dict[int, _Write]] = {
    FieldDescriptor.TYPE_DOUBLE: _real,
    FieldDescriptor.TYPE_BYTES: lambda value: base64.b64encode(value).decode("ascii"),
}
_WRITTEN: Final[dict[str, _Write]] = {
    "google.protobuf.Timestamp": lambda message: message.ToJsonString(),
    "google.protobuf.FieldMask": lambda message: message.ToJsonString(),
}
