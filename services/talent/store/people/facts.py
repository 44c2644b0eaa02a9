"""What a statement holds, as bytes to be sealed: canonical JSON of its facts and of where they are written."""

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from pydantic import TypeAdapter

from services.chassis.storage.columns import floatless_json
from services.talent.domain.people.availability import Availability
from services.talent.domain.people.biography import Affiliation, Education, OtherName, Work
from services.talent.domain.people.person import Purpose

_Way = tuple[Callable[[Any], Any], Callable[[Any], Any]]


def _items(kind: Any) -> _Way:
    """Lists of small value objects."""
    adapter: TypeAdapter[Any] = TypeAdapter(tuple[kind, ...])
    return (lambda value: adapter.dump_python(value, mode="json")), adapter.validate_python


_WAYS: Mapping[str, _Way] = {
    "availability": (lambda value: value.name, lambda text: Availability[text]),
    "observed": (date.isoformat, date.fromisoformat),
    "purposes": (
        lambda value: sorted(each.name for each in value),
        lambda names: frozenset(Purpose[each] for each in names),
    ),
    "direction_shares": (list, lambda pairs: tuple((code, share) for code, share in pairs)),
    "mobility": (list, tuple),
    "works": (list, tuple),
    "other_names": _items(OtherName),
    "affiliations": _items(Affiliation),
    "education": _items(Education),
    "work_items": _items(Work),
}


def encode_facts(facts: Mapping[str, Any], document: str) -> bytes:
    """Facts by the names of PersonFacts, and the document."""
    return floatless_json({"document": document, "facts": plain_facts(facts)}).encode()


def plain_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as JSON values."""
    return {name: _WAYS[name][0](value) if name in _WAYS else value for name, value in facts.items()}


def facts_of(plain: Mapping[str, Any]) -> dict[str, Any]:
    """The facts that `plain_facts` made JSON of."""
    return {name: _WAYS[name][1](value) if name in _WAYS else value for name, value in plain.items()}


def decode_facts(content: bytes) -> tuple[dict[str, Any], str]:
    """The facts and the document of `encode_facts`."""
    held = json.loads(content)
    return facts_of(held["facts"]), held["document"]
