"""`bole approval export|erase|undo|list`: acts on people, confirmed by a second person beforehand."""

from typing import Any
from uuid import uuid4

from bole.talent.v1 import act_approval_service_pb2 as wire
from bole.talent.v1 import act_approval_service_pb2_grpc
from services.cli.answers import wording
from services.cli.answers.columns import Column
from services.cli.session import Session
from services.kernel.text import Text
from services.wording import acts
from services.wording.library import APPROVAL_STATES

TIMEOUT_SECONDS = 30.0
_COLUMNS = (
    Column("time", Text("时间", "time")),
    Column("approver", Text("复核人", "by")),
    Column("account", Text("可执行账号", "who may act")),
    Column("what", Text("操作", "act"), wraps=True),
    Column("purpose", Text("用途", "purpose"), show=wording.purpose),
    Column("people", Text("至多人数", "at most"), right=True),
    Column("until", Text("有效至", "until")),
    Column("state", Text("状态", "state"), show=lambda value, language: APPROVAL_STATES[value].to(language)),
    Column("used", Text("已用于", "used for"), whole=True),
    Column("reason", Text("理由", "why"), wraps=True),
)


def stub(session: Session) -> act_approval_service_pb2_grpc.ActApprovalServiceStub:
    """The service."""
    return act_approval_service_pb2_grpc.ActApprovalServiceStub(session.channel("talent"))


def approve_export(
    session: Session, account: str, sheet: str, purpose: str, filter_: str, people: int, reason: str
) -> None:
    """Confirm an export of at most so many people."""
    _approve(
        session,
        account,
        act=wire.PERSON_ACT_EXPORT,
        sheet=sheet,
        purpose=purpose,
        filter=filter_,
        max_people=people,
        reason=reason,
    )


def approve_erasure(session: Session, account: str, name: str, reason: str) -> None:
    """Confirm an erasure."""
    _approve(session, account, act=wire.PERSON_ACT_ERASE, person=name, reason=reason)


def approve_undo(session: Session, account: str, name: str, reason: str) -> None:
    """Confirm that an import is undone."""
    _approve(session, account, act=wire.PERSON_ACT_UNDO, batch=name, reason=reason)


def show(session: Session, account: str) -> None:
    """What was confirmed, newest first."""
    request = wire.ListActApprovalsRequest(account=account)
    found = stub(session).ListActApprovals(request, timeout=TIMEOUT_SECONDS).approvals
    title = Text(f"复核 {len(found)} 项", f"approvals: {len(found)}")
    session.output.rows(title, _COLUMNS, [_row(each, session) for each in found])


def _approve(session: Session, account: str, **given: Any) -> None:
    request = wire.ApproveActRequest(account=account, request_id=str(uuid4()), **given)
    made = stub(session).ApproveAct(request, timeout=TIMEOUT_SECONDS)
    until = wording.minute(made.expire_time)
    session.output.say(
        Text(
            f"{made.name}：{account} 可在 {until} 前执行一次",
            f"{made.name}: {account} may do it once until {until}",
        )
    )


def _row(each: wire.ActApproval, session: Session) -> dict[str, Any]:
    return {
        "time": wording.minute(each.approve_time),
        "approver": each.approver,
        "account": each.account,
        "what": acts.said(each).to(session.language),
        "purpose": each.purpose,
        "people": each.max_people or "",
        "until": wording.minute(each.expire_time),
        "state": wire.ActApproval.State.Name(each.state).removeprefix("STATE_"),
        "used": each.used_for,
        "reason": each.reason,
        "name": each.name,
    }
