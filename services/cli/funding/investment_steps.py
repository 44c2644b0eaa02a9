"""`bole investment move`, `bole deal tranches`: steps of a holding, and plans of payment, as requests."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from bole.funding.v1 import deal_action_pb2, investment_pb2
from bole.funding.v1 import investment_service_pb2 as service
from services.chassis.rpc.wire import money_to_wire
from services.cli.answers import wording
from services.cli.answers.dates import wire_day
from services.cli.funding import deals, investments
from services.cli.funding.dossiers import register_of
from services.cli.funding.moves import document
from services.cli.session import Session
from services.kernel.errors import InvalidArgument
from services.kernel.money import parse_amount
from services.kernel.text import Text, counted
from services.wording.holdings import STATES, STEPS, word


@dataclass(frozen=True, slots=True)
class Stated:
    """What the options of a step state, as typed; empty if not given."""

    tranche: int = 0
    amount: str = ""
    cost: str = ""
    by: str = ""
    on: str = ""
    milestone: str = ""


def move(
    session: Session,
    name: str,
    action: str,
    stated: Stated,
    reason: str,
    evidence: Sequence[str],
    *,
    check_only: bool,
) -> None:
    """Take one step, or only check it."""
    rpc = _rpc(action.upper())
    registered = register_of(session, name.replace("investments/", "deals/"), evidence)
    command = deal_action_pb2.DealCommand(
        etag=investments.get(session, name).etag,
        request_id=str(uuid4()),
        reason=reason,
        evidence=[document(each, registered) for each in evidence],
        validate_only=check_only,
    )
    request = request_of(rpc, name, command, stated)
    held = getattr(investments.stub(session), rpc)(request, timeout=investments.TIMEOUT_SECONDS)
    state = investment_pb2.Investment.State.Name(held.state)
    zh, en = (word(STATES, state, "zh"), word(STATES, state, "en"))
    checked = Text("（仅检查）", " (checked only)") if check_only else Text("", "")
    session.output.say(Text(f"{name}：{zh}{checked.zh}", f"{name}: {en}{checked.en}"))


def request_of(rpc: str, name: str, command: deal_action_pb2.DealCommand, stated: Stated) -> Any:
    """The request of a step's RPC. Raises InvalidArgument for an option that cannot be read."""
    kind = getattr(service, f"{rpc}Request")
    request = kind(name=name, command=command)
    known = kind.DESCRIPTOR.fields_by_name
    if "tranche_number" in known:
        request.tranche_number = stated.tranche
    if "milestone" in known and stated.milestone:
        request.milestone = stated.milestone
    if "due_date" in known and stated.on:
        request.due_date.CopyFrom(wire_day(stated.on, "--on"))
    if "mark" in known:
        request.mark.CopyFrom(_mark(stated))
    if "kind" in known:
        request.kind = _code(investment_pb2.ExitKind, "EXIT_KIND", stated.by)
    for field, text in (("proceeds", stated.amount), ("amount", stated.amount), ("cost", stated.cost)):
        if field in known and text:
            option = "--cost" if field == "cost" else "--amount"
            getattr(request, field).CopyFrom(money_to_wire(parse_amount(text, field=option)))
    return request


def show_plan(session: Session, name: str) -> None:
    """How a signed deal is to be paid, as its plan says now. Raises grpc.RpcError (NOT_FOUND) without one."""
    request = service.GetTranchePlanRequest(name=f"{name}/tranchePlan")
    found = investments.stub(session).GetTranchePlan(request, timeout=investments.TIMEOUT_SECONDS)
    origin = wording.origin(deals.get(session, name).origin)
    investments.show_tranches(session, found.tranches, origin)
    told = Text(
        f"第{found.revision}版，依据 {found.document}", f"revision {found.revision}, by {found.document}"
    )
    session.output.note(told.to(session.language))


def plan(session: Session, name: str, payments: Sequence[str], contract: str) -> None:
    """State how a signed deal is paid: `amount[:milestone[@due date]]` each."""
    request = service.SetTranchePlanRequest(
        name=f"{name}/tranchePlan",
        deal_etag=deals.get(session, name).etag,
        tranche_plan=investment_pb2.TranchePlan(
            tranches=[tranche(each) for each in payments], document=contract
        ),
        request_id=str(uuid4()),
    )
    made = investments.stub(session).SetTranchePlan(request, timeout=investments.TIMEOUT_SECONDS)
    count = len(made.tranches)
    session.output.say(
        Text(
            f"{name}：分{count}期，第{made.revision}版",
            f"{name}: {counted(count, 'tranche')}, revision {made.revision}",
        )
    )


def tranche(text: str) -> investment_pb2.Tranche:
    """`200万元:样机通过检测@2027-06-30`. Raises InvalidArgument."""
    money, _, rest = text.partition(":")
    milestone, _, due = rest.partition("@")
    return investment_pb2.Tranche(
        amount=money_to_wire(parse_amount(money, field="PAYMENTS")),
        milestone=milestone,
        due_date=wire_day(due, "PAYMENTS") if due else None,
    )


def _rpc(action: str) -> str:
    if action not in STEPS:
        listed = ", ".join(STEPS)
        raise InvalidArgument.field(
            "ACTION",
            "UNKNOWN_ACTION",
            f"没有操作 {action}，可用：{listed}",
            f"no action {action}; use {listed}",
        )
    return STEPS[action]


def _mark(stated: Stated) -> investment_pb2.Mark:
    return investment_pb2.Mark(
        value=money_to_wire(parse_amount(stated.amount, field="--amount")),
        as_of_date=wire_day(stated.on, "--on"),
        method=investment_pb2.MarkMethod.Name(_code(investment_pb2.MarkMethod, "MARK_METHOD", stated.by)),
    )


def _code(kind: Any, prefix: str, text: str) -> int:
    known = [each.removeprefix(f"{prefix}_") for each in kind.keys()[1:]]
    if text.upper() not in known:
        listed = ", ".join(known)
        raise InvalidArgument.field(
            "--by", "UNKNOWN_CODE", f"请用 --by 注明：{listed}", f"state --by as one of {listed}"
        )
    return int(kind.Value(f"{prefix}_{text.upper()}"))
