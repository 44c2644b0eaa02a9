"""The ledger: whatever is asked of a fund, its lines add up and no account falls below zero."""

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.funding.domain.fund.fund import opening
from services.funding.domain.ledger import acts
from services.funding.domain.ledger.accounts import SOURCES, Account, Book
from services.funding.domain.ledger.acts import Lines
from services.funding.domain.ledger.balances import Balances
from services.funding.domain.ledger.holding import Holding, act_between, arriving, lines_between
from services.funding.domain.ledger.journal import Act, Journal, total
from services.funding.domain.ledger.recycling import recalled
from services.funding.domain.screening.rulesets import YI
from services.kernel.errors import BoleError, FailedPrecondition, InvalidArgument
from tests.unit.funding.cases import AT, fund

AMOUNTS = st.integers(-1, 3 * YI)
ONE_AMOUNT: dict[str, Callable[[int], Lines]] = {
    "subscribe": acts.subscribe,
    "receive": acts.receive,
    "reserve": acts.reserve,
    "release": acts.release,
    "pay": acts.pay,
    "cancel": acts.cancel,
    "spend": acts.spend,
    "earn": acts.earn,
    "write_off": acts.write_off,
    "distribute": acts.distribute,
    "return_capital": acts.return_capital,
}


class FundMoney(RuleBasedStateMachine):
    """Every act in any order and of any size."""

    @initialize(fee=st.integers(0, YI))
    def open(self, fee: int) -> None:
        made = fund(fee_reserve_fen=fee)
        self.balances = made.balances
        self.journals = [opening(made, actor="test", at=AT)]

    @rule(fen=AMOUNTS, act=st.sampled_from(sorted(ONE_AMOUNT)))
    def move(self, fen: int, act: str) -> None:
        self._post(lambda: ONE_AMOUNT[act](fen))

    @rule(approved=AMOUNTS, signed=AMOUNTS)
    def sign(self, approved: int, signed: int) -> None:
        self._post(lambda: acts.sign(approved, min(signed, approved)))

    @rule(proceeds=AMOUNTS, cost=AMOUNTS, part=st.integers(0, 4))
    def leave(self, proceeds: int, cost: int, part: int) -> None:
        again = max(0, min(proceeds, cost)) * part // 4
        self._post(lambda: acts.leave(proceeds, cost, recycled_fen=again))

    @rule(fen=AMOUNTS)
    def give_back(self, fen: int) -> None:
        self._post(lambda: acts.return_capital(fen, recycled_fen=recalled(self.balances, fen)))

    def _post(self, lines: Callable[[], Lines]) -> None:
        before = self.balances
        try:
            made = lines()
            self.balances = before.after(made)
        except BoleError:
            assert self.balances is before
        else:
            self.journals.append(Journal("fund-1", Act.IMPORT, made, "test", AT))

    @invariant()
    def holds(self) -> None:
        if not hasattr(self, "balances"):
            return
        ledger = total(self.journals)
        assert {a: self.balances[a] for a in Account} == {a: ledger.get(a, 0) for a in Account}
        assert all(self.balances[account] >= 0 for account in Account if account not in SOURCES)
        for book in Book:
            assert sum(self.balances[account] for account in Account if account.book is book) == 0
        allocated = (Account.RESERVED, Account.COMMITTED_UNPAID, Account.DEPLOYED, Account.RECYCLED)
        assert sum(self.balances[account] for account in allocated) <= -self.balances[Account.INVESTABLE]


TestFundMoney = FundMoney.TestCase


def test_the_last_fen_can_be_reserved_and_not_one_more() -> None:
    balances = fund().balances.after(acts.reserve(2 * YI - 1))
    with pytest.raises(FailedPrecondition) as caught:
        balances.after(acts.reserve(2))
    assert caught.value.reason == "INSUFFICIENT_FUND_CAPITAL"
    assert caught.value.metadata["availableFen"] == "1"
    assert balances.after(acts.reserve(1))[Account.FREE] == 0


@pytest.mark.parametrize("fen", [0, -1, 1.5, True])
def test_only_whole_positive_fen_move(fen: object) -> None:
    with pytest.raises(InvalidArgument):
        acts.reserve(fen)  # type: ignore[arg-type]


def test_what_is_not_in_the_bank_cannot_be_paid() -> None:
    balances = fund(paid_in_fen=100).balances.after(acts.reserve(101)).after(acts.sign(101, 101))
    with pytest.raises(FailedPrecondition) as caught:
        balances.after(acts.pay(101))
    assert caught.value.reason == "INSUFFICIENT_CASH"
    assert "实缴" in caught.value.text.zh


def test_a_smaller_contract_frees_the_rest() -> None:
    balances = fund().balances.after(acts.reserve(100)).after(acts.sign(100, 60))
    assert (balances[Account.RESERVED], balances[Account.COMMITTED_UNPAID]) == (0, 60)
    assert balances[Account.FREE] == 2 * YI - 60


@given(proceeds=st.integers(0, 10**15), cost=st.integers(1, 10**15), part=st.integers(0, 4))
def test_an_exit_shows_its_gain_and_recycles_no_part_of_it(proceeds: int, cost: int, part: int) -> None:
    again = min(proceeds, cost) * part // 4
    lines = acts.leave(proceeds, cost, recycled_fen=again)
    assert -lines.get(Account.GAIN, 0) == proceeds - cost
    assert lines.get(Account.FREE, 0) == lines.get(Account.RECYCLED, 0) == again
    with pytest.raises(ValueError, match="recycled"):
        acts.leave(proceeds, cost, recycled_fen=min(proceeds, cost) + 1)


HOLDINGS = st.builds(Holding, st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))


@given(HOLDINGS, HOLDINGS)
def test_lines_between_holdings_lead_from_one_to_the_other(before: Holding, after: Holding) -> None:
    lines = lines_between(before, after)
    assert bool(lines) == (before != after)
    for account, place in ((Account.RESERVED, 0), (Account.COMMITTED_UNPAID, 1), (Account.DEPLOYED, 2)):
        assert before[place] + lines.get(account, 0) == after[place]


def test_changes_of_a_holding_have_their_names() -> None:
    steps = [Holding(), Holding(5), Holding(0, 4), Holding(0, 0, 4)]
    named = [act_between(old, new) for old, new in pairwise(steps)]
    assert named == [Act.RESERVE, Act.SIGN, Act.PAY]
    assert act_between(Holding(5), Holding()) is Act.RELEASE
    assert act_between(Holding(0, 5), Holding()) is Act.CANCEL


def test_a_payment_brought_in_proves_its_receipt() -> None:
    balances = Balances("fund-1", {Account.UNCALLED: 100, Account.FREE: 100, Account.CASH: 30})
    after = balances.after(arriving(balances, Holding(paid=70)))
    assert (after[Account.UNCALLED], after[Account.CASH], after[Account.COST]) == (60, 0, 70)


@pytest.mark.parametrize(
    "lines",
    [{}, {Account.CASH: 1}, {Account.CASH: 1, Account.COST: 1}, {Account.CASH: 1, Account.FREE: -1}],
)
def test_lines_that_do_not_add_up_are_no_journal(lines: Lines) -> None:
    with pytest.raises(ValueError, match="zero"):
        Journal("fund-1", Act.PAY, lines, "test", datetime(2026, 1, 1, tzinfo=UTC))
