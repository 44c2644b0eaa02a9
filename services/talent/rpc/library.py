"""LibraryService: people and teams."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from google.protobuf.field_mask_pb2 import FieldMask
from sqlalchemy.orm import Session

from bole.talent.v1 import library_service_pb2 as wire
from bole.talent.v1 import library_service_pb2_grpc, person_pb2, team_pb2
from services.chassis import policy
from services.chassis.house import House
from services.chassis.listing import Query
from services.chassis.reveals import entry_of
from services.chassis.rpc.call import Call, current_call
from services.chassis.rpc.wire import check_etag
from services.kernel.clock import civil_date
from services.kernel.errors import BoleError, NotFound
from services.talent.domain.person import Person, PersonFacts
from services.talent.domain.team import Team
from services.talent.rpc.wire import (
    PERSON_FIELDS,
    id_of,
    origin_from_wire,
    person_facts,
    person_to_wire,
    team_to_wire,
)
from services.talent.service.people import People
from services.talent.service.search import Search
from services.talent.store import lists, repository

KEEPERS = ("talent_officer",)
_FIELDS = {
    **{domain: f"person.{field}" for field, domain in PERSON_FIELDS.items()},
    "ref": "person.source_ref",
    "direction": "person.direction_shares",
}


@dataclass(frozen=True)
class Library(library_service_pb2_grpc.LibraryServiceServicer):
    """The servicer. Requests are validated and responses redacted by the chassis."""

    house: House
    people: People
    search: Search
    digest_key: bytes

    def GetPerson(self, request: wire.GetPersonRequest, context: Any) -> person_pb2.Person:
        """One person."""
        with self.house.database.read() as session:
            return person_to_wire(self.people.get(session, id_of(request.name, "persons")))

    def ListPersons(self, request: wire.ListPersonsRequest, context: Any) -> wire.ListPersonsResponse:
        """People by filter."""
        call = current_call()
        query = Query(request.filter, request.order_by, request.page_size, request.page_token)
        with self.house.database.read() as session:
            page = self.search.listing.page(session, Person, query, self.house.pages, call.principal.subject)
        return wire.ListPersonsResponse(
            persons=[person_to_wire(each) for each in page.items],
            next_page_token=page.next_page_token,
            total_size=page.total,
        )

    def SearchPersons(self, request: wire.SearchPersonsRequest, context: Any) -> wire.SearchPersonsResponse:
        """People by text and filter, with facets."""
        call = current_call()
        query = Query(
            request.filter, "", request.page_size, request.page_token, {"query": request.query, "search": "1"}
        )
        with self.house.database.read() as session:
            page = self.search.page(session, query, request.query, call.clearance, call.principal.subject)
            facets = self.search.facets(
                session, request.filter, tuple(request.facets), request.query, call.clearance
            )
        return wire.SearchPersonsResponse(
            persons=[person_to_wire(each) for each in page.items],
            facets=facets,
            next_page_token=page.next_page_token,
            total_size=page.total,
        )

    def CreatePerson(self, request: wire.CreatePersonRequest, context: Any) -> person_pb2.Person:
        """Register a person."""
        call = current_call()
        _require_city(call, request.person.city_code)

        def act(session: Session) -> Person:
            facts = person_facts(request.person, self.digest_key, civil_date(self.house.clock.now()))
            origin = origin_from_wire(request.person.origin)
            return self.people.register(session, facts, origin, call.principal.subject)

        return self._once(call, "create", request, act)

    def UpdatePerson(self, request: wire.UpdatePersonRequest, context: Any) -> person_pb2.Person:
        """Change fields of a person."""
        call = current_call()

        def act(session: Session) -> Person:
            person = self._mine(session, call, request.person.name, request.person.etag, "person.etag")
            facts = self._merged(person, request.person, request.update_mask)
            _require_city(call, facts.city)
            self.people.revise(session, person, facts, call.principal.subject)
            return person

        return self._once(call, "update", request, act)

    def WithdrawPerson(self, request: wire.WithdrawPersonRequest, context: Any) -> person_pb2.Person:
        """Record that consent was withdrawn."""
        call = current_call()

        def act(session: Session) -> Person:
            person = self._mine(session, call, request.name, request.etag)
            self.people.withdraw(session, person, request.reason, call.principal.subject)
            return person

        return self._once(call, "withdraw", request, act)

    def ErasePerson(self, request: wire.ErasePersonRequest, context: Any) -> wire.ErasePersonResponse:
        """Erase a person. A repeated attempt under its request id gets the first answer."""
        call = current_call()
        with self.house.database.write() as session:

            def act() -> wire.ErasePersonResponse:
                person = self.people.get(session, id_of(request.name, "persons"))
                _require_city(call, person.city)
                self.people.erase(session, person, call.principal.subject)
                self.house.audit.append(session, entry_of(call, "erase", request.name, "done", {}))
                return wire.ErasePersonResponse()

            caller = (call.principal.subject, call.method)
            return self.house.requests.once(
                session, caller, request.request_id, request, wire.ErasePersonResponse, act
            )

    def GetTeam(self, request: wire.GetTeamRequest, context: Any) -> team_pb2.Team:
        """One team."""
        with self.house.database.read() as session:
            team = repository.team_by_id(session, id_of(request.name, "teams"))
        if team is None:
            raise NotFound.resource(request.name)
        return team_to_wire(team)

    def ListTeams(self, request: wire.ListTeamsRequest, context: Any) -> wire.ListTeamsResponse:
        """Teams by filter."""
        call = current_call()
        query = Query(request.filter, "", request.page_size, request.page_token)
        with self.house.database.read() as session:
            page = lists.teams(self.people.catalogue).page(
                session, Team, query, self.house.pages, call.principal.subject
            )
        return wire.ListTeamsResponse(
            teams=[team_to_wire(each) for each in page.items],
            next_page_token=page.next_page_token,
            total_size=page.total,
        )

    def _once(self, call: Call, action: str, request: Any, act: Any) -> person_pb2.Person:
        """Run a change in one transaction: answered once per request id, audited, in the caller's words."""
        with _in_words_of_the_request(), self.house.database.write() as session:

            def answer() -> person_pb2.Person:
                person = act(session)
                session.flush()
                name = f"persons/{person.id}"
                self.house.audit.append(session, entry_of(call, action, name, "done", {}))
                return person_to_wire(person)

            caller = (call.principal.subject, call.method)
            return self.house.requests.once(
                session, caller, request.request_id, request, person_pb2.Person, answer
            )

    def _mine(self, session: Session, call: Call, name: str, etag: str, field: str = "etag") -> Person:
        person = self.people.get(session, id_of(name, "persons"))
        _require_city(call, person.city)
        check_etag(etag, person.version, name, field=field)
        return person

    def _merged(self, person: Person, given: person_pb2.Person, mask: FieldMask) -> PersonFacts:
        """The facts with the masked fields replaced; an empty mask means every field that is set."""
        paths = list(mask.paths) or [field.name for field, _ in given.ListFields()]
        paths = list(PERSON_FIELDS) if "*" in paths else paths
        chosen = {PERSON_FIELDS[path] for path in paths if path in PERSON_FIELDS}
        merged = person_to_wire(person)
        FieldMask(paths=[path for path in paths if path in PERSON_FIELDS]).MergeMessage(
            given, merged, replace_message_field=True, replace_repeated_field=True
        )
        merged.source_ref = person.ref
        facts = person_facts(merged, self.digest_key, civil_date(self.house.clock.now()))
        return facts if "id_digest" in chosen else replace(facts, id_digest=person.id_digest)


def _require_city(call: Call, city: str) -> None:
    policy.require_city(call.principal, KEEPERS, city, call.arrived)


@contextmanager
def _in_words_of_the_request() -> Iterator[None]:
    try:
        yield
    except BoleError as error:
        if any(violation.field in _FIELDS for violation in error.violations):
            raise error.renamed(_FIELDS) from None
        raise
