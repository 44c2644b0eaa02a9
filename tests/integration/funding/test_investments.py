"""Holdings on a database: opened by import and migration alike, append-only, equal to their journals."""

from dataclasses import replace

import pytest
from sqlalchemy import ColumnElement, select, text, update
from sqlalchemy.exc import DBAPIError

from services.chassis.storage.migration import downgrade, migrate
from services.funding.app import BLUEPRINT
from services.funding.domain.deal.actions import Action, Role
from services.funding.domain.deal.deal import Deal
from services.funding.domain.deal.evidence import Evidence, EvidenceKind
from services.funding.domain.deal.states import DealState
from services.funding.domain.deal.step import Actor, Step
from services.funding.domain.fund.fund import Fund
from services.funding.domain.investment.actions import InvestmentAction
from services.funding.domain.investment.investment import Investment
from services.funding.domain.investment.marks import Mark, MarkMethod
from services.funding.domain.investment.order import InvestmentOrder
from services.funding.domain.investment.states import ExitKind
from services.funding.domain.investment.tranches import Tranche
from services.funding.domain.pipeline.hiring import HiringPlan, PlannedHire
from services.funding.service.deals.cases import position_fen
from services.funding.store import schema
from services.funding.store.deals import trails
from services.funding.store.funds import investments, ledger
from services.kernel.errors import Aborted
from tests.integration.funding.installed import Funding


def holdings(funding: Funding) -> list[Investment]:
    with funding.database.read() as session:
        found = list(session.scalars(select(Investment).order_by(schema.investment.c.id)))
        investments.load_steps(session, found)
    return found


def differences(funding: Funding) -> list[ledger.Difference]:
    with funding.database.read() as session:
        return [*investments.differences(session), *ledger.differences(session)]


def sell(funding: Funding, held: Investment, fen: int, cost_fen: int) -> None:
    at = funding.clock.now()
    papers = tuple(
        Evidence(kind, kind.label.zh, "0" * 64, at)
        for kind in (EvidenceKind.EXIT_AGREEMENT, EvidenceKind.BANK_RECEIPT)
    )
    order = InvestmentOrder(
        action=InvestmentAction.RECORD_EXIT,
        actor=Actor("finance", frozenset({Role.FINANCE})),
        at=at,
        evidence=papers,
        fen=fen,
        cost_fen=cost_fen,
        exit_kind=ExitKind.TRANSFER,
    )
    with funding.database.write() as session:
        session.add(held)
        funding.deals.investments.take(session, held, order)


def test_paid_deals_of_a_file_are_held_and_agree_with_the_ledger(stocked: Funding) -> None:
    held = holdings(stocked)
    assert held
    assert all(each.paid_fen == each.cost_fen == each.value_fen > 0 for each in held)
    assert differences(stocked) == []


def test_the_upgrade_opens_the_same_holdings(funding: Funding, workbook: bytes) -> None:
    engine, where, name = funding.database.engine, BLUEPRINT.migrations, BLUEPRINT.name
    funding.load(workbook)
    before = holdings(funding)
    downgrade(engine, where, name, revision="funding_0006")
    migrate(engine, where, name)
    after = holdings(funding)
    assert [(each.id, each.closed, each.cost_fen, each.tranches) for each in after] == [
        (each.id, each.closed, each.cost_fen, each.tranches) for each in before
    ]
    assert [step.action for each in after for step in each.steps] == [InvestmentAction.OPEN] * len(after)
    assert differences(funding) == []


