"""Messages and enumerations as JSON Schema."""

from typing import Any, Final

from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor

from services.chassis.comments import Comments
from services.chassis.contract import OUTPUT_ONLY, REQUIRED, behaviors_of, limits_of

Schema = dict[str, Any]
_OWN: Final = "bole."
_SCALARS: Final[dict[int, Schema]] = {
    FieldDescriptor.TYPE_STRING: {"type": "string"},
    FieldDescriptor.TYPE_BYTES: {"type": "string", "contentEncoding": "base64"},
    FieldDescriptor.TYPE_BOOL: {"type": "boolean"},
    FieldDescriptor.TYPE_DOUBLE: {"type": ["number", "string"], "format": "double"},
    FieldDescriptor.TYPE_FLOAT: {"type": ["number", "string"], "format": "float"},
    FieldDescriptor.TYPE_INT32: {"type": "integer", "format": "int32"},
    FieldDescriptor.TYPE_UINT32: {"type": "integer", "minimum": 0, "maximum": 2**32 - 1},
    FieldDescriptor.TYPE_INT64: {"type": "string", "format": "int64", "pattern": "^-?[0-9]+$"},
    FieldDescriptor.TYPE_UINT64: {"type": "string", "format": "uint64", "pattern": "^[0-9]+$"},
}
_FOREIGN: Final[dict[str, Schema]] = {
    "google.protobuf.Timestamp": {"type": "string", "format": "date-time"},
    "google.protobuf.FieldMask": {"type": "string", "description": "field names with commas between them"},
    "google.protobuf.Empty": {"type": "object"},
    "google.type.Date": {
        "type": "object",
        "description": "A civil date; in requests also as text, 2026-11-26.",
        "properties": {part: {"type": "integer"} for part in ("year", "month", "day")},
    },
    "google.type.Money": {
        "type": "object",
        "description": "An amount: whole units as text, and billionths of a unit with the same sign.",
        "properties": {
            "currency_code": {"type": "string", "description": "ISO 4217, CNY"},
            "units": {"type": "string", "format": "int64"},
            "nanos": {"type": "integer", "format": "int32"},
        },
    },
}
TEXTS: Final[dict[str, Schema]] = {
    "google.protobuf.Timestamp": {"type": "string", "format": "date-time"},
    "google.protobuf.FieldMask": {"type": "string"},
    "google.type.Date": {"type": "string", "format": "date"},
}
"""What types of messages are as one text, in a query."""


class Schemas:
    """Collects the schemas that something refers to."""

    def __init__(self, comments: Comments) -> None:
        self._comments = comments
        self.made: dict[str, Schema] = {}

    def message(self, descriptor: Descriptor) -> Schema:
        """A reference to a message."""
        key = descriptor.full_name.removeprefix(_OWN)
        if key not in self.made:
            # Kept before its fields are looked at: a type may contain itself.
            self.made[key] = {}
            self.made[key] = _FOREIGN.get(descriptor.full_name) or self.object(descriptor)
        return {"$ref": f"#/components/schemas/{key}"}

    def object(self, descriptor: Descriptor, without: frozenset[str] = frozenset()) -> Schema:
        """The schema of a message itself, or of what is left `without` some fields.

        Fields are `required` in requests alone: a resource may travel in part, in changes and to who may see less.
        """
        made: Schema = {"type": "object"}
        said = self._comments.of(descriptor.full_name)
        if said:
            made["description"] = said
        fields = [each for each in descriptor.fields if each.name not in without]
        made["properties"] = {each.name: self.field(each) for each in fields}
        required = [each.name for each in fields if REQUIRED in behaviors_of(each)]
        if required and descriptor.name.endswith("Request"):
            made["required"] = required
        return made

    def field(self, field: FieldDescriptor) -> Schema:
        """The schema of a field, with what is said of it."""
        one = self._one(field)
        limits = limits_of(field)
        if field.is_repeated:
            one = {"type": "array", "items": one}
            if limits.max_items:
                one["maxItems"] = limits.max_items
        said = self._comments.of(field.full_name)
        more: Schema = {"description": said} if said else {}
        if OUTPUT_ONLY in behaviors_of(field):
            more["readOnly"] = True
        return {**one, **more}

    def _one(self, field: FieldDescriptor) -> Schema:
        if field.message_type is not None:
            return self.message(field.message_type)
        if field.enum_type is not None:
            return self.enum(field.enum_type)
        made, limits = dict(_SCALARS[field.type]), limits_of(field)
        if field.type == FieldDescriptor.TYPE_STRING and limits.max_length:
            made["maxLength"] = limits.max_length
        if made["type"] == "integer":
            made |= {"minimum": limits.minimum} if limits.HasField("minimum") else {}
            made |= {"maximum": limits.maximum} if limits.HasField("maximum") else {}
        return made

    def enum(self, described: EnumDescriptor) -> Schema:
        """A reference to an enumeration."""
        key = described.full_name.removeprefix(_OWN)
        if key not in self.made:
            values = [each.name for each in described.values]
            said = [self._comments.of(described.full_name)]
            said += [f"- `{each}`: {self._comments.of(f'{described.full_name}.{each}')}" for each in values]
            self.made[key] = {"type": "string", "enum": values, "description": "\n".join(filter(None, said))}
        return {"$ref": f"#/components/schemas/{key}"}
