"""What methods that answer with people share: changes made once, and sensitive facts for those who may see them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from google.protobuf.field_mask_pb2 import FieldMask
from sqlalchemy.orm import Session

from bole.talent.v1 import person_pb2
from services.chassis import policy
from services.chassis.audit.reveals import entry_of
from services.chassis.house import House
from services.chassis.policy import Level
from services.chassis.request_log import only_validated
from services.chassis.rpc.call import Call
from services.chassis.rpc.wire import check_etag
from services.kernel.clock import civil_date
from services.talent.domain.people.person import Person
from services.talent.rpc.people.stating import in_words_of_the_request, stated_facts
from services.talent.rpc.wire import id_of, person_to_wire
from services.talent.service.people.people import People

KEEPERS = ("talent_officer",)


@dataclass(frozen=True)
class PersonDesk:
    """The edge of the use cases of people."""

    house: House
    people: People

    def once(
        self, call: Call, action: str, request: Any, act: Callable[[Session], Person]
    ) -> person_pb2.Person:
        """Run a change in one transaction: answered once per request id, audited, in the caller's words.

        The answer that is kept for a repeated attempt holds no sensitive fact; what is only rehearsed is not kept.
        """
        rehearsed = only_validated(request)
        with in_words_of_the_request(), self.house.database.write() as session:

            def answer() -> person_pb2.Person:
                person = act(session)
                session.flush()
                name = f"persons/{person.id}"
                self.house.audit.append(session, entry_of(call, action, name, "done", {}))
                message = person_to_wire(person)
                if rehearsed:
                    self.add_sensitive(session, call, [message])
                return message

            caller = (call.principal.subject, call.method)
            kept = self.house.requests.once(
                session, caller, request.request_id, request, person_pb2.Person, answer
            )
            if not rehearsed:
                self.add_sensitive(session, call, [kept])
        return kept

    def shown(self, session: Session, call: Call, persons: Iterable[Person]) -> list[person_pb2.Person]:
        """People as answers; the policy takes out what the caller may not see."""
        found = [person_to_wire(each) for each in persons]
        self.add_sensitive(session, call, found)
        return found

    def mine(self, session: Session, call: Call, name: str, etag: str, field: str = "etag") -> Person:
        """The person, if the caller keeps its city and read this version of it."""
        person = self.people.get(session, id_of(name, "persons"))
        require_city(call, person.city)
        check_etag(etag, person.version, name, field=field)
        return person

    def stated(
        self, session: Session, person: Person, given: person_pb2.Person, mask: FieldMask, digest_key: bytes
    ) -> dict[str, Any]:
        """What a request states about a person (`stated_facts`). The year of birth is opened where an identity number
        is held against it.
        """
        year = None
        if given.identity_number:
            year = self.people.sensitive(session, [person.id])[person.id].birth_year
        today = civil_date(self.house.clock.now())
        return stated_facts(person, given, mask, digest_key, today, year)

    def add_sensitive(self, session: Session, call: Call, found: Sequence[person_pb2.Person]) -> None:
        """Sensitive facts are opened only for those who may see them."""
        if call.clearance.highest() < Level.SENSITIVE:
            return
        ids = [each.name.removeprefix("persons/") for each in found]
        sensitive = self.people.sensitive(session, ids)
        for id_, each in zip(ids, found, strict=True):
            each.phone, each.email = sensitive[id_].phone, sensitive[id_].email
            each.birth_year = sensitive[id_].birth_year or 0


def require_city(call: Call, city: str) -> None:
    """Raise PermissionDenied unless the caller keeps the records of this city."""
    policy.require_city(call.principal, KEEPERS, city, call.arrived)


def kept_cities(call: Call) -> frozenset[str] | None:
    """The cities whose records the caller keeps; None for the whole province."""
    return call.principal.cities(KEEPERS, call.arrived)
