"""Recycling on a database: what an exit brings back is free once, up to the cap, and the verifier follows it."""

from dataclasses import replace

from services.funding.domain.fund.fund import Fund
from services.funding.domain.investment.investment import Investment
from services.funding.domain.ledger import acts
from services.funding.domain.ledger.accounts import Account
from services.funding.domain.ledger.journal import Act, Journal
from services.funding.domain.ratio import Ratio
from services.funding.service.funds.recycling import returned
from services.funding.store import repository
from services.funding.store.funds import ledger
from services.kernel.clock import civil_date
from tests.integration.funding.installed import Funding
from tests.integration.funding.test_investments import differences, holdings, sell


def fund_of(funding: Funding, held: Investment) -> Fund:
    with funding.database.read() as session:
        return session.get_one(Fund, held.fund_id)


def allow(funding: Funding, fund: Fund, share: Ratio) -> None:
    """A revision in force from today that allows so much."""
    with funding.database.write() as session:
        rules = repository.mandate_of(session, fund.id)
        assert rules is not None
        revision, today = rules.revision + 1, civil_date(funding.clock.now())
        changed = replace(rules, revision=revision, effective_from=today, recycling_max=share)
        repository.save_mandate(session, changed)


def post(funding: Funding, fund_id: str, act: Act, lines: acts.Lines, about: str) -> None:
    with funding.database.write() as session:
        ledger.post(session, [Journal(fund_id, act, lines, "test", funding.clock.now(), about)])


def test_a_sale_frees_what_the_mandate_allows_and_no_more(stocked: Funding) -> None:
    held = max(holdings(stocked), key=lambda each: each.cost_fen)
    part, before = held.cost_fen // 4, fund_of(stocked, held)
    sell(stocked, held, 2 * part, part)
    assert fund_of(stocked, held).headroom_fen == before.headroom_fen  # off by default
    room = part + part // 2
    allow(stocked, before, Ratio(room, before.size_fen))
    for expected in (part, room):
        sell(stocked, held, 2 * part, part)
        after = fund_of(stocked, held)
        assert after.recycled_fen == after.headroom_fen - before.headroom_fen == expected
        assert after.ever_invested_fen == before.ever_invested_fen
        assert (after.size_fen, after.paid_in_fen) == (before.size_fen, before.paid_in_fen)
    assert differences(stocked) == []
    taken = [acts.reserve(after.headroom_fen), acts.release(part)]
    for act, lines in zip((Act.RESERVE, Act.RELEASE), taken, strict=True):
        post(stocked, held.fund_id, act, lines, "deals/none")
    with stocked.database.write() as session:
        lines = returned(session, held.fund_id, 2 * part)
    post(stocked, held.fund_id, Act.RETURN_CAPITAL, lines, f"funds/{held.fund_id}")
    ended = fund_of(stocked, held)
    assert ended.recycled_fen == room + lines[Account.RECYCLED]
    assert ended.headroom_fen == part + lines[Account.FREE]
    assert differences(stocked) == []


def test_the_verifier_finds_more_recycled_than_came_back(stocked: Funding) -> None:
    held = holdings(stocked)[0]
    post(stocked, held.fund_id, Act.EXIT, acts.recycle(7), f"investments/{held.id}")
    assert [(each.what, each.ledger_fen, each.balance_fen) for each in differences(stocked)] == [
        (f"investments/{held.id} RECYCLED", 7, 0)
    ]
