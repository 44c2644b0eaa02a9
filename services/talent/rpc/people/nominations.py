"""NominationService: the talent programmes."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bole.talent.v1 import nomination_pb2, nomination_service_pb2_grpc
from bole.talent.v1 import nomination_service_pb2 as wire
from services.chassis.audit.reveals import entry_of
from services.chassis.house import House
from services.chassis.policy import require_call
from services.chassis.rpc.call import Call, current_call
from services.chassis.rpc.wire import check_etag, text_to_wire
from services.chassis.storage.listing import Query
from services.kernel.errors import BoleError, InvalidArgument
from services.talent.domain.nomination import Nomination, NominationFacts, Quota, Step, StepKind
from services.talent.domain.shortage.table import Address
from services.talent.rpc.people.nomination_wire import (
    FIELDS,
    METHODS,
    STEP_FIELDS,
    detail_of,
    nomination_to_wire,
    option_to_wire,
    step_to_wire,
)
from services.talent.rpc.people.persons import require_city
from services.talent.rpc.shortage.reading import MapReader
from services.talent.rpc.shortage.shortage_wire import CellWire
from services.talent.rpc.wire import id_of
from services.talent.service.people.nominations import Nominations
from services.talent.store import lists, repository

_SERVICE = wire.DESCRIPTOR.services_by_name["NominationService"]


@dataclass(frozen=True)
class NominationRoom(nomination_service_pb2_grpc.NominationServiceServicer):
    """The servicer."""

    house: House
    nominations: Nominations
    reader: MapReader
    cells: CellWire

    def GetNomination(self, request: wire.GetNominationRequest, context: Any) -> nomination_pb2.Nomination:
        """One nomination."""
        with self.house.database.read() as session:
            return _to_wire(session, self.nominations.get(session, id_of(request.name, "nominations")))[0]

    def ListNominations(
        self, request: wire.ListNominationsRequest, context: Any
    ) -> wire.ListNominationsResponse:
        """Nominations by filter."""
        call = current_call()
        query = Query(request.filter, request.order_by, request.page_size, request.page_token)
        with self.house.database.read() as session:
            page = lists.nominations(self.nominations.catalogue).page(
                session, Nomination, query, self.house.pages, call.principal.subject
            )
            listed = _to_wire(session, *page.items)
        return wire.ListNominationsResponse(
            nominations=listed,
            next_page_token=page.next_page_token,
            total_size=page.total,
        )

    def ListNominationSteps(
        self, request: wire.ListNominationStepsRequest, context: Any
    ) -> wire.ListNominationStepsResponse:
        """All steps of a nomination."""
        id_ = id_of(request.parent, "nominations", field="parent")
        with self.house.database.read() as session:
            nomination = self.nominations.get(session, id_)
            steps = self.nominations.steps(session, nomination)
            options = [self._option(session, nomination, kind, steps) for kind in METHODS]
        return wire.ListNominationStepsResponse(
            name=request.parent,
            city_code=nomination.city,
            steps=[step_to_wire(each) for each in steps],
            options=options,
        )

    def CreateNomination(
        self, request: wire.CreateNominationRequest, context: Any
    ) -> nomination_pb2.Nomination:
        """Nominate somebody."""
        call = current_call()

        def act(session: Session) -> Nomination:
            facts, origin = self._facts(session, request.nomination)
            require_city(call, facts.city)
            return self.nominations.nominate(session, facts, origin, call.principal.subject)

        return self._once(call, "nominate", request, act)

    def CheckNominationEligibility(
        self, request: wire.CheckNominationEligibilityRequest, context: Any
    ) -> nomination_pb2.Nomination:
        """Check the eligibility."""
        return self._step(StepKind.CHECK, request)

    def DeclareConflictOfInterest(
        self, request: wire.DeclareConflictOfInterestRequest, context: Any
    ) -> nomination_pb2.Nomination:
        """Declare a conflict of interest of one's own."""
        return self._step(StepKind.DECLARE_CONFLICT, request)

    def ReviewNomination(
        self, request: wire.ReviewNominationRequest, context: Any
    ) -> nomination_pb2.Nomination:
        """Review a nomination."""
        return self._step(StepKind.REVIEW, request)

    def DecideNomination(
        self, request: wire.DecideNominationRequest, context: Any
    ) -> nomination_pb2.Nomination:
        """Decide on a nomination."""
        return self._step(StepKind.DECIDE, request)

    def FundNomination(self, request: wire.FundNominationRequest, context: Any) -> nomination_pb2.Nomination:
        """Record a payment."""
        return self._step(StepKind.FUND, request)

    def FollowUpNomination(
        self, request: wire.FollowUpNominationRequest, context: Any
    ) -> nomination_pb2.Nomination:
        """Record what became of the nominee."""
        return self._step(StepKind.FOLLOW_UP, request)

    def WithdrawNomination(
        self, request: wire.WithdrawNominationRequest, context: Any
    ) -> nomination_pb2.Nomination:
        """Withdraw a nomination."""
        return self._step(StepKind.WITHDRAW, request)

    def ListNominationQuotas(
        self, request: wire.ListNominationQuotasRequest, context: Any
    ) -> wire.ListNominationQuotasResponse:
        """Places, awards and shortage by industry."""
        if request.programme_code not in self.nominations.programmes:
            known = ", ".join(self.nominations.programmes)
            raise InvalidArgument.field(
                "programme_code", "UNKNOWN_PROGRAMME", f"没有该人才工程，可用：{known}", f"one of: {known}"
            )
        with self.house.database.read() as session:
            found = self.nominations.quotas(session, request.programme_code, request.year)
        table = self.reader.read(request).table
        return wire.ListNominationQuotasResponse(
            quotas=[
                wire.NominationQuota(
                    programme_code=each.programme,
                    year=each.year,
                    industry_code=each.industry,
                    place_count=each.places,
                    awarded_count=each.taken,
                    shortage=self.cells.cell(table.cell(Address(node=each.industry))),
                )
                for each in found
            ],
            rule=text_to_wire(self.nominations.rules.text),
        )

    def SetNominationQuota(
        self, request: wire.SetNominationQuotaRequest, context: Any
    ) -> wire.NominationQuota:
        """Set how many of an industry may be awarded; takes an officer of the whole province."""
        call, given = current_call(), request.quota
        require_city(call, "")
        quota = Quota(given.programme_code, given.year, given.industry_code, given.place_count)
        name = f"quotas/{quota.programme}/{quota.year}/{quota.industry}"
        with _named({}, "quota."), self.house.database.write() as session:

            def act() -> wire.NominationQuota:
                self.nominations.set_quota(session, quota, call.principal.subject)
                detail: dict[str, object] = {"places": quota.places}
                self.house.audit.append(session, entry_of(call, "set-quota", name, "done", detail))
                return given

            caller = (call.principal.subject, call.method)
            return self.house.requests.once(
                session, caller, request.request_id, request, wire.NominationQuota, act
            )

    def _option(
        self, session: Session, nomination: Nomination, kind: StepKind, steps: Sequence[Step]
    ) -> nomination_pb2.NominationStepOption:
        """A step with what the caller would be told, if it cannot be taken."""
        call = current_call()
        try:
            require_call(call.principal, _SERVICE.methods_by_name[METHODS[kind]], call.arrived)
            require_city(call, nomination.city)
            self.nominations.require_open(session, nomination, kind, steps, call.principal.subject)
        except BoleError as refusal:
            return option_to_wire(kind, refusal.text)
        return option_to_wire(kind, None)

    def _step(self, kind: StepKind, request: Any) -> nomination_pb2.Nomination:
        call = current_call()

        def act(session: Session) -> Nomination:
            nomination = self.nominations.get(session, id_of(request.name, "nominations"))
            require_city(call, nomination.city)
            check_etag(request.etag, nomination.version, request.name)
            self.nominations.take(session, nomination, kind, detail_of(request), call.principal.subject)
            return nomination

        return self._once(call, kind.name.lower().replace("_", "-"), request, act)

    def _once(
        self, call: Call, action: str, request: Any, act: Callable[[Session], Nomination]
    ) -> nomination_pb2.Nomination:
        fields = FIELDS if hasattr(request, "nomination") else STEP_FIELDS
        with _named(fields), self.house.database.write() as session:

            def answer() -> nomination_pb2.Nomination:
                nomination = act(session)
                session.flush()
                name, detail = f"nominations/{nomination.id}", {"state": str(nomination.state.name)}
                self.house.audit.append(session, entry_of(call, action, name, "done", {**detail}))
                return _to_wire(session, nomination)[0]

            caller = (call.principal.subject, call.method)
            return self.house.requests.once(
                session, caller, request.request_id, request, nomination_pb2.Nomination, answer
            )

    def _facts(self, session: Session, given: nomination_pb2.Nomination) -> tuple[NominationFacts, str]:
        if bool(given.person) == bool(given.team):
            raise InvalidArgument.field(
                "nomination.person",
                "ONE_NOMINEE",
                "请填写人才或团队，二者选一",
                "name either a person or a team",
            )
        nominee: Any
        if given.person:
            nominee = self.nominations.person_named(session, id_of(given.person, "persons", field="person"))
            subject, person_id, team_id = nominee.id, nominee.id, None
        else:
            nominee = self.nominations.team_named(session, id_of(given.team, "teams", field="team"))
            subject, person_id, team_id = nominee.lead, None, nominee.id
        facts = NominationFacts(
            programme=given.programme_code,
            year=given.year,
            subject=subject,
            person_id=person_id,
            team_id=team_id,
            city=nominee.city,
            industry=given.industry_code,
            unit=given.nominating_unit,
            reason=given.reason,
        )
        return facts, nominee.origin


def _to_wire(session: Session, *nominations: Nomination) -> list[nomination_pb2.Nomination]:
    """Nominations with their nominees as the people they are shown as."""
    shown_as = repository.people_of(session, [each.person_id for each in nominations if each.person_id])
    return [nomination_to_wire(each, shown_as) for each in nominations]


@contextmanager
def _named(fields: dict[str, str], prefix: str = "") -> Iterator[None]:
    """Name the domain's fields as the request names them."""
    try:
        yield
    except BoleError as error:
        if not error.violations:
            raise
        names = {each.field: fields.get(each.field, prefix + each.field) for each in error.violations}
        raise error.renamed(names) from None