def test_a_sale_moves_holding_and_fund_together(stocked: Funding) -> None:
    held = holdings(stocked)[0]
    with stocked.database.read() as session:
        before = session.get_one(Fund, held.fund_id)
    cost = held.cost_fen
    sell(stocked, held, cost, cost // 3)
    with stocked.database.read() as session:
        after = session.get_one(Fund, held.fund_id)
        version = schema.shared.history.c.version
        told = session.scalars(select(version).where(_history_of(held)).order_by(version)).all()
        chain = list(trails.links(session, held.id))
    assert after.cash_fen - before.cash_fen == cost
    assert before.cost_fen - after.cost_fen == cost // 3
    assert list(told) == [1, 2]
    assert [each.kind for each in chain] == ["HISTORY", "HOLDING_STEP"]
    assert str(cost // 3) in chain[-1].text
    assert differences(stocked) == []


def _history_of(held: Investment) -> ColumnElement[bool]:
    table = schema.shared.history
    return (table.c.entity == "investment") & (table.c.id == held.id)


def take(funding: Funding, id_: str, action: InvestmentAction, role: Role, **stated: object) -> Investment:
    """One step with every document there is, by a person of the role's name."""
    at = funding.clock.now()
    papers = tuple(Evidence(kind, kind.label.zh, "0" * 64, at) for kind in EvidenceKind)
    order = InvestmentOrder(
        action=action,
        actor=Actor(role.lower(), frozenset({role})),
        at=at,
        reason="说明",
        evidence=papers,
        **stated,  # type: ignore[arg-type]
    )
    with funding.database.write() as session:
        held = funding.deals.investments.get(session, id_)
        funding.deals.investments.take(session, held, order)
    return held


def test_who_is_written_off_hires_nobody_any_more(stocked: Funding) -> None:
    held = holdings(stocked)[0]
    plan = HiringPlan((PlannedHire("", "engineer", 5),))
    with stocked.database.write() as session:
        stocked.deals.plan_hiring(session, stocked.deals.get(session, held.id), plan, "manager")
    mark = Mark(0, held.closed, MarkMethod.NET_ASSETS)
    take(stocked, held.id, InvestmentAction.FLAG, Role.FUND_MANAGER)
    take(stocked, held.id, InvestmentAction.IMPAIR, Role.FUND_MANAGER, mark=mark)
    take(stocked, held.id, InvestmentAction.PREPARE_WRITE_OFF, Role.FINANCE)
    with stocked.database.read() as session:
        assert session.get_one(Deal, held.id).expected_hires is not None
    take(stocked, held.id, InvestmentAction.WRITE_OFF, Role.FUND_MANAGER)
    with stocked.database.write() as session:
        deal = stocked.deals.get(session, held.id)
        assert deal.expected_hires is None
        stocked.deals.plan_hiring(session, deal, replace(plan, months=12), "manager")
        assert deal.expected_hires is None
    assert differences(stocked) == []


def test_what_will_not_be_paid_is_held_no_longer(stocked: Funding) -> None:
    """A signed deal paid in two parts, the second of which is cancelled."""
    at = stocked.clock.now()
    papers = tuple(Evidence(kind, kind.label.zh, "1" * 64, at) for kind in EvidenceKind)
    with stocked.database.write() as session:
        query = select(Deal).where(schema.deal.c.state == DealState.SIGNED).order_by(schema.deal.c.id)
        deal = session.scalars(query).first()
        assert deal is not None
        deal = stocked.deals.get(session, deal.id)
        signed = deal.signed_fen or 0
        tranches = (Tranche(1, signed - 7), Tranche(2, 7, "样机"))
        stocked.deals.investments.plan(session, deal, tranches, "投资协议", "manager")
        for action, role in (
            (Action.PREPARE_CLOSING, Role.FINANCE),
            (Action.CLOSE, Role.FUND_MANAGER),
        ):
            step = Step(action=action, actor=Actor(role.lower(), frozenset({role})), at=at, evidence=papers)
            stocked.deals.take(session, deal, step)
    with stocked.database.read() as session:
        assert position_fen(session.get_one(Deal, deal.id)) == signed
    held = take(stocked, deal.id, InvestmentAction.CANCEL_TRANCHE, Role.FUND_MANAGER, tranche=2)
    with stocked.database.read() as session:
        assert position_fen(session.get_one(Deal, deal.id)) == signed - 7 == held.paid_fen
    assert differences(stocked) == []


def test_of_two_at_once_one_is_told_to_read_again(stocked: Funding) -> None:
    [first, second] = [holdings(stocked)[0] for _ in range(2)]
    sell(stocked, first, 5, 1)
    with pytest.raises(Aborted):
        sell(stocked, second, 5, 1)
    assert differences(stocked) == []


def test_steps_and_plans_are_never_rewritten(stocked: Funding) -> None:
    statements = ["UPDATE investment_step SET sequence = sequence + 1", "DELETE FROM investment_step"]
    if stocked.database.engine.dialect.name == "sqlite":
        statements.append("INSERT OR REPLACE INTO investment_step SELECT * FROM investment_step")
    else:
        statements += ["TRUNCATE investment_step", "TRUNCATE tranche_plan"]
    for statement in statements:
        with pytest.raises(DBAPIError, match="append-only"), stocked.database.write() as session:
            session.execute(text(statement))


def test_the_verifier_finds_an_edited_figure(stocked: Funding) -> None:
    victim = holdings(stocked)[0]
    with stocked.database.write() as session:
        changed = update(schema.investment).where(schema.investment.c.id == victim.id)
        session.execute(changed.values(proceeds_fen=1))
    found = differences(stocked)
    assert [(each.what, each.ledger_fen, each.balance_fen) for each in found] == [
        (f"investments/{victim.id} proceeds_fen", 0, 1)
    ]
