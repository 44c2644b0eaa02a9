"""AmountApprovalService: the second person's word on amounts above the sanity caps.

Amounts of a fund and of its deals are the business of who is granted the fund; those of firms are shared as their
records are. Of what is not on record yet, a caller sees their own word, and who is granted the province everybody's.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bole.funding.v1 import amount_approval_service_pb2 as wire
from bole.funding.v1 import amount_approval_service_pb2_grpc
from services.chassis import policy
from services.chassis.audit.reveals import entry_of
from services.chassis.house import House
from services.chassis.rpc.call import Call, current_call
from services.chassis.rpc.wire import instant_to_wire
from services.funding.domain.findings import normal
from services.funding.domain.fund.caps import AmountApproval
from services.funding.rpc.funds.amounts import fen_of, yuan
from services.funding.rpc.seeing import Sight, denied
from services.funding.service.deals import deal_rows
from services.funding.service.firms import firms
from services.funding.service.funds import fund_rows
from services.funding.service.funds.caps import Caps, fund_of
from services.funding.store.funds import caps as store
from services.kernel.errors import InvalidArgument

APPROVERS = ("fund_manager", "supervisor")
COLUMNS = (*firms.STATED, *fund_rows.AMOUNTS, *deal_rows.AMOUNTS)


@dataclass(frozen=True)
class AmountApprovalRoom(amount_approval_service_pb2_grpc.AmountApprovalServiceServicer):
    """The servicer."""

    house: House
    caps: Caps

    def ApproveAmount(self, request: wire.ApproveAmountRequest, context: Any) -> wire.AmountApproval:
        """Confirm an amount."""
        call = current_call()
        if request.column not in COLUMNS:
            listed = ", ".join(COLUMNS)
            raise InvalidArgument.field(
                "column",
                "UNKNOWN_COLUMN",
                f"没有金额列 {request.column}，可选：{listed}",
                f"no column of amounts {request.column!r}; use {listed}",
            )
        with self.house.database.write() as session:

            def act() -> wire.AmountApproval:
                return self._approve(session, call, request)

            caller = (call.principal.subject, call.method)
            return self.house.requests.once(
                session, caller, request.request_id, request, wire.AmountApproval, act
            )

    def ListAmountApprovals(
        self, request: wire.ListAmountApprovalsRequest, context: Any
    ) -> wire.ListAmountApprovalsResponse:
        """What was confirmed of a record."""
        subject = normal(request.subject)
        with self.house.database.read() as session:
            found = _shown(session, current_call(), subject)
        return wire.ListAmountApprovalsResponse(approvals=[approval_to_wire(each) for each in found])

    def _approve(
        self, session: Session, call: Call, request: wire.ApproveAmountRequest
    ) -> wire.AmountApproval:
        fen, actor = fen_of(request, "amount", "") or 0, call.principal.subject
        fund = fund_of(session, normal(request.subject))
        if fund is not None:
            policy.require_reach(call.principal.reach(APPROVERS, call.arrived), fund.city, fund=fund.id)
        made = self.caps.approve(session, request.subject, request.column, fen, request.reason, actor)
        answer = approval_to_wire(made)
        self.house.audit.append(session, entry_of(call, "approve-amount", answer.name, "done", {}))
        return answer


def _shown(session: Session, call: Call, subject: str) -> list[AmountApproval]:
    """What the caller may see of the approvals of a record. Raises PermissionDenied, and what `fund_of` raises."""
    sight, fund = Sight.of(call), fund_of(session, subject)
    if fund is not None and not sight.knows(fund):
        raise denied()
    found = list(store.of_subject(session, subject))
    if fund is not None or subject.startswith("firm:") or sight.everywhere:
        return found
    own = [each for each in found if each.approved_by == call.principal.subject]
    if not own:
        raise denied()
    return own


def approval_to_wire(approval: AmountApproval) -> wire.AmountApproval:
    """One approval."""
    return wire.AmountApproval(
        name=f"amountApprovals/{approval.id}",
        subject=approval.subject,
        column=approval.field,
        amount=yuan(approval.fen),
        reason=approval.reason,
        approver=approval.approved_by,
        approve_time=instant_to_wire(approval.approved_at),
    )
