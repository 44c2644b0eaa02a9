"""The ledger on a database: no interleaving over-commits a fund, and what the lines say is what the balances are."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from services.funding.domain.fund.fund import Fund
from services.funding.domain.ledger import acts
from services.funding.domain.ledger.accounts import Account
from services.funding.domain.ledger.acts import Lines
from services.funding.domain.ledger.journal import Act, Journal
from services.funding.store import schema
from services.funding.store.funds import ledger
from services.kernel.errors import BoleError, FailedPrecondition, NotFound
from tests.integration.funding.installed import Funding

WRITERS, REQUESTS = 8, 250
TABLES = ("journal", "journal_line")


def post(funding: Funding, fund_id: str, act: Act, lines: Lines) -> None:
    with funding.database.write() as session:
        ledger.post(session, [Journal(fund_id, act, lines, "test", funding.clock.now())])


def funds(funding: Funding) -> list[Fund]:
    with funding.database.read() as session:
        return list(session.scalars(select(Fund).order_by(schema.fund.c.id)))


def differences(funding: Funding) -> list[ledger.Difference]:
    with funding.database.read() as session:
        return list(ledger.differences(session))


def test_an_imported_fund_and_its_deals_agree_with_their_journals(stocked: Funding) -> None:
    assert differences(stocked) == []
    with stocked.database.read() as session:
        kinds = Counter(session.scalars(select(schema.journal.c.act)))
    assert kinds[Act.OPEN] == len(funds(stocked))
    assert kinds[Act.IMPORT] > 0


def test_racing_writers_never_take_more_than_there_is(stocked: Funding) -> None:
    """Thousands of reservations, signings and releases at once, for more than twice what is free."""
    before = max(funds(stocked), key=lambda fund: fund.headroom_fen)
    ticket = before.headroom_fen * 2 // (WRITERS * REQUESTS)

    def write(writer: int) -> Counter[str]:
        draw, outcomes = random.Random(writer), Counter[str]()
        for _ in range(REQUESTS):
            fen = draw.randint(ticket // 2, ticket * 2)
            act, lines = draw.choices(
                [
                    (Act.RESERVE, acts.reserve(fen)),
                    (Act.SIGN, acts.sign(fen, fen - fen // 3)),
                    (Act.RELEASE, acts.release(fen)),
                ],
                weights=(8, 1, 1),
            )[0]
            try:
                post(stocked, before.id, act, lines)
            except FailedPrecondition as error:
                outcomes[error.reason] += 1
            else:
                outcomes["POSTED"] += 1
        return outcomes

    with ThreadPoolExecutor(WRITERS) as pool:
        outcomes = sum(pool.map(write, range(WRITERS)), Counter[str]())
    [after] = [fund for fund in funds(stocked) if fund.id == before.id]
    assert outcomes.total() == WRITERS * REQUESTS
    assert outcomes["INSUFFICIENT_FUND_CAPITAL"] > 0
    assert set(outcomes) <= {"POSTED", "INSUFFICIENT_FUND_CAPITAL", "AMOUNT_EXCEEDS_BALANCE"}
    assert after.headroom_fen >= 0
    assert after.journal_count - before.journal_count == outcomes["POSTED"]
    assert differences(stocked) == []


def test_funds_are_locked_in_one_order(stocked: Funding) -> None:
    """Two funds in one transaction, named in either order by eight writers: nobody waits for nobody."""
    first, second = [fund.id for fund in funds(stocked) if fund.headroom_fen > 10**8][:2]

    def write(writer: int) -> None:
        for _ in range(20):
            journals = [
                Journal(fund_id, Act.RESERVE, acts.reserve(1), "test", stocked.clock.now())
                for fund_id in ((first, second) if writer % 2 else (second, first))
            ]
            with stocked.database.write() as session:
                ledger.post(session, journals)

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    assert differences(stocked) == []


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (acts.spend(10**15), "INSUFFICIENT_CASH"),
        (acts.receive(10**15), "AMOUNT_EXCEEDS_UNCALLED"),
        (acts.write_off(10**15), "AMOUNT_EXCEEDS_BALANCE"),
    ],
)
def test_a_refused_act_leaves_nothing(stocked: Funding, lines: Lines, reason: str) -> None:
    before = funds(stocked)[0]
    with pytest.raises(FailedPrecondition) as caught:
        post(stocked, before.id, Act.IMPORT, lines)
    after = funds(stocked)[0]
    assert caught.value.reason == reason
    assert (after.version, after.balances, after.journal_count) == (
        before.version,
        before.balances,
        before.journal_count,
    )


def test_a_fund_that_is_not_there_has_no_ledger(funding: Funding) -> None:
    with pytest.raises(NotFound):
        post(funding, "none", Act.RESERVE, acts.reserve(1))


def test_subscribed_capital_becomes_headroom(stocked: Funding) -> None:
    before = funds(stocked)[0]
    post(stocked, before.id, Act.SUBSCRIBE, acts.subscribe(1000, fee_reserve_fen=100))
    after = funds(stocked)[0]
    assert after.size_fen - before.size_fen == 1000
    assert after.headroom_fen - before.headroom_fen == 900
    assert after.balances[Account.UNCALLED] - before.balances[Account.UNCALLED] == 1000
    assert differences(stocked) == []


@pytest.mark.parametrize("table", TABLES)
def test_nothing_rewrites_the_ledger(stocked: Funding, table: str) -> None:
    statements = [f"UPDATE {table} SET sequence = sequence + 1", f"DELETE FROM {table}"]
    if stocked.database.engine.dialect.name == "sqlite":
        statements.append(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")
    else:
        statements.append(f"TRUNCATE {table} CASCADE")
    for statement in statements:
        with pytest.raises(DBAPIError, match="append-only"), stocked.database.write() as session:
            session.execute(text(statement))


def test_the_verifier_finds_a_balance_that_was_edited(stocked: Funding) -> None:
    victim = funds(stocked)[0]
    with stocked.database.write() as session:
        changed = update(schema.fund).where(schema.fund.c.id == victim.id)
        session.execute(changed.values(uncalled_fen=schema.fund.c.uncalled_fen + 1))
    found = differences(stocked)
    assert [(each.fund_id, each.what, each.balance_fen - each.ledger_fen) for each in found] == [
        (victim.id, "UNCALLED", 1)
    ]


def test_every_error_of_the_ledger_speaks_both_languages(stocked: Funding) -> None:
    with pytest.raises(BoleError) as caught:
        post(stocked, funds(stocked)[0].id, Act.RESERVE, acts.reserve(10**15))
    assert "可用额度" in caught.value.text.zh
    assert "free to reserve" in caught.value.text.en
