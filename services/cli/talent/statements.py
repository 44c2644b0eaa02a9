"""`bole statement …`: who says what of a person, and which of it is shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.json_format import MessageToDict

from bole.talent.v1 import assertion_service_pb2 as service
from bole.talent.v1 import assertion_service_pb2_grpc, person_pb2, statement_pb2
from services.chassis.rpc.wire import date_from_wire, date_to_wire
from services.cli.answers import wording
from services.cli.answers.columns import Column
from services.cli.session import Session
from services.cli.talent import people
from services.cli.talent.entering import FACTS
from services.cli.talent.people import TIMEOUT_SECONDS
from services.cli.workbooks.stated import read_into
from services.kernel.clock import civil_date
from services.kernel.text import Language, Text
from services.wording import persons

_COLUMNS = (
    Column("field", Text("字段", "field"), show=persons.field),
    Column("said", Text("说法", "value"), wraps=True),
    Column("source", Text("来源", "source"), show=persons.source),
    Column("observed", Text("观察日期", "observed"), right=True),
    Column("standing", Text("采用情况", "standing"), wraps=True),
    Column("document", Text("依据", "document"), wraps=True),
    Column("author", Text("登记人", "entered by")),
    Column("id", Text("编号", "no."), right=True, show=lambda name, _: name.rpartition("/")[2]),
)
_WITHHELD = Text("（不显示）", "(withheld)")
_EMPTIED = Text("（空：收回先前说法）", "(empty: takes back what was said)")
_STATED = {name: each for name, each in FACTS.items() if name not in ("observed", "purposes")}


@dataclass(frozen=True)
class Said:
    """Who says so, when, where it is written, and whether that was seen."""

    source: str
    day: date | None
    document: str
    confirmed: bool


def stub(session: Session) -> assertion_service_pb2_grpc.AssertionServiceStub:
    """The statements."""
    return assertion_service_pb2_grpc.AssertionServiceStub(session.channel("talent"))


def show(session: Session, name: str, fields: Sequence[str]) -> None:
    """Every assertion of every field, and how it stands; then the rule."""
    request = service.ListPersonAssertionsRequest(name=name, fields=fields)
    found = stub(session).ListPersonAssertions(request, timeout=TIMEOUT_SECONDS)
    by_name = {each.name: each for each in found.statements}
    origin = people.origin_of(session, name)
    rows = [
        {**_row(session, choice, assertion, by_name[assertion.statement]), "origin": origin}
        for choice in found.choices
        for assertion in choice.assertions
    ]
    conflicts = sum(choice.conflict for choice in found.choices)
    title = Text(f"{name} 的说法，{conflicts} 项有分歧", f"what is said of {name}; {conflicts} in conflict")
    session.output.rows(title, _COLUMNS, rows)
    session.output.note(wording.say(found.rule, session.language))
    session.output.note(
        Text(
            f"撤销一条：bole statement retract {name}/statements/编号 --reason 原因",
            f"to take one back: bole statement retract {name}/statements/NO. --reason WHY",
        ).to(session.language)
    )
    people.note_withheld(session)


def add(session: Session, name: str, stated: Sequence[str], said: Said) -> None:
    """`field=value` each. Raises InvalidArgument (UNKNOWN_FIELD)."""
    person = person_pb2.Person(name=name, etag=people.get(session, name).etag)
    paths = read_into(person, stated, _STATED)
    request = service.AssertPersonRequest(
        person=person,
        update_mask=FieldMask(paths=paths),
        source=said.source,
        document=said.document,
        confidence=statement_pb2.CONFIDENCE_CONFIRMED if said.confirmed else statement_pb2.CONFIDENCE_STATED,
        observed_date=date_to_wire(said.day or _today()),
        request_id=str(uuid4()),
    )
    changed = stub(session).AssertPerson(request, timeout=TIMEOUT_SECONDS)
    session.output.say(Text(f"已登记；{name} 现为 {changed.etag}", f"recorded; {name} is now {changed.etag}"))


def retract(session: Session, name: str, reason: str) -> None:
    """Take one statement back."""
    person = people.get(session, "/".join(name.split("/")[:2]))
    request = service.RetractStatementRequest(
        name=name, etag=person.etag, reason=reason, request_id=str(uuid4())
    )
    stub(session).RetractStatement(request, timeout=TIMEOUT_SECONDS)
    session.output.say(Text(f"{name} 已撤销", f"{name} is taken back"))


def confirm(session: Session, name: str, day: date | None, document: str) -> None:
    """Count a record as fresh from a day on."""
    request = service.ConfirmPersonRequest(
        name=name,
        etag=people.get(session, name).etag,
        confirmed_date=date_to_wire(day or _today()),
        document=document,
        request_id=str(uuid4()),
    )
    fresh = date_from_wire(stub(session).ConfirmPerson(request, timeout=TIMEOUT_SECONDS).observed_date)
    session.output.say(Text(f"{name} 核实至 {fresh}", f"{name} was confirmed on {fresh}"))


def _row(session: Session, choice: Any, assertion: Any, said: statement_pb2.Statement) -> dict[str, Any]:
    value = _value(choice.field, said)
    withheld = not value and choice.field not in said.empty_fields
    return {
        "field": choice.field,
        "value": value,
        "withheld": withheld,
        "said": _WITHHELD.to(session.language) if withheld else _said(choice.field, value, session.language),
        "source": said.source,
        "observed": date_from_wire(said.observed_date).isoformat(),
        "standing": wording.say(assertion.text, session.language),
        "document": said.document,
        "author": said.author,
        "id": said.name,
    }


def _said(field: str, value: Any, language: Language) -> str:
    return persons.value(field, value, wording.words(language)) or _EMPTIED.to(language)


def _value(field: str, said: statement_pb2.Statement) -> Any:
    """What is stated, as the contract's JSON has it."""
    if field == "city_code":
        return said.stated_city_code
    return MessageToDict(said.stated, preserving_proto_field_name=True).get(field, "")


def _today() -> date:
    return civil_date(datetime.now(UTC))
