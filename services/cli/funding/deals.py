"""`bole deal actions|history|move`: what can be done with a deal, what was done, and taking a step."""

from typing import Any
from uuid import uuid4

from bole.funding.v1 import deal_action_pb2, deal_pb2, deal_service_pb2_grpc
from bole.funding.v1 import deal_service_pb2 as service
from services.cli.answers import wording
from services.cli.answers.columns import Column, tick
from services.cli.funding import dossiers, moves
from services.cli.session import Session
from services.kernel.text import Text

TIMEOUT_SECONDS = 30.0
ACTION_COLUMNS = (
    Column("action", Text("操作", "action")),
    Column("title", Text("含义", "meaning")),
    Column("permitted", Text("可执行", "may do"), show=tick),
    Column("reasons", Text("不能执行的原因", "why not"), wraps=True),
    Column("missing", Text("缺少材料", "missing evidence"), wraps=True),
    Column("role_titles", Text("角色", "roles"), wraps=True),
)
_STEP_COLUMNS = (
    Column("sequence", Text("序号", "no."), right=True),
    Column("title", Text("操作", "action")),
    Column("action", Text("代码", "code")),
    Column("from", Text("从", "from")),
    Column("to", Text("到", "to")),
    Column("actor", Text("经办", "by")),
    Column("time", Text("时间", "time")),
    Column("reason", Text("原因", "why"), wraps=True),
    Column("evidence", Text("材料", "evidence"), wraps=True),
)


def stub(session: Session) -> deal_service_pb2_grpc.DealServiceStub:
    """The deal service."""
    return deal_service_pb2_grpc.DealServiceStub(session.channel("funding"))


def get(session: Session, name: str) -> deal_pb2.Deal:
    """One deal."""
    return stub(session).GetDeal(service.GetDealRequest(name=name), timeout=TIMEOUT_SECONDS)


def show_actions(session: Session, name: str) -> None:
    """Every action, permitted or not, and who may do it."""
    deal = get(session, name)
    answer = stub(session).ListDealActions(service.ListDealActionsRequest(name=name), timeout=TIMEOUT_SECONDS)
    origin = wording.origin(deal.origin)
    rows = [{**action_row(each, session), "origin": origin} for each in answer.actions]
    state = deal_pb2.Deal.State.Name(deal.state)
    title = Text(
        f"{name}（{wording.deal_state(state, 'zh')}）可做什么",
        f"what can be done with {name} ({wording.deal_state(state, 'en')})",
    )
    session.output.rows(title, ACTION_COLUMNS, rows)


def action_row(action: deal_action_pb2.DealAction, session: Session) -> dict[str, Any]:
    """One action as a row of `ACTION_COLUMNS`."""
    return {
        "action": action.action,
        "title": wording.say(action.title, session.language),
        "permitted": action.permitted,
        "reasons": [wording.say(each, session.language) for each in action.reasons],
        "missing": list(action.missing_evidence),
        "roles": list(action.roles),
        "role_titles": [wording.say(each, session.language) for each in action.role_titles],
    }


def show_history(session: Session, name: str) -> None:
    """The steps so far, oldest first."""
    deal = get(session, name)
    answer = stub(session).ListDealTransitions(
        service.ListDealTransitionsRequest(name=name), timeout=TIMEOUT_SECONDS
    )
    origin = wording.origin(deal.origin)
    rows = [{**_step(each, session), "origin": origin} for each in answer.transitions]
    session.output.rows(Text(f"{name} 办理过程", f"history of {name}"), _STEP_COLUMNS, rows)


def _step(step: Any, session: Session) -> dict[str, Any]:
    state = deal_pb2.Deal.State
    return {
        "sequence": step.sequence,
        "action": step.action,
        "title": wording.say(step.action_title, session.language),
        "from": wording.deal_state(state.Name(step.from_state), session.language),
        "to": wording.deal_state(state.Name(step.to_state), session.language),
        "actor": step.actor,
        "time": wording.minute(step.transition_time),
        "reason": step.reason,
        "evidence": [
            f"{wording.say(each.kind_title, session.language)} {each.title}" for each in step.evidence
        ],
    }


def move(
    session: Session, name: str, action: str, reason: str, evidence: list[str], *, check_only: bool
) -> None:
    """Take one step, by its action code; for the form of `action` see `moves.parse_move`."""
    step = moves.parse_move(action)
    registered = dossiers.register_of(session, name, evidence)
    request = moves.request_of(
        step, name, get(session, name).etag, reason, evidence, check_only=check_only, registered=registered
    )
    moved = getattr(stub(session), step.rpc)(request, timeout=TIMEOUT_SECONDS)
    state = deal_pb2.Deal.State.Name(moved.state)
    zh, en = (
        ("检查通过，未执行；执行后为", "checked, not done; it would be") if check_only else ("现为", "is now")
    )
    session.output.say(
        Text(
            f"{name} {zh} {wording.deal_state(state, 'zh')}", f"{name} {en} {wording.deal_state(state, 'en')}"
        )
    )


def reopen(session: Session, name: str, reason: str) -> None:
    """A new lead on the terms of a deal that ended unpaid."""
    request = service.ReopenDealRequest(
        name=name, etag=get(session, name).etag, reason=reason, request_id=str(uuid4())
    )
    made = stub(session).ReopenDeal(request, timeout=TIMEOUT_SECONDS)
    session.output.say(Text(f"已重启为 {made.name}", f"taken up again as {made.name}"))
