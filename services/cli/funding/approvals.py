"""`bole amount …`: amounts over the sanity caps, confirmed by a second person."""

from uuid import uuid4

from bole.funding.v1 import amount_approval_service_pb2 as wire
from bole.funding.v1 import amount_approval_service_pb2_grpc
from services.chassis.rpc.wire import money_from_wire, money_to_wire
from services.cli.answers import wording
from services.cli.answers.columns import Column
from services.cli.session import Session
from services.kernel.money import parse_amount
from services.kernel.text import Text

TIMEOUT_SECONDS = 30.0
_COLUMNS = (
    Column("time", Text("时间", "time")),
    Column("approver", Text("复核人", "by")),
    Column("column", Text("金额列", "column")),
    Column("amount", Text("金额", "amount"), right=True),
    Column("reason", Text("理由", "why"), wraps=True),
    Column("name", Text("编号", "resource"), whole=True),
)


def stub(session: Session) -> amount_approval_service_pb2_grpc.AmountApprovalServiceStub:
    """The service."""
    return amount_approval_service_pb2_grpc.AmountApprovalServiceStub(session.channel("funding"))


def approve(session: Session, subject: str, column: str, amount: str, reason: str) -> None:
    """Confirm an amount, which is echoed back."""
    money = parse_amount(amount, field="amount")
    request = wire.ApproveAmountRequest(
        subject=subject,
        column=column,
        amount=money_to_wire(money),
        reason=reason,
        request_id=str(uuid4()),
    )
    made = stub(session).ApproveAmount(request, timeout=TIMEOUT_SECONDS)
    session.output.say(
        Text(
            f"{made.name}：{subject} 的 {column} {money.display_zh()}（{money.fen} 分）已复核",
            f"{made.name}: {column} of {subject}, {money.display_en()} ({money.fen} fen), is confirmed",
        )
    )


def show(session: Session, subject: str) -> None:
    """What was confirmed of a record."""
    request = wire.ListAmountApprovalsRequest(subject=subject)
    found = stub(session).ListAmountApprovals(request, timeout=TIMEOUT_SECONDS).approvals
    rows = [
        {
            "time": wording.minute(each.approve_time),
            "approver": each.approver,
            "column": each.column,
            "amount": money_from_wire(each.amount).display_zh(),
            "reason": each.reason,
            "name": each.name,
        }
        for each in found
    ]
    session.output.rows(Text(f"{subject} 的金额复核", f"amounts confirmed of {subject}"), _COLUMNS, rows)
