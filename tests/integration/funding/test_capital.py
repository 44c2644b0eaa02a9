"""What a fund's capital is after it was subscribed and paid in, which the limits of its deals are shares of."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from bole.common.v1.workbook_import_pb2 import ImportReport
from services.chassis.storage.migration import downgrade, migrate
from services.funding.app import BLUEPRINT
from services.funding.domain.capital.call import Receipt
from services.funding.domain.capital.commitment import Commitment, PartyKind
from services.funding.domain.fund.fund import Fund
from services.funding.service.funds.capital import Capital, Subscription
from services.funding.store import schema
from services.funding.store.funds import capital as store
from services.funding.store.funds import ledger
from services.kernel.errors import FailedPrecondition
from services.kernel.ids import TimeOrderedIds
from tests.integration.funding.installed import Funding

YI = 10**10
DAY = date(2026, 6, 30)


def capital(funding: Funding) -> Capital:
    return Capital(funding.clock, TimeOrderedIds(funding.clock))


def drawn(session: Session, where: Any) -> Fund:
    """The fund that answers to this with the most that is not called."""
    query = select(Fund).where(where).order_by(schema.fund.c.uncalled_fen.desc(), schema.fund.c.id)
    return session.scalars(query).all()[0]


def subscribe(funding: Funding, session: Session, fund: Fund, **stated: Any) -> Commitment:
    facts = {"kind": PartyKind.CITY, "party": "演示财政", "investor_fund": None, "fen": YI, "signed": DAY}
    said = Subscription(**{**facts, "document": "认缴协议", "new_capital": True, **stated})
    return capital(funding).subscribe(session, fund.id, said, "finance")


def receive(funding: Funding, session: Session, fund: Fund, fen: int) -> None:
    """Call an amount, and record that all of it came."""
    call = capital(funding).call(session, fund.id, fen, DAY, "缴款通知", "manager")
    for number, (commitment, part) in enumerate(call.parts.items()):
        of = (f"{call.id}-{number}", call.id, commitment, part)
        receipt = Receipt(*of, DAY, "回单", funding.clock.now(), "finance")
        capital(funding).receive(session, receipt, fund.id)


def sheet_again(funding: Funding, workbook: bytes) -> ImportReport:
    report = funding.load(workbook)
    [funds] = [each for each in report.sheets if each.sheet == "funds"]
    assert (funds.created_count, funds.changed_count) == (0, 0)
    return report


def test_what_is_received_is_paid_in_and_what_governments_add_is_theirs(
    stocked: Funding, workbook: bytes
) -> None:
    before = sheet_again(stocked, workbook)
    table = schema.fund.c
    with stocked.database.write() as session:
        fund = drawn(session, table.paid_in_fen.is_not(None) & table.government_fen.is_not(None))
        size, paid, government = fund.size_fen, fund.paid_in_fen or 0, fund.government_fen or 0
        subscribe(stocked, session, fund)
        subscribe(stocked, session, fund, kind=PartyKind.SOCIAL_PRIVATE, fen=3 * YI)
        receive(stocked, session, fund, 2 * YI)
        assert (fund.size_fen, fund.paid_in_fen, fund.government_fen) == (
            size + 4 * YI,
            paid + 2 * YI,
            government + YI,
        )
        assert fund.paid_in_fen == fund.size_fen - fund.uncalled_fen
        investor = drawn(session, table.government_fen.between(1, table.size_fen - 1) & (table.id != fund.id))
        subscribe(
            stocked, session, fund, kind=PartyKind.FUND, party="", investor_fund=investor.id, fen=1_000_001
        )
        share = 1_000_001 * (investor.government_fen or 0) // investor.size_fen
        assert fund.government_fen == government + YI + share
    again = sheet_again(stocked, workbook)
    assert list(again.problems) == list(before.problems)


def test_the_first_receipt_makes_known_what_nobody_stated(stocked: Funding) -> None:
    with stocked.database.write() as session:
        fund = drawn(session, schema.fund.c.paid_in_fen.is_not(None))
        session.execute(
            text("UPDATE fund SET paid_in_fen = NULL, government_fen = NULL WHERE id = :id"), {"id": fund.id}
        )
        session.refresh(fund)
        subscribe(stocked, session, fund)
        assert (fund.paid_in_fen, fund.government_fen) == (None, None)
        receive(stocked, session, fund, YI)
        assert (fund.paid_in_fen, fund.government_fen) == (fund.size_fen - fund.uncalled_fen, None)


def test_figures_of_an_older_program_are_put_right_once(stocked: Funding) -> None:
    engine, where, name = stocked.database.engine, BLUEPRINT.migrations, BLUEPRINT.name
    table = schema.fund.c
    with stocked.database.write() as session:
        fund = drawn(session, table.paid_in_fen.is_not(None) & table.government_fen.is_not(None))
        stated = {"id": fund.id, "paid": fund.paid_in_fen, "government": fund.government_fen}
        subscribe(stocked, session, fund)
        receive(stocked, session, fund, YI)
        untouched = {each.id: _figures(each) for each in session.scalars(select(Fund)) if each is not fund}
        right = _figures(fund)
    downgrade(engine, where, name, revision="funding_0036")
    with stocked.database.write() as session:
        session.execute(
            text("UPDATE fund SET paid_in_fen = :paid, government_fen = :government WHERE id = :id"), stated
        )
    for _ in range(2):
        migrate(engine, where, name)
        with stocked.database.read() as session:
            found = {each.id: _figures(each) for each in session.scalars(select(Fund))}
        assert found == untouched | {fund.id: right}
        downgrade(engine, where, name, revision="funding_0036")
    migrate(engine, where, name)


def test_what_a_fund_subscribes_to_another_is_no_longer_free(stocked: Funding) -> None:
    table = schema.fund.c
    with stocked.database.write() as session:
        fund = drawn(session, table.government_fen.is_not(None))
        investor = _investor(session, fund)
        free, committed = investor.headroom_fen, investor.committed_fen
        said: dict[str, Any] = {"kind": PartyKind.FUND, "party": "", "investor_fund": investor.id}
        made = subscribe(stocked, session, fund, **said, fen=1000)
        assert (investor.headroom_fen, investor.committed_fen) == (free - 1000, committed + 1000)
        [(journal, _)], _ = ledger.journals(
            session, investor.id, f"funds/{fund.id}/commitments/{made.id}", None, 5
        )
        assert journal.document == "认缴协议"
        with pytest.raises(FailedPrecondition) as refused:
            subscribe(stocked, session, fund, **said, fen=free - 999)
        assert refused.value.reason == "SUBSCRIPTIONS_EXCEED_HEADROOM"
        assert refused.value.metadata == {
            "fund": investor.id,
            "askedFen": str(free - 999),
            "availableFen": str(free - 1000),
        }
        subscribe(stocked, session, fund, **said, fen=free - 1000)
        assert investor.headroom_fen == 0
        assert not list(ledger.differences(session))


def test_what_explains_a_size_is_of_what_was_brought_along_first(stocked: Funding) -> None:
    with stocked.database.write() as session:
        fund = drawn(session, schema.fund.c.government_fen.is_not(None))
        investor = _investor(session, fund)
        free, brought = investor.headroom_fen, ledger.brought(session, investor.id)
        said: dict[str, Any] = {"kind": PartyKind.FUND, "party": "", "investor_fund": investor.id}
        subscribe(stocked, session, fund, **said, fen=brought, new_capital=False)
        assert investor.headroom_fen == free
        subscribe(stocked, session, fund, **said, fen=7, new_capital=False)
        assert investor.headroom_fen == free - 7


def test_subscriptions_of_an_older_program_are_taken_once(stocked: Funding) -> None:
    engine, where, name = stocked.database.engine, BLUEPRINT.migrations, BLUEPRINT.name
    with stocked.database.write() as session:
        fund = drawn(session, schema.fund.c.government_fen.is_not(None))
        investor = _investor(session, fund)
        free, moment = investor.headroom_fen, stocked.clock.now()
        older = Commitment(
            "older", fund.id, PartyKind.FUND, "", investor.id, 500, DAY, "认缴协议", True, moment, "finance"
        )
        store.save_commitment(session, older)
        said: dict[str, Any] = {"kind": PartyKind.FUND, "party": "", "investor_fund": investor.id}
        subscribe(stocked, session, fund, **said, fen=30)
    for _ in range(2):
        downgrade(engine, where, name, revision="funding_0037")
        migrate(engine, where, name)
        with stocked.database.read() as session:
            assert session.get_one(Fund, investor.id).headroom_fen == free - 530
            assert not list(ledger.differences(session))


def _investor(session: Session, fund: Fund) -> Fund:
    """Another fund, with room for what it is to subscribe."""
    others = [each for each in session.scalars(select(Fund)) if each.id != fund.id]
    return max(others, key=lambda each: (each.headroom_fen, each.id))


def _figures(fund: Fund) -> tuple[int, int | None, int | None]:
    return fund.size_fen, fund.paid_in_fen, fund.government_fen
