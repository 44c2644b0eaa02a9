"""What sources say of a person, field by field: who, when, where it is written, and whether it is what is shown."""

from collections.abc import Mapping
from dataclasses import dataclass

from google.protobuf.json_format import MessageToDict

from bole.talent.v1 import assertion_service_pb2, statement_pb2
from services.console.web.visits import Visit
from services.console.words import Words

_CHOSEN = "CHOSEN"


@dataclass(frozen=True, slots=True)
class Said:
    """One source's word for a field. `value` is empty where it may not be seen."""

    value: str
    source: str
    day: str
    document: str
    standing: str
    chosen: bool


def said_of(
    visit: Visit, found: assertion_service_pb2.ListPersonAssertionsResponse
) -> Mapping[str, tuple[bool, list[Said]]]:
    """By field: whether sources contradict each other, and all they say, what is shown first."""
    statements = {each.name: each for each in found.statements}
    words = Words(visit.catalogue, visit.language)
    told: dict[str, tuple[bool, list[Said]]] = {}
    for choice in found.choices:
        said = [
            _said(visit, words, choice.field, each, statements[each.statement]) for each in choice.assertions
        ]
        told[choice.field] = (choice.conflict, sorted(said, key=lambda each: not each.chosen))
    return told


def _said(
    visit: Visit,
    words: Words,
    field: str,
    assertion: statement_pb2.FieldChoice.Assertion,
    statement: statement_pb2.Statement,
) -> Said:
    return Said(
        _value(words, field, statement),
        words.source(statement.source),
        words.day(statement.observed_date),
        statement.document,
        visit.text(assertion.text),
        assertion.standing == _CHOSEN,
    )


def _value(words: Words, field: str, statement: statement_pb2.Statement) -> str:
    if field == "city_code":
        return words.city(statement.stated_city_code)
    given = MessageToDict(statement.stated, preserving_proto_field_name=True)
    return words.value(field, given.get(field, ""))
