"""InvestmentService: a signed deal paid in parts, valued, sold and written off; good requests and bad ones."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from google.type.date_pb2 import Date
from google.type.money_pb2 import Money

from bole.funding.v1 import (
    capital_service_pb2,
    capital_service_pb2_grpc,
    deal_action_pb2,
    deal_pb2,
    investment_pb2,
    investment_service_pb2,
    investment_service_pb2_grpc,
)
from services.chassis.identity.identity import Grant
from services.chassis.rpc.wire import date_to_wire, instant_to_wire
from services.kernel.clock import civil_date
from tests.contract.funding import test_whole_way as way
from tests.contract.funding.board import Board
from tests.contract.installation import Installation, fields, refused

staff, lead, board = way.staff, way.lead, way.board
State = investment_pb2.Investment.State
WAN = 10_000


def yuan(units: int) -> Money:
    return Money(currency_code="CNY", units=units)


def today() -> Date:
    return date_to_wire(civil_date(datetime.now(UTC)))


@pytest.fixture
def signed(staff: dict[str, Any], board: Board, lead: deal_pb2.Deal) -> deal_pb2.Deal:
    """A deal that is signed."""
    deal = lead
    for role, verb, action, more, _ in way.WAY:
        if action == "PREPARE_CLOSING":
            break
        deal = way.prepare(board, deal, action)
        call, request = way.step(staff, deal, role, verb, action, more)
        deal = call(request)
    return deal


@pytest.fixture
def hands(staff: dict[str, Any], whole: Installation) -> Any:
    """InvestmentService as the manager and as finance."""
    with (
        whole.channel("funding", Grant("fund_manager"), subject="the-fund_manager") as manager,
        whole.channel("funding", Grant("finance"), subject="the-finance") as finance,
    ):
        stub = investment_service_pb2_grpc.InvestmentServiceStub
        yield {"manager": stub(manager), "finance": stub(finance), "channel": manager}


def plan(deal: deal_pb2.Deal, *tranches: tuple[int, str]) -> investment_service_pb2.SetTranchePlanRequest:
    return investment_service_pb2.SetTranchePlanRequest(
        name=f"{deal.name}/tranchePlan",
        deal_etag=deal.etag,
        tranche_plan=investment_pb2.TranchePlan(
            tranches=[investment_pb2.Tranche(amount=yuan(a), milestone=m) for a, m in tranches],
            document="投资协议第三条",
        ),
        request_id=str(uuid4()),
    )


def closed(staff: dict[str, Any], deal: deal_pb2.Deal) -> deal_pb2.Deal:
    for role, verb, action, more, _ in way.WAY[-2:]:
        call, request = way.step(staff, deal, role, verb, action, more)
        deal = call(request)
    return deal


def command(held: investment_pb2.Investment, *kinds: str, **more: Any) -> deal_action_pb2.DealCommand:
    received = instant_to_wire(datetime.now(UTC) - timedelta(minutes=1))
    papers = [
        deal_action_pb2.DealEvidence(
            kind=kind, title=kind, sha256=hashlib.sha256(kind.encode()).hexdigest(), receive_time=received
        )
        for kind in kinds
    ]
    return deal_action_pb2.DealCommand(
        etag=held.etag, evidence=papers, request_id=str(uuid4()), reason="说明", **more
    )


def ask(verb: str, held: investment_pb2.Investment, *kinds: str, **more: Any) -> Any:
    kind = getattr(investment_service_pb2, f"{verb}Request")
    return kind(name=held.name, command=command(held, *kinds), **more)


def holding(hands: Any, deal: deal_pb2.Deal) -> investment_pb2.Investment:
    name = deal.name.replace("deals/", "investments/")
    request = investment_service_pb2.GetInvestmentRequest(name=name)
    found: investment_pb2.Investment = hands["manager"].GetInvestment(request)
    return found


def cash(hands: Any, fund: str) -> dict[str, int]:
    stub = capital_service_pb2_grpc.CapitalServiceStub(hands["channel"])
    found = stub.GetLedgerBalances(capital_service_pb2.GetLedgerBalancesRequest(name=fund))
    assert found.agrees
    return {each.account: each.balance.units for each in found.balances}


def portfolio(hands: Any, fund: str) -> investment_service_pb2.Portfolio:
    request = investment_service_pb2.GetPortfolioRequest(name=fund)
    found: investment_service_pb2.Portfolio = hands["manager"].GetPortfolio(request)
    assert found.agrees
    assert found.cost.units + found.brought_cost.units == found.ledger_cost.units
    return found


def test_a_deal_is_paid_in_parts(staff: dict[str, Any], signed: deal_pb2.Deal, hands: Any) -> None:
    ticket = signed.ticket.units
    first, rest = ticket // 2, ticket - ticket // 2
    manager, finance = hands["manager"], hands["finance"]
    short = refused(manager.SetTranchePlan, plan(signed, (first, ""), (rest - 1, "样机")))
    assert (short.reason, fields(short)) == ("TRANCHES_DO_NOT_ADD_UP", ["tranche_plan.tranches"])
    wanted = plan(signed, (first, ""), (rest - WAN, "样机通过检测"), (WAN, "首单"))
    made = manager.SetTranchePlan(wanted)
    assert manager.SetTranchePlan(wanted) == made
    get = investment_service_pb2.GetTranchePlanRequest(name=wanted.name)
    assert manager.GetTranchePlan(get) == made
    bad = investment_service_pb2.GetTranchePlanRequest(name=signed.name)
    assert refused(manager.GetTranchePlan, bad).reason == "INVALID_NAME"
    stale = refused(manager.SetTranchePlan, plan(signed, (ticket, "")))
    assert stale.reason == "STALE_ETAG"
    signed.etag = made.deal_etag
    before = cash(hands, signed.fund)
    deal = closed(staff, signed)
    held = holding(hands, deal)
    assert (held.paid.units, held.unpaid.units, held.state) == (first, rest, State.STATE_ACTIVE)
    after = cash(hands, signed.fund)
    assert after["CASH"] - before["CASH"] == -first
    assert after["COMMITTED_UNPAID"] - before["COMMITTED_UNPAID"] == -first
    assert after["FREE"] == before["FREE"]
    late = refused(manager.SetTranchePlan, plan(deal, (ticket, "")))
    assert (late.code, late.reason) == ("FAILED_PRECONDITION", "NOT_SIGNED")
    alone = refused(finance.PayTranche, ask("PayTranche", held, tranche_number=2))
    assert (alone.reason, fields(alone)) == ("MISSING_EVIDENCE", ["evidence.MILESTONE_PROOF"])
    held = finance.PayTranche(ask("PayTranche", held, "MILESTONE_PROOF", tranche_number=2))
    assert [each.state for each in held.tranches] == [3, 2, 1]
    again = ask("PayTranche", held, "MILESTONE_PROOF", "PAYMENT_PROOF", tranche_number=2)
    assert refused(finance.PayTranche, again).code == "PERMISSION_DENIED"
    pay = ask("PayTranche", held, "PAYMENT_PROOF", tranche_number=2)
    held = manager.PayTranche(pay)
    assert manager.PayTranche(pay) == held
    amend = ask("AmendTranche", held, "PURCHASE_AGREEMENT", tranche_number=3, milestone="次年首单")
    amend.due_date.CopyFrom(Date(year=2099, month=1, day=1))
    held = manager.AmendTranche(amend)
    assert (held.tranches[2].milestone, held.tranches[2].due_date.year) == ("次年首单", 2099)
    idle = ask("AmendTranche", held, "PURCHASE_AGREEMENT", tranche_number=3)
    assert refused(manager.AmendTranche, idle).reason == "NOTHING_TO_AMEND"
    held = manager.CancelTranche(ask("CancelTranche", held, tranche_number=3))
    settled = refused(manager.CancelTranche, ask("CancelTranche", held, tranche_number=3))
    assert settled.reason == "TRANCHE_SETTLED"
    ended = cash(hands, signed.fund)
    assert (held.paid.units, held.unpaid.units) == (ticket - WAN, 0)
    assert ended["CASH"] - before["CASH"] == WAN - ticket
    assert ended["FREE"] - before["FREE"] == WAN
    assert portfolio(hands, signed.fund).unpaid.units == 0
    listed = manager.ListInvestmentActions(
        investment_service_pb2.ListInvestmentActionsRequest(name=held.name)
    )
    by_action = {each.action: each for each in listed.actions}
    assert list(by_action["PAY_TRANCHE"].reason_codes)[:2] == ["MISSING_EVIDENCE", "NO_TRANCHE_OPEN"]
    assert list(by_action["MARK"].reason_codes) == ["MISSING_EVIDENCE"]
    assert [each.kind for each in by_action["MARK"].missing_templates] == ["VALUATION_BASIS"]
    assert by_action["MARK"].missing_templates[0].outline.zh
    assert [each.zh for each in by_action["CANCEL_TRANCHE"].role_titles] == ["基金管理人"]


def test_a_holding_is_valued_sold_in_part_and_written_off(
    staff: dict[str, Any], signed: deal_pb2.Deal, hands: Any
) -> None:
    manager, finance = hands["manager"], hands["finance"]
    held = holding(hands, closed(staff, signed))
    cost, fund, before = held.cost.units, signed.fund, cash(hands, signed.fund)
    mark = investment_pb2.Mark(
        value=yuan(2 * cost), as_of_date=today(), method=investment_pb2.MARK_METHOD_LAST_ROUND, note="B轮价格"
    )
    future = ask("MarkInvestment", held, "VALUATION_BASIS", mark=mark)
    future.mark.as_of_date.year += 1
    assert "mark.as_of_date" in fields(refused(manager.MarkInvestment, future))
    checked = ask("MarkInvestment", held, "VALUATION_BASIS", mark=mark)
    checked.command.validate_only = True
    assert manager.MarkInvestment(checked).value.units == 2 * cost
    assert holding(hands, signed) == held
    held = manager.MarkInvestment(ask("MarkInvestment", held, "VALUATION_BASIS", mark=mark))
    assert (held.value.units, held.multiple) == (2 * cost, "2.00")
    listed = manager.ListMarks(investment_service_pb2.ListMarksRequest(parent=held.name))
    assert [each.value.units for each in listed.marks] == [2 * cost]
    then = investment_service_pb2.ListMarksRequest(parent=held.name, known_time=held.create_time)
    assert list(manager.ListMarks(then).marks) == []
    sale = {"kind": 3, "proceeds": yuan(cost), "cost": yuan(cost // 4)}
    papers = ("EXIT_AGREEMENT", "BANK_RECEIPT")
    held = finance.RecordExit(ask("RecordExit", held, *papers, **sale))
    assert held.gain.units == cost - cost // 4
    over = ask("RecordExit", held, *papers, **{**sale, "cost": yuan(cost)})
    assert refused(finance.RecordExit, over).reason == "AMOUNT_EXCEEDS_COST"
    held = manager.StartExit(ask("StartExit", held, "EXIT_DECISION"))
    assert refused(manager.StartExit, ask("StartExit", held)).reason == "ILLEGAL_TRANSITION"
    held = manager.StopExit(ask("StopExit", held))
    assert refused(manager.StopExit, ask("StopExit", held)).reason == "ILLEGAL_TRANSITION"
    assert refused(manager.RestoreInvestment, ask("RestoreInvestment", held)).reason == "ILLEGAL_TRANSITION"
    held = manager.FlagInvestment(ask("FlagInvestment", held))
    assert refused(manager.FlagInvestment, ask("FlagInvestment", held)).reason == "ILLEGAL_TRANSITION"
    held = manager.RestoreInvestment(ask("RestoreInvestment", held))
    held = manager.FlagInvestment(ask("FlagInvestment", held))
    impair = ask("ImpairInvestment", held, "VALUATION_BASIS", mark=mark)
    assert refused(manager.ImpairInvestment, impair).reason == "NOT_BELOW_COST"
    mark.value.units = 1
    held = manager.ImpairInvestment(ask("ImpairInvestment", held, "VALUATION_BASIS", mark=mark))
    determination = "WRITE_OFF_DETERMINATION"
    assert refused(finance.WriteOffInvestment, ask("WriteOffInvestment", held)).reason == "MISSING_EVIDENCE"
    held = finance.WriteOffInvestment(ask("WriteOffInvestment", held, determination))
    held = manager.WriteOffInvestment(ask("WriteOffInvestment", held, determination))
    assert (held.state, held.cost.units) == (State.STATE_WRITTEN_OFF, 0)
    assert held.written_off.units == cost - cost // 4
    after = cash(hands, fund)
    assert after["WRITTEN_OFF"] - before["WRITTEN_OFF"] == cost - cost // 4
    assert after["CASH"] - before["CASH"] == cost
    steps = manager.ListInvestmentSteps(investment_service_pb2.ListInvestmentStepsRequest(parent=held.name))
    assert [each.sequence for each in steps.steps] == list(range(1, 12))
    assert portfolio(hands, fund).written_off.units >= cost - cost // 4
    actions = investment_service_pb2.ListInvestmentActionsRequest(name=held.name)
    assert not any(each.permitted for each in finance.ListInvestmentActions(actions).actions)


def test_holdings_of_the_sample_are_listed_and_agree(hands: Any) -> None:
    manager = hands["manager"]
    page = manager.ListInvestments(
        investment_service_pb2.ListInvestmentsRequest(
            filter="state = ACTIVE AND origin = SYNTHETIC", order_by="cost desc", page_size=2
        )
    )
    assert page.total_size > 0
    costs = [each.cost.units for each in page.investments]
    assert costs == sorted(costs, reverse=True)
    held = page.investments[0]
    only = f'fund = "{held.fund}" AND firm = "{held.firm}" AND close_date <= 2100-01-01'
    found = manager.ListInvestments(investment_service_pb2.ListInvestmentsRequest(filter=only))
    assert held.name in {each.name for each in found.investments}
    wrong = investment_service_pb2.ListInvestmentsRequest(filter="state = SOMEWHERE")
    assert refused(manager.ListInvestments, wrong).reason == "INVALID_FILTER"
    assert portfolio(hands, held.fund).investment_count > 0


@pytest.mark.parametrize(
    "verb", ["GetInvestment", "ListInvestmentActions", "ListInvestmentSteps", "ListMarks"]
)
def test_a_holding_that_is_not_there(hands: Any, verb: str) -> None:
    kind = getattr(investment_service_pb2, f"{verb}Request")
    field = "parent" if "parent" in kind.DESCRIPTOR.fields_by_name else "name"
    call = getattr(hands["manager"], verb)
    assert refused(call, kind(**{field: "investments/none"})).code == "NOT_FOUND"
    wrong = refused(call, kind(**{field: "deals/none"}))
    assert (wrong.reason, fields(wrong)) == ("INVALID_NAME", [field])


def test_a_portfolio_of_no_fund_and_a_strangers_look(whole: Installation, hands: Any) -> None:
    request = investment_service_pb2.GetPortfolioRequest(name="funds/none")
    assert refused(hands["manager"].GetPortfolio, request).code == "NOT_FOUND"
    with whole.channel("funding", Grant("talent_officer")) as channel:
        stub = investment_service_pb2_grpc.InvestmentServiceStub(channel)
        assert refused(stub.GetPortfolio, request).code == "PERMISSION_DENIED"
