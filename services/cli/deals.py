"""`bole deal …`: screening, what can be done, what was done, and taking a step."""

from typing import Any

from bole.funding.v1 import deal_action_pb2, deal_service_pb2_grpc
from bole.funding.v1 import deal_service_pb2 as service
from services.cli import moves, screening, wording
from services.cli.output import Column
from services.cli.session import Session
from services.kernel.errors import InvalidArgument
from services.kernel.text import Text

_FACETS = ("state", "industry_code", "blocking")
_ACTION_COLUMNS = (
    Column("action", Text("操作", "action")),
    Column("title", Text("含义", "meaning")),
    Column("permitted", Text("可执行", "permitted")),
    Column("reasons", Text("原因", "why not")),
    Column("missing", Text("缺少材料", "missing evidence")),
)
_STEP_COLUMNS = (
    Column("sequence", Text("序号", "no."), right=True),
    Column("action", Text("操作", "action")),
    Column("from", Text("从", "from")),
    Column("to", Text("到", "to")),
    Column("actor", Text("经办", "by")),
    Column("time", Text("时间", "time")),
)


def stub(session: Session) -> deal_service_pb2_grpc.DealServiceStub:
    """The deal service."""
    return deal_service_pb2_grpc.DealServiceStub(session.channel("funding"))


def show_screening(session: Session, fund: str, filter_: str, order_by: str, limit: int) -> None:
    """One fund's deals by its rules; without a fund, the one with the most deals."""
    name = fund or _busiest(session)
    answer = screening.screen(session, name, filter_, order_by, limit, _FACETS)
    total = screening.amount(answer.total_ticket, session.language)
    screening.show(
        session,
        list(answer.deals),
        Text(
            f"{name}：{answer.total_size} 个项目，合计 {total}", f"{name}: {answer.total_size} deals, {total}"
        ),
    )
    for facet in answer.facets:
        shown = " · ".join(f"{each.value or '—'} {each.count}" for each in facet.values)
        session.output.say(Text(f"{facet.field}: {shown}", f"{facet.field}: {shown}"), style="dim")


def _busiest(session: Session) -> str:
    sizes = [
        (screening.screen(session, each.name, limit=1).total_size, each.name)
        for each in screening.list_funds(session)
    ]
    if not sizes:
        raise InvalidArgument.field(
            "--fund", "NO_FUND", "还没有基金，请先导入", "there is no fund; import one first"
        )
    return max(sizes)[1]


def show_actions(session: Session, name: str) -> None:
    """Every action, permitted or not."""
    answer = stub(session).ListDealActions(service.ListDealActionsRequest(name=name))
    rows = [_action(each, session) for each in answer.actions]
    session.output.rows(Text(f"{name} 可做什么", f"what can be done with {name}"), _ACTION_COLUMNS, rows)


def _action(action: deal_action_pb2.DealAction, session: Session) -> dict[str, Any]:
    zh = session.language == "zh"
    return {
        "action": action.action,
        "title": action.title.zh if zh else action.title.en,
        "permitted": "✓" if action.permitted else "✗",
        "reasons": "\n".join(each.zh if zh else each.en for each in action.reasons),
        "missing": "\n".join(action.missing_evidence),
    }


def show_history(session: Session, name: str) -> None:
    """The steps so far."""
    answer = stub(session).ListDealTransitions(service.ListDealTransitionsRequest(name=name))
    state = (
        type(answer.transitions[0]).DESCRIPTOR.fields_by_name["to_state"].enum_type
        if answer.transitions
        else None
    )
    rows = [
        {
            "sequence": each.sequence,
            "action": each.action,
            "from": wording.deal_state(state.values_by_number[each.from_state].name, session.language),
            "to": wording.deal_state(state.values_by_number[each.to_state].name, session.language),
            "actor": each.actor,
            "time": each.transition_time.ToJsonString(),
        }
        for each in answer.transitions
        if state is not None
    ]
    session.output.rows(Text(f"{name} 办理过程", f"history of {name}"), _STEP_COLUMNS, rows)


def move(
    session: Session, name: str, action: str, reason: str, evidence: list[str], *, check_only: bool
) -> None:
    """Take one step, by its action code; for the form of `action` see `moves.parse_move`."""
    step = moves.parse_move(action)
    deal = stub(session).GetDeal(service.GetDealRequest(name=name))
    request = moves.request_of(step, name, deal.etag, reason, evidence, check_only=check_only)
    moved = getattr(stub(session), step.rpc)(request)
    state = wording.deal_state(type(moved).State.Name(moved.state), session.language)
    done = (
        Text("检查通过，未执行；将为", "checked, not done; it would be")
        if check_only
        else Text("现为", "now")
    )
    session.output.say(Text(f"{name} {done.zh} {state}", f"{name} {done.en} {state}"))
