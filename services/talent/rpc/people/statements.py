"""Statements and choices between the contract and the domain."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from bole.talent.v1 import person_pb2, statement_pb2
from services.chassis.rpc.wire import date_to_wire, instant_to_wire, text_to_wire
from services.kernel.errors import InvalidArgument
from services.talent.domain.people.choosing import Rule, Standing, judge
from services.talent.domain.people.person import Person
from services.talent.domain.people.statement import Statement
from services.talent.events import shares_to_wire
from services.talent.rpc.people.biography_wire import (
    affiliations_to_wire,
    education_to_wire,
    names_to_wire,
    works_to_wire,
)
from services.talent.rpc.wire import PERSON_FIELDS

_DOMAIN_TO_WIRE = {domain: field for field, domain in PERSON_FIELDS.items()}


def number_of(name: str) -> tuple[str, int]:
    """Person and number of `persons/{id}/statements/{number}`. Raises InvalidArgument (INVALID_NAME)."""
    parts = name.split("/")
    digits = parts[3] if len(parts) == 4 else ""
    if (
        parts[0::2] != ["persons", "statements"]
        or not parts[1]
        or not (digits.isascii() and digits.isdigit())
    ):
        raise InvalidArgument.field(
            "name",
            "INVALID_NAME",
            "名称应写成 persons/编号/statements/序号",
            "the name must read persons/{id}/statements/{number}",
        )
    return parts[1], int(digits)


def statement_to_wire(statement: Statement, person: Person) -> statement_pb2.Statement:
    """A statement as shown under the person it is about."""
    gone = statement.retraction
    return statement_pb2.Statement(
        name=_name(statement, person),
        city_code=person.city,
        stated=facts_to_wire(statement.facts),
        stated_city_code=statement.facts.get("city", ""),
        fields=sorted(_DOMAIN_TO_WIRE[name] for name in statement.facts),
        empty_fields=sorted(_DOMAIN_TO_WIRE[name] for name, value in statement.facts.items() if not value),
        source=statement.source,
        document=statement.document,
        confidence=f"CONFIDENCE_{statement.confidence.name}",
        observed_date=date_to_wire(statement.observed),
        valid_from=date_to_wire(statement.valid_from) if statement.valid_from else None,
        valid_to=date_to_wire(statement.valid_to) if statement.valid_to else None,
        author=statement.entered_by,
        record_time=instant_to_wire(statement.recorded_at),
        batch=statement.batch,
        retract_time=instant_to_wire(gone.at) if gone else None,
        retracted_by=gone.by if gone else "",
        retract_reason=gone.reason if gone else "",
    )


def choice_to_wire(
    field: str, said: Sequence[Statement], person: Person, day: date, rule: Rule
) -> statement_pb2.FieldChoice:
    """How the value of one field of Person was chosen; differing statements that stand are a conflict."""
    verdicts = judge(PERSON_FIELDS[field], said, day, rule)
    return statement_pb2.FieldChoice(
        field=field,
        conflict=any(
            each.standing.counts and each.standing not in (Standing.CHOSEN, Standing.AGREES)
            for each in verdicts
        ),
        assertions=[
            statement_pb2.FieldChoice.Assertion(
                statement=_name(each.statement, person),
                standing=each.standing.value,
                text=text_to_wire(each.standing.text),
            )
            for each in verdicts
        ],
    )


def facts_to_wire(facts: Mapping[str, Any]) -> person_pb2.Person:
    """Some facts as a person. The digest of an identity number is never shown; a city stands beside it."""
    told = (name for name in facts if name not in ("id_digest", "city"))
    given = {_DOMAIN_TO_WIRE[name]: facts[name] for name in told}
    for field, convert in _CONVERSIONS.items():
        if field in given:
            given[field] = convert(given[field])
    return person_pb2.Person(**given)


_CONVERSIONS: Mapping[str, Callable[[Any], Any]] = {
    "availability": lambda value: f"AVAILABILITY_{value.name}",
    "direction_shares": shares_to_wire,
    "observed_date": date_to_wire,
    "other_names": names_to_wire,
    "affiliations": affiliations_to_wire,
    "education": education_to_wire,
    "work_items": works_to_wire,
    "purposes": lambda value: [f"CONSENT_PURPOSE_{each.name}" for each in sorted(value)],
}


def _name(statement: Statement, person: Person) -> str:
    return f"persons/{person.id}/statements/{statement.number}"
