"""Recycling: what may be invested again, and that it makes nothing but the free capital larger."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.funding.domain.fund.fund import Fund
from services.funding.domain.fund.mandate import examine_mandate
from services.funding.domain.ledger import acts
from services.funding.domain.ledger.accounts import Account
from services.funding.domain.ledger.balances import Balances
from services.funding.domain.ledger.recycling import recalled, recyclable, recycling_cap
from services.funding.domain.ratio import Ratio, percent
from services.funding.domain.screening.rulesets import WAN, YI
from services.kernel.errors import FailedPrecondition, InvalidArgument
from tests.unit.funding.cases import MANDATE, fund

DAY = date(2027, 6, 30)
TENTH = replace(MANDATE, recycling_max=percent(10))


def held(fen: int) -> Balances:
    """A fund of 2亿, all of it paid in, that has invested an amount."""
    start = fund(paid_in_fen=2 * YI).balances
    return start.after(acts.reserve(fen)).after(acts.sign(fen, fen)).after(acts.pay(fen))


@pytest.mark.parametrize(
    ("proceeds", "cost", "so_far", "expected"),
    [
        (900 * WAN, 500 * WAN, 0, 500 * WAN),  # the cost, not the gain
        (200 * WAN, 500 * WAN, 0, 200 * WAN),  # no more than came back
        (900 * WAN, 500 * WAN, 1600 * WAN, 400 * WAN),  # up to the cap of 2000万
        (900 * WAN, 500 * WAN, 2000 * WAN, 0),
        (0, 500 * WAN, 0, 0),
    ],
)
def test_as_much_as_was_invested_came_back_and_the_mandate_allows(
    proceeds: int, cost: int, so_far: int, expected: int
) -> None:
    of = _recycled(so_far)
    assert recycling_cap(of, TENTH) == 2000 * WAN
    assert recyclable(of, TENTH, proceeds, cost, DAY) == expected


def test_nothing_without_a_rule_or_after_the_investment_period() -> None:
    of = fund()
    assert recyclable(of, MANDATE, YI, YI, DAY) == recyclable(of, None, YI, YI, DAY) == 0
    assert recycling_cap(of, None) is recycling_cap(of, MANDATE) is None
    last = date(2030, 12, 31)
    assert recyclable(of, TENTH, WAN, WAN, last) == WAN
    assert recyclable(of, TENTH, WAN, WAN, of.investment_ends) == 0


def test_the_cap_is_a_share() -> None:
    for wrong in (percent(101), Ratio(-1, 5), Ratio(1, 0)):
        with pytest.raises(InvalidArgument) as caught:
            examine_mandate(replace(MANDATE, recycling_max=wrong))
        assert caught.value.violations[0].field == "recycling_max"


def test_recycled_money_can_be_reserved_once_and_is_still_counted_as_invested() -> None:
    before = held(2 * YI)
    assert before[Account.FREE] == 0
    after = before.after(acts.leave(150 * WAN, 100 * WAN, recycled_fen=100 * WAN))
    assert after[Account.FREE] == 100 * WAN
    assert after[Account.DEPLOYED] + after[Account.RECYCLED] == 2 * YI
    assert after[Account.SUBSCRIBED] == before[Account.SUBSCRIBED]  # neither size nor look-through grows
    with pytest.raises(FailedPrecondition):
        after.after(acts.reserve(100 * WAN + 1))
    assert after.after(acts.reserve(100 * WAN))[Account.FREE] == 0


def test_returning_what_was_recycled_takes_it_back() -> None:
    sold = held(100 * WAN).after(acts.leave(100 * WAN, 100 * WAN, recycled_fen=60 * WAN))
    assert recalled(sold, 40 * WAN) == 0  # what came back and was not recycled goes first
    lines = acts.return_capital(70 * WAN, recycled_fen=recalled(sold, 70 * WAN))
    after = sold.after(lines)
    assert (after[Account.RECYCLED], after[Account.FREE]) == (30 * WAN, sold[Account.FREE] - 30 * WAN)
    assert recalled(after, YI) == 30 * WAN
    reserved = sold.after(acts.reserve(sold[Account.FREE]))
    with pytest.raises(FailedPrecondition) as caught:  # it is promised to a deal
        reserved.after(lines)
    assert caught.value.reason == "INSUFFICIENT_FUND_CAPITAL"


@settings(max_examples=40)
@given(st.data())
def test_however_often_money_goes_round_no_more_than_the_cap_is_recycled(data: st.DataObject) -> None:
    size, share = data.draw(st.integers(1, 10**6)), Ratio(data.draw(st.integers(0, 7)), 7)
    of, rules = fund(size_fen=size, paid_in_fen=size, government_fen=0), replace(MANDATE, recycling_max=share)
    balances = of.balances
    for _ in range(data.draw(st.integers(1, 8))):
        fen = min(balances[Account.FREE], balances[Account.CASH])
        if not fen:
            break
        balances = balances.after(acts.reserve(fen)).after(acts.sign(fen, fen)).after(acts.pay(fen))
        proceeds = data.draw(st.integers(0, 2 * fen))
        of.recycled_fen = balances[Account.RECYCLED]
        again = recyclable(of, rules, proceeds, fen, DAY)
        balances = balances.after(acts.leave(proceeds, fen, recycled_fen=again))
        assert share.den * balances[Account.RECYCLED] <= share.num * size
        assert balances[Account.FREE] <= balances[Account.CASH] + balances[Account.UNCALLED]


def _recycled(fen: int) -> Fund:
    of = fund()
    of.recycled_fen = fen
    return of
