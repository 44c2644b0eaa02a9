"""Holdings on a database: opened by import and migration alike, append-only, equal to their journals."""

import pytest
from sqlalchemy import ColumnElement, select, text, update
from sqlalchemy.exc import DBAPIError

from services.chassis.migration import downgrade, migrate
from services.funding.app import BLUEPRINT
from services.funding.domain.deal.actions import Role
from services.funding.domain.deal.evidence import Evidence, EvidenceKind
from services.funding.domain.deal.step import Actor
from services.funding.domain.fund import Fund
from services.funding.domain.investment.actions import InvestmentAction
from services.funding.domain.investment.investment import Investment
from services.funding.domain.investment.order import InvestmentOrder
from services.funding.domain.investment.states import ExitKind
from services.funding.store import investments, ledger, schema
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


def test_paid_deals_of_a_file_are_held_and_agree_with_the_ledger(funding: Funding, workbook: bytes) -> None:
    funding.load(workbook)
    held = holdings(funding)
    assert held
    assert all(each.paid_fen == each.cost_fen == each.value_fen > 0 for each in held)
    assert differences(funding) == []


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


def test_a_sale_moves_holding_and_fund_together(funding: Funding, workbook: bytes) -> None:
    funding.load(workbook)
    held = holdings(funding)[0]
    with funding.database.read() as session:
        before = session.get_one(Fund, held.fund_id)
    cost = held.cost_fen
    sell(funding, held, cost, cost // 3)
    with funding.database.read() as session:
        after = session.get_one(Fund, held.fund_id)
        told = session.scalars(select(schema.shared.history.c.version).where(_history_of(held))).all()
    assert after.cash_fen - before.cash_fen == cost
    assert before.cost_fen - after.cost_fen == cost // 3
    assert list(told) == [1, 2]
    assert differences(funding) == []


def _history_of(held: Investment) -> ColumnElement[bool]:
    table = schema.shared.history
    return (table.c.entity == "investment") & (table.c.id == held.id)


def test_of_two_at_once_one_is_told_to_read_again(funding: Funding, workbook: bytes) -> None:
    funding.load(workbook)
    [first, second] = [holdings(funding)[0] for _ in range(2)]
    sell(funding, first, 5, 1)
    with pytest.raises(Aborted):
        sell(funding, second, 5, 1)
    assert differences(funding) == []


def test_steps_and_plans_are_never_rewritten(funding: Funding, workbook: bytes) -> None:
    funding.load(workbook)
    statements = ["UPDATE investment_step SET sequence = sequence + 1", "DELETE FROM investment_step"]
    if funding.database.engine.dialect.name == "sqlite":
        statements.append("INSERT OR REPLACE INTO investment_step SELECT * FROM investment_step")
    else:
        statements += ["TRUNCATE investment_step", "TRUNCATE tranche_plan"]
    for statement in statements:
        with pytest.raises(DBAPIError, match="append-only"), funding.database.write() as session:
            session.execute(text(statement))


def test_the_verifier_finds_an_edited_figure(funding: Funding, workbook: bytes) -> None:
    funding.load(workbook)
    victim = holdings(funding)[0]
    with funding.database.write() as session:
        changed = update(schema.investment).where(schema.investment.c.id == victim.id)
        session.execute(changed.values(proceeds_fen=1))
    found = differences(funding)
    assert [(each.what, each.ledger_fen, each.balance_fen) for each in found] == [
        (f"investments/{victim.id} proceeds_fen", 0, 1)
    ]
