"""ActApprovalService: the second person's word for large exports and for erasures of the office's own accord."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_
from sqlalchemy.orm import Session

from bole.talent.v1 import act_approval_service_pb2 as wire
from bole.talent.v1 import act_approval_service_pb2_grpc
from services.chassis import policy
from services.chassis.house import House
from services.chassis.rpc.call import Call, current_call
from services.chassis.rpc.wire import instant_to_wire
from services.kernel.errors import InvalidArgument
from services.talent.domain.four_eyes import Act, Approval, Intent
from services.talent.domain.wordless import without_people
from services.talent.rpc.changing import changed_once
from services.talent.rpc.wire import id_of
from services.talent.service.approving import Approving
from services.talent.service.people import People
from services.talent.store import approvals as store
from services.talent.store.schema import act_approval as table

_APPROVERS = ("talent_officer", "supervisor")
_READERS = (*_APPROVERS, "auditor")
_FIELDS = {"people": "max_people"}
_OF_EXPORTS = ("sheet", "purpose", "filter", "max_people")


@dataclass(frozen=True)
class ActApprovalRoom(act_approval_service_pb2_grpc.ActApprovalServiceServicer):
    """The servicer."""

    house: House
    people: People
    approving: Approving

    def ApproveAct(self, request: wire.ApproveActRequest, context: Any) -> wire.ActApproval:
        """Confirm what another account is about to do."""
        call = current_call()
        approve = self._approve_erasure if request.act == wire.PERSON_ACT_ERASE else self._approve_export
        return changed_once(
            self.house,
            call,
            "approve",
            request,
            wire.ActApproval,
            lambda session: approve(session, call, request),
            approval_to_wire,
            _FIELDS,
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
        return wire.ListActApprovalsResponse(approvals=[approval_to_wire(each) for each in found])

    def _approve_export(self, session: Session, call: Call, request: wire.ApproveActRequest) -> Approval:
        if request.person:
            raise _misplaced("person", "彻底删除", "an erasure")
        if request.purpose and request.purpose not in policy.PURPOSES:
            known = ", ".join(sorted(policy.PURPOSES))
            raise InvalidArgument.field(
                "purpose",
                "UNKNOWN_PURPOSE",
                f"未知的使用目的，可选：{known}",
                f"unknown purpose; one of: {known}",
            )
        policy.require_city(call.principal, _APPROVERS, "", call.arrived)
        intent = Intent(
            account=request.account.strip(),
            act=Act.EXPORT,
            sheet=request.sheet,
            purpose=request.purpose,
            filter=request.filter.strip(),
            people=request.max_people,
        )
        return self.approving.approve(session, intent, request.reason, call.principal.subject)

    def _approve_erasure(self, session: Session, call: Call, request: wire.ApproveActRequest) -> Approval:
        for field in _OF_EXPORTS:
            if getattr(request, field):
                raise _misplaced(field, "导出", "an export")
        person = self.people.get(session, id_of(request.person, "persons", field="person"))
        policy.require_city(call.principal, _APPROVERS, person.city, call.arrived)
        self.approving.require_needed(session, person, request.account.strip())
        reason = without_people(request.reason, (person.name, *(each.text for each in person.other_names)))
        intent = Intent(account=request.account.strip(), act=Act.ERASE, person=person.id)
        return self.approving.approve(session, intent, reason, call.principal.subject)


def approval_to_wire(approval: Approval) -> wire.ActApproval:
    """One approval."""
    intent = approval.intent
    return wire.ActApproval(
        name=f"actApprovals/{approval.id}",
        account=intent.account,
        act=f"PERSON_ACT_{intent.act}",
        sheet=intent.sheet,
        purpose=intent.purpose,
        filter=intent.filter,
        max_people=intent.people,
        person=f"persons/{intent.person}" if intent.person else "",
        reason=approval.reason,
        approver=approval.approved_by,
        approve_time=instant_to_wire(approval.approved_at),
        expire_time=instant_to_wire(approval.expires_at),
        used_for=approval.used_for,
    )


def _misplaced(field: str, zh: str, en: str) -> InvalidArgument:
    return InvalidArgument.field(
        field,
        "MISPLACED",
        f"只在复核{zh}时填写，请留空",
        f"is for the approval of {en} alone; leave it empty",
    )
