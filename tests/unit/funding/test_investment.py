"""A holding from its first payment to its end: whom it takes, what it rests on, what it adds up to."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.funding.domain.deal.actions import Role
from services.funding.domain.deal.step import Actor
from services.funding.domain.investment.actions import EDGES, InvestmentAction
from services.funding.domain.investment.investment import Investment, replay, tranche_states
from services.funding.domain.investment.machine import actions, lines_of, perform
from services.funding.domain.investment.marks import Mark, MarkMethod, known_marks
from services.funding.domain.investment.states import ENDED, ExitKind, InvestmentState
from services.funding.domain.investment.tranches import Tranche, TrancheState, TrancheTerms, examine_tranches
from services.funding.domain.ledger.accounts import Account
from services.funding.domain.ledger.journal import Journal
from services.funding.domain.screening.rulesets import WAN
from services.kernel.errors import FailedPrecondition, InvalidArgument, PermissionDenied
from tests.unit.funding.cases import AT
from tests.unit.funding.holdings import FINANCE, MANAGER, TRANCHES, new_holding, order

A, S = InvestmentAction, InvestmentState
LOW = Mark(100 * WAN, date(2026, 6, 30), MarkMethod.NET_ASSETS)


def refusal(holding: Investment, *args: object, **stated: object) -> FailedPrecondition:
    with pytest.raises(FailedPrecondition) as caught:
        perform(holding, order(*args, **stated))  # type: ignore[arg-type]
    assert caught.value.text.zh
    assert caught.value.text.en
    return caught.value


def test_a_tranche_takes_its_milestone_and_two_persons() -> None:
    holding = new_holding()
    assert (holding.paid_fen, holding.unpaid_fen, holding.cost_fen) == (300 * WAN, 200 * WAN, 300 * WAN)
    assert refusal(holding, A.PAY_TRANCHE, tranche=2).reason == "FIRST_SIGNATURE_MISSING"
    without = refusal(holding, A.PREPARE_TRANCHE, FINANCE, tranche=2, evidence=())
    assert (without.reason, without.violations[0].field) == ("MISSING_EVIDENCE", "evidence.MILESTONE_PROOF")
    perform(holding, order(A.PREPARE_TRANCHE, FINANCE, tranche=2))
    both = Actor("finance", frozenset({Role.FUND_MANAGER, Role.FINANCE}))
    with pytest.raises(PermissionDenied) as caught:
        perform(holding, order(A.PAY_TRANCHE, both, tranche=2))
    assert caught.value.reason == "FOUR_EYES"
    step = perform(holding, order(A.PAY_TRANCHE, tranche=2))
    assert lines_of(step) == (
        "PAY",
        {
            Account.CASH: -150 * WAN,
            Account.COST: 150 * WAN,
            Account.COMMITTED_UNPAID: -150 * WAN,
            Account.DEPLOYED: 150 * WAN,
        },
    )
    assert (holding.paid_fen, holding.unpaid_fen) == (450 * WAN, 50 * WAN)
    assert tranche_states(holding)[2] == (TrancheState.PAID, "finance")
    assert refusal(holding, A.PREPARE_TRANCHE, FINANCE, tranche=2).reason == "TRANCHE_SETTLED"
    assert refusal(holding, A.PREPARE_TRANCHE, FINANCE, tranche=4).reason == "NO_SUCH_TRANCHE"


def test_what_was_prepared_before_a_change_of_state_holds_no_longer() -> None:
    holding = new_holding()
    perform(holding, order(A.PREPARE_TRANCHE, FINANCE, tranche=2))
    perform(holding, order(A.FLAG))
    assert refusal(holding, A.PAY_TRANCHE, tranche=2).reason == "FIRST_SIGNATURE_MISSING"


def test_an_amended_tranche_keeps_its_amount_and_is_prepared_anew() -> None:
    holding = new_holding()
    perform(holding, order(A.PREPARE_TRANCHE, FINANCE, tranche=2))
    later = TrancheTerms(milestone="小批量交付", due=date(2027, 3, 31))
    perform(holding, order(A.AMEND_TRANCHE, tranche=2, terms=later))
    assert holding.tranche(2) == Tranche(2, 150 * WAN, "小批量交付", date(2027, 3, 31))
    assert tranche_states(holding)[2] == (TrancheState.PENDING, "")
    assert refusal(holding, A.PAY_TRANCHE, tranche=2).reason == "FIRST_SIGNATURE_MISSING"
    for terms in (None, TrancheTerms(), TrancheTerms(milestone=" ")):
        with pytest.raises(InvalidArgument) as caught:
            perform(holding, order(A.AMEND_TRANCHE, tranche=2, terms=terms))
        assert caught.value.violations[0].field == "milestone"
    assert refusal(holding, A.AMEND_TRANCHE, tranche=1, terms=later).reason == "TRANCHE_SETTLED"


def test_a_partial_exit_keeps_the_state_and_takes_its_part_of_the_mark() -> None:
    holding = new_holding()
    perform(holding, order(A.MARK, mark=Mark(900 * WAN, date(2026, 6, 30), MarkMethod.LAST_ROUND)))
    assert holding.value_fen == 900 * WAN
    sale = {"fen": 350 * WAN, "cost_fen": 100 * WAN, "exit_kind": ExitKind.TRANSFER}
    step = perform(holding, order(A.RECORD_EXIT, FINANCE, **sale))
    assert (holding.state, holding.cost_fen, holding.gain_fen) == (S.ACTIVE, 200 * WAN, 250 * WAN)
    assert holding.value_fen == 600 * WAN
    assert lines_of(step, recycled_fen=100 * WAN)[1][Account.FREE] == 100 * WAN  # type: ignore[index]
    over = refusal(holding, A.RECORD_EXIT, FINANCE, **(sale | {"cost_fen": 201 * WAN}))
    assert over.reason == "AMOUNT_EXCEEDS_COST"
    whole = refusal(holding, A.RECORD_EXIT, FINANCE, **(sale | {"cost_fen": 200 * WAN}))
    assert {each.reason for each in whole.violations} == {"TRANCHES_UNPAID", "EXIT_NOT_STARTED"}


def test_all_of_it_is_sold_in_an_exit_by_others_than_who_decided() -> None:
    holding = new_holding()
    for number in (2, 3):
        perform(holding, order(A.CANCEL_TRANCHE, tranche=number))
    assert holding.unpaid_fen == 0
    perform(holding, order(A.START_EXIT))
    sale = {"fen": 1, "cost_fen": holding.cost_fen, "exit_kind": ExitKind.BUY_BACK}
    with pytest.raises(PermissionDenied) as caught:
        perform(holding, order(A.RECORD_EXIT, Actor("manager", frozenset(Role)), **sale))
    assert caught.value.reason == "FOUR_EYES"
    perform(holding, order(A.RECORD_EXIT, FINANCE, **sale))
    assert (holding.state, holding.cost_fen, holding.value_fen) == (S.EXITED, 0, 0)
    illegal = refusal(holding, A.MARK, mark=LOW)
    assert (illegal.reason, illegal.metadata["allowedActions"]) == ("ILLEGAL_TRANSITION", "")


def test_who_is_recused_takes_no_step_of_a_holding_and_is_told_so_before() -> None:
    holding, wanted, recused = new_holding(), order(InvestmentAction.FLAG), {MANAGER.subject}
    [view] = [each for each in actions(holding, wanted, recused) if each.action is InvestmentAction.FLAG]
    assert [each.reason for each in view.reasons] == ["RECUSED"]
    with pytest.raises(PermissionDenied) as caught:
        perform(holding, wanted, recused)
    assert caught.value.reason == "RECUSED"
    assert (holding.state, holding.version) == (InvestmentState.ACTIVE, 1)
    perform(holding, wanted, {"somebody-else"})
    assert holding.state is InvestmentState.WATCH


def test_an_exit_that_comes_to_nothing_returns_to_where_it_began() -> None:
    holding = new_holding()
    perform(holding, order(A.FLAG))
    perform(holding, order(A.START_EXIT))
    perform(holding, order(A.STOP_EXIT))
    assert holding.state is S.WATCH


def test_a_write_off_takes_a_determination_two_persons_and_an_impairment() -> None:
    holding = new_holding()
    assert refusal(holding, A.WRITE_OFF).reason == "ILLEGAL_TRANSITION"
    perform(holding, order(A.FLAG))
    high = replace(LOW, fen=holding.cost_fen)
    assert refusal(holding, A.IMPAIR, mark=high).reason == "NOT_BELOW_COST"
    perform(holding, order(A.IMPAIR, mark=LOW))
    assert holding.value_fen == LOW.fen
    part: dict[str, Any] = {"fen": 120 * WAN}
    perform(holding, order(A.PREPARE_WRITE_OFF, FINANCE, **part))
    assert refusal(holding, A.WRITE_OFF, fen=121 * WAN).reason == "AMOUNT_DIFFERS"
    perform(holding, order(A.WRITE_OFF, **part))
    assert (holding.state, holding.written_off_fen, holding.cost_fen) == (S.IMPAIRED, 120 * WAN, 180 * WAN)
    assert holding.value_fen == LOW.fen * 180 // 300
    for number in (2, 3):
        perform(holding, order(A.CANCEL_TRANCHE, tranche=number))
    perform(holding, order(A.PREPARE_WRITE_OFF, FINANCE))
    assert refusal(holding, A.WRITE_OFF, evidence=()).reason == "MISSING_EVIDENCE"
    perform(holding, order(A.WRITE_OFF))
    assert (holding.state, holding.cost_fen, holding.value_fen) == (S.WRITTEN_OFF, 0, 0)
    late = perform(holding, order(A.RECORD_EXIT, FINANCE, fen=5, exit_kind=ExitKind.LIQUIDATION))
    assert lines_of(late) == ("EXIT", {Account.GAIN: -5, Account.CASH: 5})
    assert (holding.state, holding.gain_fen) == (S.WRITTEN_OFF, 5)


@pytest.mark.parametrize(
    ("stated", "field"),
    [
        ({"mark": None}, "mark"),
        ({"mark": replace(LOW, as_of=date(2026, 5, 31))}, "mark.as_of_date"),
        ({"mark": replace(LOW, as_of=date(2026, 7, 1))}, "mark.as_of_date"),
        ({"mark": replace(LOW, fen=-1)}, "mark.value"),
    ],
)
def test_a_mark_that_cannot_be_true_is_refused(stated: dict[str, Any], field: str) -> None:
    holding = new_holding()
    with pytest.raises(InvalidArgument) as caught:
        perform(holding, order(A.MARK, **stated))
    assert [each.field for each in caught.value.violations] == [field]
    assert len(holding.steps) == 1


def test_a_later_mark_of_the_same_day_corrects_and_the_first_stays_known() -> None:
    holding = new_holding()
    later = AT + timedelta(days=3)
    perform(holding, order(A.MARK, mark=LOW))
    perform(holding, order(A.MARK, mark=replace(LOW, fen=7), at=later))
    perform(holding, order(A.MARK, mark=replace(LOW, fen=9, as_of=date(2026, 6, 2)), at=later))
    assert holding.value_fen == 7
    records = [(each.mark, each.at, each.actor) for each in holding.steps if each.mark]
    assert [(each.mark.fen, each.superseded) for each in known_marks(records, None)] == [
        (9, False),
        (LOW.fen, True),
        (7, False),
    ]
    assert [(each.mark.fen, each.superseded) for each in known_marks(records, AT)] == [(LOW.fen, False)]


def test_a_payment_after_a_mark_counts_at_cost() -> None:
    holding = new_holding()
    perform(holding, order(A.MARK, mark=replace(LOW, as_of=date(2026, 6, 30))))
    day = AT + timedelta(days=1)
    perform(holding, order(A.PREPARE_TRANCHE, FINANCE, tranche=2, at=day))
    perform(holding, order(A.PAY_TRANCHE, tranche=2, at=day))
    assert holding.value_fen == LOW.fen + 150 * WAN


def test_a_plan_adds_up_to_what_was_signed() -> None:
    assert examine_tranches(TRANCHES, "投资协议", 500 * WAN) == TRANCHES
    wrong = (
        Tranche(1, 0, "不该有"),
        Tranche(2, 5, "", date(2027, 1, 1)),
        Tranche(3, 5, "x", date(2026, 1, 1)),
    )
    with pytest.raises(InvalidArgument) as caught:
        examine_tranches(wrong, "", 500 * WAN)
    assert [each.reason for each in caught.value.violations] == [
        "REQUIRED",
        "AMOUNT_TOO_SMALL",
        "FIRST_HAS_NO_MILESTONE",
        "REQUIRED",
        "DUE_DATES_OUT_OF_ORDER",
        "TRANCHES_DO_NOT_ADD_UP",
    ]


class HoldingWalk(RuleBasedStateMachine):
    """Orders of all kinds by all kinds of people: the figures are what the steps, and the lines, add up to."""

    def __init__(self) -> None:
        super().__init__()
        self.holding = new_holding()
        self.posted = {Account.COST: self.holding.cost_fen, Account.GAIN: 0, Account.WRITTEN_OFF: 0}

    @rule(
        action=st.sampled_from(list(A)[1:]),
        subject=st.sampled_from(["甲", "乙"]),
        tranche=st.sampled_from([None, 1, 2, 3, 4]),
        fen=st.sampled_from([None, 0, 1, 100 * WAN, 300 * WAN]),
        cost=st.sampled_from([0, 1, 100 * WAN, 300 * WAN, 500 * WAN]),
        kind=st.sampled_from([None, *ExitKind]),
        documented=st.booleans(),
        day=st.integers(0, 3),
    )
    def attempt(
        self,
        action: InvestmentAction,
        subject: str,
        tranche: int | None,
        fen: int | None,
        cost: int,
        kind: ExitKind | None,
        documented: bool,
        day: int,
    ) -> None:
        wanted = order(
            action,
            Actor(subject, frozenset(Role)),
            tranche=tranche,
            fen=fen,
            cost_fen=cost,
            exit_kind=kind,
            mark=replace(LOW, fen=cost),
            terms=TrancheTerms(milestone="新里程碑"),
            at=AT + timedelta(days=day),
        )
        wanted = wanted if documented else replace(wanted, evidence=())
        before, known = self.holding.state, list(self.holding.steps)
        shown = {view.action: view for view in actions(self.holding, wanted)}[action]
        try:
            step = perform(self.holding, wanted)
        except InvalidArgument:
            assert (self.holding.state, self.holding.steps) == (before, known)
        except (FailedPrecondition, PermissionDenied):
            assert not shown.permitted or action is A.RECORD_EXIT
            assert (self.holding.state, self.holding.steps) == (before, known)
        else:
            assert shown.permitted
            assert (step.action, step.source) in EDGES
            moved = lines_of(step)
            if moved is not None:
                Journal("fund-1", *moved, "test", AT)
                for account in self.posted:
                    self.posted[account] += moved[1].get(account, 0)

    @invariant()
    def adds_up(self) -> None:
        holding = self.holding
        standing = replay(holding.steps)
        assert holding.signed_fen == holding.paid_fen + holding.unpaid_fen + standing.cancelled_fen
        sold = holding.proceeds_fen - holding.gain_fen
        assert holding.paid_fen == holding.cost_fen + sold + holding.written_off_fen
        assert min(holding.unpaid_fen, holding.cost_fen, holding.value_fen, holding.written_off_fen) >= 0
        assert holding.state not in ENDED or holding.cost_fen == holding.unpaid_fen == 0
        assert self.posted[Account.COST] == holding.cost_fen
        assert self.posted[Account.GAIN] == -holding.gain_fen
        assert self.posted[Account.WRITTEN_OFF] == holding.written_off_fen


TestHoldingWalk = HoldingWalk.TestCase


def test_every_word_is_there_in_both_languages() -> None:
    for kind in (InvestmentAction, InvestmentState, ExitKind, MarkMethod, TrancheState):
        assert all(each.label.zh and each.label.en for each in kind)
    assert MANAGER.roles != FINANCE.roles
