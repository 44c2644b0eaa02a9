"""ActApplicationService: somebody asks for a second person's word, and a second person answers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_
from sqlalchemy.orm import Session

from bole.talent.v1 import act_application_service_pb2 as wire
from bole.talent.v1 import act_application_service_pb2_grpc
from services.chassis import policy
from services.chassis.house import House
from services.chassis.rpc.call import Call, current_call
from services.chassis.rpc.wire import instant_to_wire, text_to_wire
from services.kernel.errors import BoleError, InvalidArgument, NotFound
from services.kernel.text import Text
from services.talent.domain.privacy.application import Application, Verdict
from services.talent.domain.privacy.four_eyes import Approval
from services.talent.rpc.changing import changed_once
from services.talent.rpc.files.importing import READERS as IMPORT_READERS
from services.talent.rpc.positions.intents import APPROVERS, FIELDS, Intents, told
from services.talent.rpc.wire import id_of
from services.talent.store.privacy import applications as store
from services.talent.store.schema import act_application as table

_READERS = (*APPROVERS, "auditor")
_OFFICE = ("talent_officer",)
_SERVICE = wire.DESCRIPTOR.services_by_name["ActApplicationService"]


@dataclass(frozen=True)
class ActApplicationRoom(act_application_service_pb2_grpc.ActApplicationServiceServicer):
    """The servicer."""

    house: House
    intents: Intents

    def CreateActApplication(
        self, request: wire.CreateActApplicationRequest, context: Any
    ) -> wire.ActApplication:
        """Ask for what the caller is about to do."""
        call = current_call()
        everywhere = call.principal.cities(IMPORT_READERS, call.arrived) is None

        def ask(session: Session) -> Application:
            creator = None if everywhere else call.principal.subject
            meant = self.intents.read(session, request, call.principal.subject, creator)
            if meant.city:
                policy.require_city(call.principal, _OFFICE, meant.city, call.arrived)
            return self.intents.approving.ask(session, meant.intent, meant.reason)

        return self._once(call, "ask-approval", request, ask)

    def ListActApplications(
        self, request: wire.ListActApplicationsRequest, context: Any
    ) -> wire.ListActApplicationsResponse:
        """Applications, newest first."""
        call, conditions = current_call(), []
        cities = call.principal.cities(_READERS, call.arrived)
        if cities is not None:
            mine = table.c.account == call.principal.subject
            conditions.append(or_(mine, store.answered_by(cities)))
        if request.open:
            conditions.append(store.open_at(call.arrived))
        if request.person:
            conditions.append(table.c.person == id_of(request.person, "persons", field="person"))
        with self.house.database.read() as session:
            found = store.listed(session, *conditions)
        return wire.ListActApplicationsResponse(applications=[_to_wire(each, call) for each in found])

    def AnswerActApplication(
        self, request: wire.AnswerActApplicationRequest, context: Any
    ) -> wire.ActApplication:
        """Approve or refuse it."""
        call = current_call()

        def answer(session: Session) -> Application:
            found = store.get(session, id_of(request.name, "actApplications"), lock=True)
            if found is None:
                raise NotFound.resource(request.name)
            verdict, by = _verdict(request.verdict), call.principal.subject
            _require_reach(found, verdict, call)
            found.require_answerable(verdict, by, call.arrived)
            reason = self.intents.kept(session, found.intent, request.reason)
            return self.intents.approving.answer(session, found, verdict, reason, by)

        action = "refuse" if request.verdict == wire.ACT_VERDICT_REFUSE else "approve"
        return self._once(call, action, request, answer)

    def _once(
        self, call: Call, action: str, request: Any, act: Callable[[Session], Application]
    ) -> wire.ActApplication:
        return changed_once(
            self.house,
            call,
            action,
            request,
            wire.ActApplication,
            act,
            lambda made: _to_wire(made, call),
            FIELDS,
        )


def _verdict(given: wire.ActVerdict) -> Verdict:
    if given not in (wire.ACT_VERDICT_APPROVE, wire.ACT_VERDICT_REFUSE):
        raise InvalidArgument.field(
            "verdict", "REQUIRED", "请选择同意或拒绝", "choose to approve or to refuse"
        )
    return Verdict(wire.ActVerdict.Name(given).removeprefix("ACT_VERDICT_"))


def _require_reach(application: Application, verdict: Verdict, call: Call) -> None:
    """Who asked may take it back; else whoever keeps the person, or the province. Raises PermissionDenied."""
    if verdict is Verdict.REFUSE and application.intent.account == call.principal.subject:
        return
    policy.require_city(call.principal, APPROVERS, application.city, call.arrived)


def _to_wire(application: Application, call: Call) -> wire.ActApplication:
    """One application, with what the caller may answer."""
    answer, over = application.answer, application.over(call.arrived)
    made = wire.ActApplication(
        name=application.name,
        **told(application.intent),
        reason=application.reason,
        ask_time=instant_to_wire(application.asked_at),
        expire_time=instant_to_wire(application.expires_at),
        state=f"STATE_{application.state(call.arrived)}",
        over_reason=None if over is None else text_to_wire(over),
        **_given(answer.approval, call) if answer and answer.approval else {},
    )
    if answer is not None:
        made.answerer, made.answer_reason = answer.by, answer.reason
        made.answer_time.CopyFrom(instant_to_wire(answer.at))
    for verdict in Verdict:
        why = _why_not(application, verdict, call)
        made.options.add(verdict=f"ACT_VERDICT_{verdict}", reason=None if why is None else text_to_wire(why))
    return made


def _given(approval: Approval, call: Call) -> dict[str, Any]:
    """The fields that tell of an approval."""
    return {
        "approval": f"actApprovals/{approval.id}",
        "approval_state": f"STATE_{approval.state(call.arrived)}",
        "approval_expire_time": instant_to_wire(approval.expires_at),
    }


def _why_not(application: Application, verdict: Verdict, call: Call) -> Text | None:
    """What the caller would be told; None if it could be answered so."""
    method = _SERVICE.methods_by_name["AnswerActApplication"]
    try:
        application.require_answerable(verdict, call.principal.subject, call.arrived)
        policy.require_call(call.principal, method, call.arrived)
        _require_reach(application, verdict, call)
    except BoleError as refusal:
        return refusal.text
    return None
