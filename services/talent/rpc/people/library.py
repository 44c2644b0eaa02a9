"""LibraryService: people and teams."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bole.talent.v1 import library_service_pb2 as wire
from bole.talent.v1 import library_service_pb2_grpc, person_pb2, team_pb2
from services.chassis.audit.reveals import entry_of
from services.chassis.house import House
from services.chassis.rpc.call import current_call
from services.chassis.storage.listing import Query
from services.kernel.clock import civil_date
from services.kernel.errors import NotFound
from services.talent.domain.people.person import Person
from services.talent.domain.people.team import Team
from services.talent.domain.privacy.four_eyes import Act, Intent
from services.talent.domain.privacy.wordless import without_people
from services.talent.rpc.people.persons import PersonDesk, kept_cities, require_city
from services.talent.rpc.people.team_wire import team_to_wire
from services.talent.rpc.wire import id_of, origin_from_wire, person_facts
from services.talent.service.finding.search import Search
from services.talent.service.people.duplicates.finding import Finding
from services.talent.service.people.people import People
from services.talent.service.privacy.approving import Approving
from services.talent.service.privacy.erasing import Erasing
from services.talent.service.privacy.withdrawing import Withdrawing
from services.talent.store import lists, repository


@dataclass(frozen=True)
class Library(library_service_pb2_grpc.LibraryServiceServicer):
    """The servicer. Requests are validated and responses redacted by the chassis."""

    house: House
    people: People
    search: Search
    finding: Finding
    approving: Approving
    digest_key: bytes

    @property
    def desk(self) -> PersonDesk:
        """What all methods about people share."""
        return PersonDesk(self.house, self.people)

    def GetPerson(self, request: wire.GetPersonRequest, context: Any) -> person_pb2.Person:
        """One person."""
        with self.house.database.read() as session:
            person = self.people.get(session, id_of(request.name, "persons"))
            return self.desk.shown(session, current_call(), [person])[0]

    def ListPersons(self, request: wire.ListPersonsRequest, context: Any) -> wire.ListPersonsResponse:
        """People by filter."""
        call = current_call()
        query = Query(request.filter, request.order_by, request.page_size, request.page_token)
        with self.house.database.read() as session:
            people = self.search.people_for(query.order_by, call.clearance)
            page = people.page(session, Person, query, self.house.pages, call.principal.subject)
            persons = self.desk.shown(session, call, page.items)
        return wire.ListPersonsResponse(
            persons=persons,
            next_page_token=page.next_page_token,
            total_size=page.total,
        )

    def SearchPersons(self, request: wire.SearchPersonsRequest, context: Any) -> wire.SearchPersonsResponse:
        """People by text and filter, with facets."""
        call = current_call()
        query = Query(
            request.filter,
            request.order_by,
            request.page_size,
            request.page_token,
            {"query": request.query, "search": "1"},
        )
        with self.house.database.read() as session:
            page, facets = self.search.find_people(
                session, query, request.query, request.facets, call.clearance, call.principal.subject
            )
            persons = self.desk.shown(session, call, page.items)
        return wire.SearchPersonsResponse(
            persons=persons,
            facets=facets,
            next_page_token=page.next_page_token,
            total_size=page.total,
        )

    def CreatePerson(self, request: wire.CreatePersonRequest, context: Any) -> person_pb2.Person:
        """Register a person."""
        call = current_call()
        require_city(call, request.person.city_code)

        def act(session: Session) -> Person:
            facts = person_facts(request.person, self.digest_key, civil_date(self.house.clock.now()))
            origin = origin_from_wire(request.person.origin)
            person = self.people.register(session, facts, origin, call.principal.subject, kept_cities(call))
            self.finding.enter(session, person.id)
            return person

        return self.desk.once(call, "create", request, act)

    def UpdatePerson(self, request: wire.UpdatePersonRequest, context: Any) -> person_pb2.Person:
        """Change fields of a person."""
        call = current_call()

        def act(session: Session) -> Person:
            person = self.desk.mine(session, call, request.person.name, request.person.etag, "person.etag")
            facts = self.desk.stated(session, person, request.person, request.update_mask, self.digest_key)
            require_city(call, facts.get("city", person.city))
            self.people.amend(session, person, facts, call.principal.subject, kept_cities(call))
            return person

        return self.desk.once(call, "update", request, act)

    def WithdrawPerson(self, request: wire.WithdrawPersonRequest, context: Any) -> person_pb2.Person:
        """Record that consent was withdrawn."""
        call = current_call()

        def act(session: Session) -> Person:
            person = self.desk.mine(session, call, request.name, request.etag)
            Withdrawing(self.people).withdraw(session, person, request.reason, call.principal.subject)
            return person

        return self.desk.once(call, "withdraw", request, act)

    def ErasePerson(self, request: wire.ErasePersonRequest, context: Any) -> wire.ErasePersonResponse:
        """Erase a person: at once if somebody else took down that the person withdrew, else with a second person's
        approval, which is used up. A repeated attempt under its request id gets the first answer.
        """
        call = current_call()
        with self.house.database.write() as session:

            def act() -> wire.ErasePersonResponse:
                person = self.people.get(session, id_of(request.name, "persons"))
                require_city(call, person.city)
                reason = without_people(
                    request.reason, (person.name, *(each.text for each in person.other_names))
                )
                detail: dict[str, object] = {"reason": reason}
                if not self.approving.may_erase_alone(session, person, call.principal.subject):
                    intent = Intent(account=call.principal.subject, act=Act.ERASE, person=person.id)
                    approval = self.approving.use(session, intent, f"persons/{person.id}")
                    detail["approval"] = f"actApprovals/{approval.id}" if approval else ""
                Erasing(self.people).erase(session, person, call.principal.subject)
                entry = entry_of(call, "erase", request.name, "done", detail)
                self.house.audit.append(session, entry)
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
            return team_to_wire(team, repository.shown_as(session, [team]))

    def ListTeams(self, request: wire.ListTeamsRequest, context: Any) -> wire.ListTeamsResponse:
        """Teams by filter."""
        call = current_call()
        query = Query(request.filter, "", request.page_size, request.page_token)
        with self.house.database.read() as session:
            page = lists.teams(self.people.catalogue).page(
                session, Team, query, self.house.pages, call.principal.subject
            )
            shown_as = repository.shown_as(session, page.items)
        return wire.ListTeamsResponse(
            teams=[team_to_wire(each, shown_as) for each in page.items],
            next_page_token=page.next_page_token,
            total_size=page.total,
        )
