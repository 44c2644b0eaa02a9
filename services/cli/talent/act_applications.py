"""`bole approval ask|waiting|answer`: asking for a second person's word, and answering."""

from typing import Any
from uuid import uuid4

from bole.talent.v1 import act_application_service_pb2 as wire
from bole.talent.v1 import act_application_service_pb2_grpc, act_approval_service_pb2
from services.cli.answers import wording
from services.cli.answers.columns import Column
from services.cli.session import Session
from services.kernel.text import Text
from services.wording import acts
from services.wording.library import APPLICATION_STATES

TIMEOUT_SECONDS = 30.0
_COLUMNS = (
    Column("time", Text("申请时间", "asked")),
    Column("account", Text("申请人", "by")),
    Column("what", Text("操作", "act"), wraps=True),
    Column("purpose", Text("用途", "purpose"), show=wording.purpose),
    Column("people", Text("至多人数", "at most"), right=True),
    Column("reason", Text("理由", "why"), wraps=True),
    Column(
        "state", Text("状态", "state"), show=lambda value, language: APPLICATION_STATES[value].to(language)
    ),
    Column("answer", Text("答复", "answer"), wraps=True),
    Column("name", Text("编号", "number"), whole=True),
)
_VERDICTS = {"approve": wire.ACT_VERDICT_APPROVE, "refuse": wire.ACT_VERDICT_REFUSE}


def ask_export(session: Session, sheet: str, purpose: str, filter_: str, people: int, reason: str) -> None:
    """Ask for an export of at most so many people."""
    given = {"sheet": sheet, "purpose": purpose, "filter": filter_, "max_people": people}
    _ask(session, act=act_approval_service_pb2.PERSON_ACT_EXPORT, reason=reason, **given)


def ask_erasure(session: Session, name: str, reason: str) -> None:
    """Ask for an erasure."""
    _ask(session, act=act_approval_service_pb2.PERSON_ACT_ERASE, person=name, reason=reason)


def ask_undo(session: Session, name: str, reason: str) -> None:
    """Ask for the undoing of an import."""
    _ask(session, act=act_approval_service_pb2.PERSON_ACT_UNDO, batch=name, reason=reason)


def show(session: Session, *, everything: bool) -> None:
    """What waits for an answer, or all there is, newest first."""
    request = wire.ListActApplicationsRequest(open=not everything)
    found = _stub(session).ListActApplications(request, timeout=TIMEOUT_SECONDS).applications
    title = Text(f"复核申请 {len(found)} 项", f"applications: {len(found)}")
    session.output.rows(title, _COLUMNS, [_row(each, session) for each in found])


def answer(session: Session, name: str, verdict: str, reason: str) -> None:
    """Approve or refuse."""
    request = wire.AnswerActApplicationRequest(
        name=name, verdict=_VERDICTS[verdict], reason=reason, request_id=str(uuid4())
    )
    made = _stub(session).AnswerActApplication(request, timeout=TIMEOUT_SECONDS)
    session.output.say(
        Text(
            f"已同意：{made.account} 可在 7 天内执行一次"
            if made.approval
            else f"已拒绝 {made.account} 的申请",
            f"approved: {made.account} may do it once within 7 days"
            if made.approval
            else f"refused what {made.account} asked for",
        )
    )


def _ask(session: Session, **given: Any) -> None:
    request = wire.CreateActApplicationRequest(request_id=str(uuid4()), **given)
    made = _stub(session).CreateActApplication(request, timeout=TIMEOUT_SECONDS)
    until = wording.minute(made.expire_time)
    session.output.say(
        Text(
            f"{made.name}：等待另一人在 {until} 前复核（bole approval waiting）",
            f"{made.name}: waits for somebody else until {until} (bole approval waiting)",
        )
    )


def _stub(session: Session) -> act_application_service_pb2_grpc.ActApplicationServiceStub:
    return act_application_service_pb2_grpc.ActApplicationServiceStub(session.channel("talent"))


def _row(each: wire.ActApplication, session: Session) -> dict[str, Any]:
    return {
        "time": wording.minute(each.ask_time),
        "account": each.account,
        "what": acts.said(each).to(session.language),
        "purpose": each.purpose,
        "people": each.max_people or "",
        "reason": each.reason,
        "state": wire.ActApplication.State.Name(each.state).removeprefix("STATE_"),
        "answer": " ".join(filter(None, (each.answerer, each.answer_reason, _after(each, session)))),
        "name": each.name,
    }


def _after(each: wire.ActApplication, session: Session) -> str:
    """Until when it may be done once it is approved, or why nothing comes of it any more."""
    if each.HasField("over_reason"):
        over = wording.say(each.over_reason, session.language)
        return Text(f"（{over}）", f"({over})").to(session.language)
    if each.approval_state != act_approval_service_pb2.ActApproval.STATE_STANDING:
        return ""
    until = wording.minute(each.approval_expire_time)
    return Text(f"（有效至 {until}）", f"(counts until {until})").to(session.language)
