"""AssertionService: who says what about a person, and which of it is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bole.talent.v1 import assertion_service_pb2 as wire
from bole.talent.v1 import assertion_service_pb2_grpc, person_pb2, statement_pb2
from services.chassis.house import House
from services.chassis.rpc.call import current_call
from services.chassis.rpc.wire import date_from_wire, text_to_wire
from services.kernel.clock import civil_date
from services.kernel.errors import InvalidArgument
from services.talent.domain.people.person import Person
from services.talent.domain.people.statement import Confidence, Stated
from services.talent.rpc.people.persons import PersonDesk, kept_cities, require_city
from services.talent.rpc.people.statements import choice_to_wire, number_of, statement_to_wire
from services.talent.rpc.wire import PERSON_FIELDS, id_of
from services.talent.service.people.people import People
from services.talent.service.people.stating import Stating

_LISTED = tuple(field for field in PERSON_FIELDS if field != "purposes")


@dataclass(frozen=True)
class AssertionRoom(assertion_service_pb2_grpc.AssertionServiceServicer):
    """The servicer."""

    house: House
    people: People
    digest_key: bytes

    @property
    def desk(self) -> PersonDesk:
        """What all methods about people share."""
        return PersonDesk(self.house, self.people)

    @property
    def stating(self) -> Stating:
        """The use cases."""
        return Stating(self.people)

    def ListPersonAssertions(
        self, request: wire.ListPersonAssertionsRequest, context: Any
    ) -> wire.ListPersonAssertionsResponse:
        """All statements, and why one of them is shown."""
        fields = _fields(tuple(request.fields))
        rule = self.people.assertions.rule
        with self.house.database.read() as session:
            person = self.people.get(session, id_of(request.name, "persons"))
            said = self.people.assertions.about(session, [person.id])[person.id]
        day = civil_date(self.house.clock.now())
        spoken = {PERSON_FIELDS[field] for field in fields}
        return wire.ListPersonAssertionsResponse(
            statements=[statement_to_wire(each, person) for each in said if spoken & set(each.facts)],
            choices=[choice_to_wire(field, said, person, day, rule) for field in fields],
            rule=text_to_wire(rule.text),
        )

    def AssertPerson(self, request: wire.AssertPersonRequest, context: Any) -> person_pb2.Person:
        """State something on behalf of a source."""
        call = current_call()

        def act(session: Session) -> Person:
            given = request.person
            person = self.desk.mine(session, call, given.name, given.etag, "person.etag")
            facts = self.desk.stated(session, person, given, request.update_mask, self.digest_key)
            stated = _stated(facts, request)
            require_city(call, stated.facts.get("city", person.city))
            self.stating.state(session, person, stated, call.principal.subject, kept_cities(call))
            return person

        return self.desk.once(call, "assert", request, act)

    def RetractStatement(self, request: wire.RetractStatementRequest, context: Any) -> person_pb2.Person:
        """Take a statement back."""
        call = current_call()
        id_, number = number_of(request.name)

        def act(session: Session) -> Person:
            person = self.desk.mine(session, call, f"persons/{id_}", request.etag)
            self.stating.retract(session, person, number, request.reason, call.principal.subject)
            return person

        return self.desk.once(call, "retract", request, act)

    def ConfirmPerson(self, request: wire.ConfirmPersonRequest, context: Any) -> person_pb2.Person:
        """Record that the facts shown were confirmed."""
        call = current_call()
        given = request.HasField("confirmed_date")
        day = date_from_wire(request.confirmed_date) if given else civil_date(self.house.clock.now())

        def act(session: Session) -> Person:
            person = self.desk.mine(session, call, request.name, request.etag)
            self.stating.confirm(session, person, day, request.document, call.principal.subject)
            return person

        return self.desk.once(call, "confirm", request, act)


def _stated(facts: Mapping[str, Any], request: wire.AssertPersonRequest) -> Stated:
    first, last = request.HasField("valid_from"), request.HasField("valid_to")
    name = statement_pb2.Confidence.Name(request.confidence).removeprefix("CONFIDENCE_")
    return Stated(
        facts=facts,
        source=request.source,
        document=request.document,
        confidence=Confidence[name] if request.confidence else Confidence.STATED,
        observed=date_from_wire(request.observed_date),
        valid_from=date_from_wire(request.valid_from) if first else None,
        valid_to=date_from_wire(request.valid_to) if last else None,
    )


def _fields(wanted: tuple[str, ...]) -> tuple[str, ...]:
    for field in wanted:
        if field not in _LISTED:
            known = ", ".join(_LISTED)
            raise InvalidArgument.field(
                "fields",
                "UNKNOWN_FIELD",
                f"没有字段 {field}，可用：{known}",
                f"there is no field {field}; use {known}",
            )
    return wanted or _LISTED
