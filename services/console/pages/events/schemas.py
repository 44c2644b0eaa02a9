"""Fields of messages as a page tells them, from JSON Schema."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.kernel.text import Text
from services.wording.meanings import in_both


@dataclass(frozen=True, slots=True)
class Field:
    """One field or parameter. `place`: of a parameter, path, query or header. `codes`: the closed set that it holds."""

    name: str
    type: str
    said: Text
    required: bool = False
    place: str = ""
    codes: Sequence[str] = ()

    @property
    def message(self) -> str:
        """The name of its type, of a list that of its elements."""
        return self.type.removesuffix("[]")

    @property
    def asked(self) -> bool:
        """Whether it belongs into an address."""
        return self.required and self.place == "query"


def resolved(whole: Any, schema: Any) -> Any:
    """What a reference within the document stands for; anything else itself."""
    while "$ref" in schema:
        found = whole
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        schema = found
    return schema


def fields_of(whole: Any, schema: Any) -> Iterator[Field]:
    """The fields of an object, none of anything else."""
    made = resolved(whole, schema)
    needed = made.get("required", [])
    for name, each in made.get("properties", {}).items():
        said, codes = in_both(meaning_of(each)), codes_of(whole, each)
        yield Field(name, type_of(each), said, required=name in needed, codes=codes)


def codes_of(whole: Any, schema: Any) -> Sequence[str]:
    """What a field, or every element of a list, may hold where that is a closed set; nothing for other fields."""
    codes = resolved(whole, schema.get("items", schema)).get("enum", ())
    return [code for code in codes if not code.endswith("UNSPECIFIED")]


def within(whole: Any, asked: Any, told: Sequence[Any]) -> Mapping[str, Sequence[Field]]:
    """The fields of every message in what is `asked` and `told`, however deep, by the type's name, the nearest first;
    what is told itself is left out.
    """
    found = dict[str, Sequence[Field]]()
    ahead = [each for schema in (asked, *told) for each in _held(resolved(whole, schema))]
    known = set(map(type_of, told))
    for schema in ahead:  # grows while it is walked
        name, fields = type_of(schema), list(fields_of(whole, schema))
        if name in known or not fields:
            continue
        known.add(name)
        found[name] = fields
        ahead += _held(resolved(whole, schema))
    return found


def _held(schema: Any) -> Iterator[Any]:
    """The references of an object's fields, of lists to their elements."""
    for each in schema.get("properties", {}).values():
        inner = each.get("items", each)
        for combined in ("allOf", "anyOf", "oneOf"):
            inner = inner[combined][0] if combined in inner else inner
        if "$ref" in inner:
            yield inner


def meaning_of(schema: Any) -> str:
    """What the contract says of a field, without whether it has to be given, which is told beside it."""
    return str(schema.get("description", "")).removeprefix("Required. ").removeprefix("Optional. ")


def type_of(schema: Any) -> str:
    """What a field holds, in a word."""
    if "$ref" in schema:
        name = str(schema["$ref"].rpartition("/")[2])
        return name.rpartition("v1.")[2].removeprefix("google.protobuf.").removeprefix("google.type.")
    if schema.get("type") == "array":
        return f"{type_of(schema['items'])}[]"
    for combined in ("allOf", "anyOf", "oneOf"):
        if combined in schema:
            return type_of(schema[combined][0])
    kinds = schema.get("type", "")
    return str(schema.get("format") or (kinds[0] if isinstance(kinds, list) else kinds))
