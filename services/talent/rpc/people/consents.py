"""ConsentService: what people allow, and who looked at them."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bole.talent.v1 import consent_service_pb2 as wire
from bole.talent.v1 import consent_service_pb2_grpc, person_pb2
from services.chassis import policy
from services.chassis.house import House
from services.chassis.rpc.call import Call, current_call
from services.chassis.rpc.wire import instant_from_wire, instant_to_wire
from services.chassis.storage.paging import page_size
from services.talent.domain.people.person import Person, Purpose
from services.talent.domain.privacy.consent import Basis, Consent, ConsentKind, Entry
from services.talent.domain.privacy.lookup import Look
from services.talent.rpc.people.persons import PersonDesk
from services.talent.rpc.wire import id_of
from services.talent.service.privacy.consenting import Consenting

_METHOD = "ListPersonLookups"


@dataclass(frozen=True)
class ConsentRoom(consent_service_pb2_grpc.ConsentServiceServicer):
    """The servicer."""

    house: House
    consenting: Consenting

    def RecordConsent(self, request: wire.RecordConsentRequest, context: Any) -> person_pb2.Person:
        """Record that a person allows some uses, or takes some back."""
        call, desk = current_call(), PersonDesk(self.house, self.consenting.people)

        def act(session: Session) -> Person:
            person = desk.mine(session, call, request.name, request.etag)
            self.consenting.record(session, person, self._consent(person, request), call.principal.subject)
            return person

        return desk.once(call, "consent", request, act)

    def ListConsentEntries(
        self, request: wire.ListConsentEntriesRequest, context: Any
    ) -> wire.ListConsentEntriesResponse:
        """The consent ledger of a person."""
        call = current_call()
        with self.house.database.read() as session:
            person = self._about(session, call, request.parent)
            entries = self.consenting.entries(session, person)
        return wire.ListConsentEntriesResponse(
            name=request.parent,
            city_code=person.city,
            entries=[_entry_to_wire(each) for each in entries],
            purposes=[f"CONSENT_PURPOSE_{each.name}" for each in sorted(person.purposes)],
        )

    def ListPersonLookups(
        self, request: wire.ListPersonLookupsRequest, context: Any
    ) -> wire.ListPersonLookupsResponse:
        """Who saw a person's protected fields, and who changed the record."""
        call, size = current_call(), page_size(request.page_size, 50, 500)
        bound, pages = {"parent": request.parent}, self.house.pages
        subject = call.principal.subject
        cursor = pages.read(request.page_token, method=_METHOD, query=bound, subject=subject)
        with self.house.database.read() as session:
            person = self._about(session, call, request.parent)
            found = self.consenting.looks(session, person, int(str(cursor[0])) if cursor else None, size + 1)
        token = ""
        if len(found) > size:
            token = pages.issue((found[size - 1].number,), method=_METHOD, query=bound, subject=subject)
        return wire.ListPersonLookupsResponse(
            lookups=[self._look_to_wire(each) for each in found[:size]], next_page_token=token
        )

    def ListLookupAnomalies(
        self, request: wire.ListLookupAnomaliesRequest, context: Any
    ) -> wire.ListLookupAnomaliesResponse:
        """Accounts that looked at unusually many people on a day."""
        with self.house.database.read() as session:
            found = self.consenting.anomalies(session, request.days or 30)
        return wire.ListLookupAnomaliesResponse(
            anomalies=[
                wire.LookupAnomaly(
                    actor=each.actor,
                    day=each.day.isoformat(),
                    call_count=each.calls,
                    record_count=each.records,
                    largest_count=each.largest,
                )
                for each in found
            ],
            bulk_answer=self.consenting.limits.answer,
            bulk_day=self.consenting.limits.day,
        )

    def _about(self, session: Session, call: Call, parent: str) -> Person:
        """The person, for those who keep or audit its city."""
        person = self.consenting.people.get(session, id_of(parent, "persons", field="parent"))
        policy.require_city(call.principal, ("talent_officer", "auditor"), person.city, call.arrived)
        return person

    def _consent(self, person: Person, request: wire.RecordConsentRequest) -> Consent:
        given = request.HasField("effective_time")
        basis = wire.ConsentBasis.Name(request.basis).removeprefix("CONSENT_BASIS_")
        return Consent(
            record_id=person.id,
            kind=ConsentKind[wire.ConsentKind.Name(request.kind).removeprefix("CONSENT_KIND_")],
            purposes=frozenset(
                Purpose[person_pb2.ConsentPurpose.Name(each).removeprefix("CONSENT_PURPOSE_")]
                for each in request.purposes
                if each
            ),
            effective_at=instant_from_wire(request.effective_time) if given else self.house.clock.now(),
            basis=Basis[basis] if request.basis else Basis.CONSENT,
            document=request.document,
        )

    def _look_to_wire(self, look: Look) -> wire.Lookup:
        return wire.Lookup(
            time=instant_to_wire(look.at),
            actor=look.actor,
            roles=look.roles,
            action=look.action,
            purpose=look.purpose,
            fields=look.fields,
            record_count=look.count,
            bulk=look.bulk(self.consenting.limits),
            audit_number=look.number,
            request=look.request_id,
        )


def _entry_to_wire(entry: Entry) -> wire.ConsentEntry:
    said = entry.consent
    return wire.ConsentEntry(
        number=entry.number,
        kind=f"CONSENT_KIND_{said.kind.name}",
        purposes=[f"CONSENT_PURPOSE_{each.name}" for each in sorted(said.purposes)],
        basis=f"CONSENT_BASIS_{said.basis.name}",
        effective_time=instant_to_wire(said.effective_at),
        document=said.document,
        author=entry.entered_by,
        record_time=instant_to_wire(entry.recorded_at),
        batch=said.batch,
        annuls=said.annuls,
    )
