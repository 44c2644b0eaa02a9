"""`bole investment list|show|actions|history|marks`, `bole fund portfolio`: what funds hold."""

from collections.abc import Iterable, Mapping
from typing import Any

from bole.funding.v1 import (
    firm_service_pb2,
    firm_service_pb2_grpc,
    investment_pb2,
    investment_service_pb2_grpc,
)
from bole.funding.v1 import investment_service_pb2 as service
from services.chassis.rpc.wire import date_from_wire, money_from_wire
from services.cli.answers import wording
from services.cli.answers.amounts import amount
from services.cli.answers.columns import Column, tick
from services.cli.funding.deals import ACTION_COLUMNS, action_row
from services.cli.funding.screening import list_funds
from services.cli.session import Session
from services.kernel.money import Money
from services.kernel.text import Text
from services.wording.holdings import EXITS, METHODS, STATES, TRANCHES, word
from services.wording.rounds import round_name

TIMEOUT_SECONDS = 30.0
_FIGURES = tuple(
    Column(key, title, right=True, show=Money.rounded)
    for key, title in (
        ("paid", Text("已付", "paid")),
        ("unpaid", Text("未付", "unpaid")),
        ("cost", Text("在投成本", "cost")),
        ("value", Text("估值", "value")),
        ("proceeds", Text("回款", "proceeds")),
    )
)
_MULTIPLE = Column("multiple", Text("倍数", "multiple"), right=True)
_LIST = (
    Column("held", Text("企业与轮次", "firm and round"), wraps=True),
    Column("state", Text("状态", "state")),
    Column("closed", Text("出资日", "closed")),
    *(column for column in _FIGURES if column.key in ("paid", "cost", "value")),
    _MULTIPLE,
    Column("id", Text("编号", "resource"), whole=True),
)
_BESIDE = tuple(column for column in _FIGURES if column.key in ("unpaid", "proceeds"))
_TRANCHES = (
    Column("number", Text("期", "no."), right=True),
    Column("amount", Text("金额", "amount"), right=True, show=Money.rounded),
    Column("milestone", Text("里程碑", "milestone"), wraps=True),
    Column("due", Text("到期", "due")),
    Column("state", Text("状态", "state")),
    Column("preparer", Text("经办", "prepared by")),
)
_STEPS = (
    Column("sequence", Text("序号", "no."), right=True),
    Column("title", Text("操作", "action")),
    Column("to", Text("状态", "state")),
    Column("amount", Text("金额", "amount"), right=True, show=Money.rounded),
    Column("cost", Text("成本", "cost"), right=True, show=Money.rounded),
    Column("detail", Text("说明", "detail"), wraps=True),
    Column("actor", Text("经办", "by")),
    Column("time", Text("时间", "time")),
    Column("evidence", Text("材料", "evidence"), wraps=True),
)
_MARKS = (
    Column("day", Text("估值日", "of the day")),
    Column("value", Text("估值", "value"), right=True, show=Money.rounded),
    Column("method", Text("方法", "method")),
    Column("recorded", Text("记录时间", "recorded")),
    Column("actor", Text("经办", "by")),
    Column("in_force", Text("有效", "in force"), show=tick),
    Column("note", Text("说明", "note"), wraps=True),
)
_LINES = (
    Column("state", Text("状态", "state")),
    Column("count", Text("个数", "holdings"), right=True),
    Column("cost", Text("在投成本", "cost"), right=True, show=Money.rounded),
    Column("value", Text("估值", "value"), right=True, show=Money.rounded),
)
_TOTALS = (
    ("paid", Text("已付", "paid")),
    ("unpaid", Text("未付", "unpaid")),
    ("proceeds", Text("回款", "proceeds")),
    ("gain", Text("已实现收益", "realised gains")),
    ("written_off", Text("已核销", "written off")),
    ("value", Text("估值", "value")),
    ("cost", Text("持仓成本", "cost of holdings")),
    ("brought_cost", Text("期初带入成本", "cost brought along")),
    ("ledger_cost", Text("账面成本", "cost on the ledger")),
)


def stub(session: Session) -> investment_service_pb2_grpc.InvestmentServiceStub:
    """The service of holdings."""
    return investment_service_pb2_grpc.InvestmentServiceStub(session.channel("funding"))


def get(session: Session, name: str) -> investment_pb2.Investment:
    """One holding."""
    return stub(session).GetInvestment(service.GetInvestmentRequest(name=name), timeout=TIMEOUT_SECONDS)


def show_list(session: Session, filter_: str, order_by: str, limit: int) -> None:
    """Holdings by filter."""
    request = service.ListInvestmentsRequest(filter=filter_, order_by=order_by, page_size=limit)
    page = stub(session).ListInvestments(request, timeout=TIMEOUT_SECONDS)
    titles = firm_titles(session, [each.firm for each in page.investments])
    rows = [_row(each, session, titles) for each in page.investments]
    session.output.rows(Text("持仓", "holdings"), _LIST, rows)
    session.output.note(f"{len(rows)} / {page.total_size}")


def show_one(session: Session, name: str) -> None:
    """A holding with its tranches."""
    held = get(session, name)
    if session.output.for_people:
        titles = firm_titles(session, [held.firm])
        session.output.rows(Text(name, name), _LIST, [_row(held, session, titles)])
        for column in _BESIDE:
            shown = amount(getattr(held, column.key), session.language)
            session.output.note(f"{column.header.to(session.language)} {shown}")
    show_tranches(session, held.tranches, wording.origin(held.origin))


