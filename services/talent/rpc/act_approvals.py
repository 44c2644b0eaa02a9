"""ActApprovalService: the second person's word for acts on people that nobody does alone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_
from sqlalchemy.orm import Session

from bole.talent.v1 import act_approval_service_pb2 as wire
from bole.talent.v1 import act_approval_service_pb2_grpc
from services.chassis import policy
from services.chassis.house import House
from services.chassis.rpc.call import current_call
from services.chassis.rpc.wire import instant_to_wire, text_to_wire
from services.talent.domain.privacy.four_eyes import Approval
from services.talent.rpc.changing import changed_once
from services.talent.rpc.positions.intents import APPROVERS, FIELDS, Intents, told
from services.talent.rpc.wire import id_of
from services.talent.store.privacy import approvals as store
from services.talent.store.schema import act_approval as table

_READERS = (*APPROVERS, "auditor")


@dataclass(frozen=True)
class ActApprovalRoom(act_approval_service_pb2_grpc.ActApprovalServiceServicer):
    """The servicer."""

    house: House
    intents: Intents

    def ApproveAct(self, request: wire.ApproveActRequest, context: Any) -> wire.ActApproval:
        """Confirm what another account is about to do."""
        call = current_call()

        def approve(session: Session) -> Approval:
            meant = self.intents.read(session, request, request.account.strip(), None)
            policy.require_city(call.principal, APPROVERS, meant.city, call.arrived)
            return self.intents.approving.approve(session, meant.intent, meant.reason, call.principal.subject)

        return changed_once(
            self.house,
            call,
            "approve",
            request,
            wire.ActApproval,
            approve,
            lambda made: approval_to_wire(made, call.arrived),
            FIELDS,
        )

    def ListActApprovals(
        self, request: wire.ListActApprovalsRequest, context: Any
    ) -> wire.ListActApprovalsResponse:
        """Approvals, newest first."""
        call, conditions = current_call(), []
        if call.principal.cities(_READERS, call.arrived) is not None:
            mine = call.principal.subject
            conditions.append(or_(table.c.account == mine, table.c.approved_by == mine))
        if request.account:
            conditions.append(table.c.account == request.account)
        if request.person:
            conditions.append(table.c.person == id_of(request.person, "persons", field="person"))
        with self.house.database.read() as session:
            found = store.listed(session, *conditions)
        return wire.ListActApprovalsResponse(
            approvals=[approval_to_wire(each, call.arrived) for each in found]
        )


def approval_to_wire(approval: Approval, now: datetime) -> wire.ActApproval:
    """One approval, as it stands now."""
    over = approval.over(now)
    return wire.ActApproval(
        name=f"actApprovals/{approval.id}",
        **told(approval.intent),
        reason=approval.reason,
        approver=approval.approved_by,
        approve_time=instant_to_wire(approval.approved_at),
        expire_time=instant_to_wire(approval.expires_at),
        used_for=approval.used_for,
        state=f"STATE_{approval.state(now)}",
        over_reason=None if over is None else text_to_wire(over),
    )
