"""FirmIdentityService: people behind firms, records that may be one firm, merges and their way back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from google.protobuf.message import Message
from sqlalchemy.orm import Session

from bole.funding.v1 import firm_identity_service_pb2 as wire
from bole.funding.v1 import firm_identity_service_pb2_grpc, firm_pb2
from services.chassis import policy
from services.chassis.audit.reveals import entry_of
from services.chassis.house import House
from services.chassis.rpc.call import Call, current_call
from services.chassis.rpc.wire import check_etag, date_from_wire, date_to_wire, etag_of, text_to_wire
from services.chassis.storage.paging import CursorValue, page_size
from services.funding.domain.findings import normal
from services.funding.domain.firm.alike import WORDS
from services.funding.domain.firm.firm import Firm
from services.funding.domain.firm.firm_people import FirmPerson, Part
from services.funding.rpc.deals.acting import require_firm
from services.funding.rpc.firms.firm_wire import firm_to_wire
from services.funding.rpc.firms.history import KEEPERS
from services.funding.rpc.firms.seeing_firms import FirmSight
from services.funding.service.firms.identity import Identity, Pair
from services.funding.store.firms import identity as store

_ALL = "firms/-"
_FORGETTERS = ("fund_manager",)
M = TypeVar("M", bound=Message)


@dataclass(frozen=True)
class FirmIdentityRoom(firm_identity_service_pb2_grpc.FirmIdentityServiceServicer):
    """The servicer."""

    house: House
    identity: Identity

    def SetFirmPeople(self, request: wire.SetFirmPeopleRequest, context: Any) -> wire.SetFirmPeopleResponse:
        """State who is behind a firm."""
        call = current_call()

        def act(session: Session) -> wire.SetFirmPeopleResponse:
            firm = _mine(session, call, request.name, request.etag, "etag")
            people = [_person(each) for each in request.people]
            self.identity.set_people(session, firm, people, call.principal.subject)
            self._audit(session, call, "set-people", request.name)
            return wire.SetFirmPeopleResponse(etag=etag_of(firm.version), people_count=len(people))

        return self._once(call, request, wire.SetFirmPeopleResponse, act)

    def ListFirmPeople(
        self, request: wire.ListFirmPeopleRequest, context: Any
    ) -> wire.ListFirmPeopleResponse:
        """Who is behind a firm."""
        with self.house.database.read() as session:
            firm = FirmSight(current_call()).open(session, request.parent, "parent")
            people = store.people_of(session, [firm.id]).get(firm.id, [])
            return wire.ListFirmPeopleResponse(
                etag=etag_of(firm.version),
                city_code=firm.city,
                name=f"firms/{firm.id}",
                people=[_person_to_wire(each) for each in people],
            )

    def ForgetFirmPerson(
        self, request: wire.ForgetFirmPersonRequest, context: Any
    ) -> wire.ForgetFirmPersonResponse:
        """Take a name off every list that the caller keeps."""
        call = current_call()

        def act(session: Session) -> wire.ForgetFirmPersonResponse:
            cities = call.principal.cities(_FORGETTERS, call.arrived)
            count = store.forget(session, normal(request.display_name), cities)
            detail: dict[str, object] = {"count": count, "reason": request.reason}
            self.house.audit.append(session, entry_of(call, "forget-person", "firms/-", "done", detail))
            return wire.ForgetFirmPersonResponse(firm_count=count)

        return self._once(call, request, wire.ForgetFirmPersonResponse, act)

    def ListFirmDuplicates(
        self, request: wire.ListFirmDuplicatesRequest, context: Any
    ) -> wire.ListFirmDuplicatesResponse:
        """Records that may be one firm."""
        size, call, tokens = page_size(request.page_size, 50, 500), current_call(), self.house.pages
        method, subject = "ListFirmDuplicates", call.principal.subject
        people = policy.may_use(call.clearance, policy.Level.PERSONAL)
        bound = {"parent": request.parent, "people": str(people)}
        cursor = tokens.read(request.page_token, method=method, query=bound, subject=subject)
        with self.house.database.read() as session:
            if request.parent == _ALL:
                pairs = self.identity.all_duplicates(session, people=people)
            else:
                firm = FirmSight(call).open(session, request.parent, "parent")
                pairs = self.identity.duplicates_of(session, firm, people=people)
            rest = pairs if cursor is None else [each for each in pairs if _place(each) > _after(cursor)]
            token = ""
            if len(rest) > size:
                token = tokens.issue(_place(rest[size - 1]), method=method, query=bound, subject=subject)
            rule = self.identity.method
            return wire.ListFirmDuplicatesResponse(
                duplicates=[self._pair(each) for each in rest[:size]],
                total_size=len(pairs),
                method=f"{rule.version}: {rule.possible}/{rule.likely}",
                people_compared=people,
                next_page_token=token,
            )

    def MergeFirms(self, request: wire.MergeFirmsRequest, context: Any) -> firm_pb2.Firm:
        """Let one record stand for another firm."""
        call = current_call()

        def act(session: Session) -> firm_pb2.Firm:
            duplicate = _mine(session, call, request.duplicate, request.duplicate_etag, "duplicate_etag")
            survivor = FirmSight(call).find(session, request.survivor, "survivor")
            require_firm(session, call, KEEPERS, survivor)
            self.identity.merge(session, duplicate, survivor, request.reason, call.principal.subject)
            self._audit(session, call, "merge", request.duplicate)
            return firm_to_wire(duplicate)

        return self._once(call, request, firm_pb2.Firm, act)

    def SplitFirm(self, request: wire.SplitFirmRequest, context: Any) -> firm_pb2.Firm:
        """Take a merge back."""
        call = current_call()

        def act(session: Session) -> firm_pb2.Firm:
            firm = _mine(session, call, request.name, request.etag, "etag")
            self.identity.split(session, firm, request.reason, call.principal.subject)
            self._audit(session, call, "split", request.name)
            return firm_to_wire(firm)

        return self._once(call, request, firm_pb2.Firm, act)

    def _pair(self, pair: Pair) -> wire.FirmDuplicate:
        method = self.identity.method
        return wire.FirmDuplicate(
            one=firm_to_wire(pair.one),
            other=firm_to_wire(pair.other),
            points=pair.likeness.points,
            likely=pair.likeness.points >= method.likely,
            signs=[
                wire.FirmDuplicate.Sign(
                    code=sign.name, text=text_to_wire(WORDS[sign]), points=method.points(sign)
                )
                for sign in pair.likeness.signs
            ],
        )

    def _once(self, call: Call, request: Any, kind: type[M], act: Callable[[Session], M]) -> M:
        with self.house.database.write() as session:
            caller = (call.principal.subject, call.method)
            return self.house.requests.once(
                session, caller, request.request_id, request, kind, lambda: act(session)
            )

    def _audit(self, session: Session, call: Call, action: str, name: str) -> None:
        self.house.audit.append(session, entry_of(call, action, name, "done", {}))


def _mine(session: Session, call: Call, name: str, etag: str, field: str) -> Firm:
    firm = FirmSight(call).find(session, name, "duplicate" if field == "duplicate_etag" else "name")
    require_firm(session, call, KEEPERS, firm)
    check_etag(etag, firm.version, name, field=field)
    return firm


def _place(pair: Pair) -> tuple[int, str, str]:
    """Where a pair stands in the list, the likeliest first."""
    return (-pair.likeness.points, pair.one.id, pair.other.id)


def _after(cursor: Sequence[CursorValue]) -> tuple[int, str, str]:
    points, one, other = cursor
    return (int(str(points)), str(one), str(other))


def _person(message: wire.FirmPerson) -> FirmPerson:
    return FirmPerson(
        part=Part[wire.FirmPerson.Part.Name(message.part).removeprefix("PART_")],
        name=message.display_name,
        share_ppm=message.share_ppm if message.HasField("share_ppm") else None,
        since=date_from_wire(message.since_date) if message.HasField("since_date") else None,
        until=date_from_wire(message.until_date) if message.HasField("until_date") else None,
    )


def _person_to_wire(person: FirmPerson) -> wire.FirmPerson:
    return wire.FirmPerson(
        part=f"PART_{person.part.name}",
        display_name=person.name,
        share_ppm=person.share_ppm,
        since_date=date_to_wire(person.since) if person.since else None,
        until_date=date_to_wire(person.until) if person.until else None,
    )