def show_tranches(session: Session, tranches: Iterable[investment_pb2.Tranche], origin: str) -> None:
    """How something is paid, and what of it was."""
    rows = [
        {
            "number": each.number,
            "amount": money_from_wire(each.amount),
            "milestone": each.milestone,
            "due": date_from_wire(each.due_date).isoformat() if each.HasField("due_date") else "",
            "state": word(TRANCHES, investment_pb2.Tranche.State.Name(each.state), session.language),
            "preparer": each.preparer,
            "origin": origin,
        }
        for each in tranches
    ]
    session.output.rows(Text("分期出资", "tranches"), _TRANCHES, rows)


def show_actions(session: Session, name: str) -> None:
    """Every action, permitted or not, and who may do it."""
    request = service.ListInvestmentActionsRequest(name=name)
    found = stub(session).ListInvestmentActions(request, timeout=TIMEOUT_SECONDS)
    rows = [action_row(each, session) for each in found.actions]
    session.output.rows(Text(f"{name} 可做什么", f"what can be done with {name}"), ACTION_COLUMNS, rows)


def show_history(session: Session, name: str) -> None:
    """The steps so far, oldest first."""
    request = service.ListInvestmentStepsRequest(parent=name)
    found = stub(session).ListInvestmentSteps(request, timeout=TIMEOUT_SECONDS)
    rows = [_step(each, session) for each in found.steps]
    session.output.rows(Text(f"{name} 办理过程", f"history of {name}"), _STEPS, rows)


def show_marks(session: Session, name: str) -> None:
    """Valuations by day."""
    found = stub(session).ListMarks(service.ListMarksRequest(parent=name), timeout=TIMEOUT_SECONDS)
    rows = [
        {
            "day": date_from_wire(each.as_of_date).isoformat(),
            "value": money_from_wire(each.value),
            "method": word(METHODS, investment_pb2.MarkMethod.Name(each.method), session.language),
            "recorded": wording.minute(each.record_time),
            "actor": each.actor,
            "in_force": not each.superseded,
            "note": each.note,
        }
        for each in found.marks
    ]
    session.output.rows(Text(f"{name} 估值", f"valuations of {name}"), _MARKS, rows)


def show_portfolio(session: Session, fund: str) -> None:
    """A line for each state, then the totals, and whether they tie to the ledger."""
    found = stub(session).GetPortfolio(service.GetPortfolioRequest(name=fund), timeout=TIMEOUT_SECONDS)
    names = {each.name: each.display_name for each in list_funds(session)}
    rows = [
        {
            "state": word(STATES, investment_pb2.Investment.State.Name(each.state), session.language),
            "count": each.investment_count,
            "cost": money_from_wire(each.cost),
            "value": money_from_wire(each.value),
        }
        for each in found.lines
    ]
    name = names.get(fund, fund)
    session.output.rows(Text(f"{name} 投资组合", f"portfolio of {name}"), _LINES, rows)
    for key, title in _TOTALS:
        shown = amount(getattr(found, key), session.language)
        session.output.note(f"{title.to(session.language)} {shown}")
    verdict = (
        Text("与总账逐分一致", "agrees with the ledger to the fen")
        if found.agrees
        else Text("与总账不符，请运行 verify-ledger", "does not agree with the ledger; run verify-ledger")
    )
    session.output.note(
        f"{_MULTIPLE.header.to(session.language)} {found.multiple} · {verdict.to(session.language)}"
    )


def firm_titles(session: Session, names: Iterable[str]) -> dict[str, str]:
    """What firms are called, by name."""
    firms = firm_service_pb2_grpc.FirmServiceStub(session.channel("funding"))
    asked = {name: firm_service_pb2.GetFirmRequest(name=name) for name in dict.fromkeys(names)}
    return {name: firms.GetFirm(each, timeout=TIMEOUT_SECONDS).display_name for name, each in asked.items()}


def _row(held: investment_pb2.Investment, session: Session, titles: Mapping[str, str]) -> dict[str, Any]:
    figures = {column.key: money_from_wire(getattr(held, column.key)) for column in _FIGURES}
    return {
        "held": f"{titles[held.firm]} {round_name(held.round, session.language)}",
        "firm": held.firm,
        "fund": held.fund,
        "deal": held.deal,
        "round": held.round,
        "state": word(STATES, investment_pb2.Investment.State.Name(held.state), session.language),
        "closed": date_from_wire(held.close_date).isoformat(),
        **figures,
        "multiple": held.multiple,
        "id": held.name,
        "origin": wording.origin(held.origin),
    }


def _step(step: investment_pb2.InvestmentStep, session: Session) -> dict[str, Any]:
    language = session.language
    details = [step.reason] if step.reason else []
    if step.tranche_number:
        details.append(Text(f"第{step.tranche_number}期", f"tranche {step.tranche_number}").to(language))
    if step.milestone:
        details.append(step.milestone)
    if step.HasField("due_date"):
        details.append(f"→ {date_from_wire(step.due_date)}")
    if step.exit_kind:
        details.append(word(EXITS, investment_pb2.ExitKind.Name(step.exit_kind), language))
    if step.HasField("mark"):
        method = word(METHODS, investment_pb2.MarkMethod.Name(step.mark.method), language)
        details.append(f"{date_from_wire(step.mark.as_of_date)} {method} {amount(step.mark.value, language)}")
    return {
        "sequence": step.sequence,
        "title": wording.say(step.action_title, language),
        "to": word(STATES, investment_pb2.Investment.State.Name(step.to_state), language),
        "amount": money_from_wire(step.amount) if step.HasField("amount") else None,
        "cost": money_from_wire(step.cost) if step.HasField("cost") else None,
        "detail": details,
        "actor": step.actor,
        "time": wording.minute(step.step_time),
        "evidence": [f"{wording.say(each.kind_title, language)} {each.title}" for each in step.evidence],
        "action": step.action,
    }
