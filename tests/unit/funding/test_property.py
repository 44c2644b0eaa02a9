"""Rights, pledges and first loans: one live pledge per rank, no pledge outlives its rights, one first loan."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.funding.domain.property.loan import (
    CreditCheck,
    FirstLoan,
    Loan,
    Security,
    examine_check,
    examine_loan,
    first_loan,
    standing,
)
from services.funding.domain.property.pledge import NEXT, Pledge, PledgeState, draft, move
from services.funding.domain.property.products import ProductMethod, suggestions
from services.funding.domain.property.right import IpRight, RightKind, examine_right, require_lapsable
from services.kernel.errors import FailedPrecondition, InvalidArgument

NOW = datetime(2026, 6, 30, 4, tzinfo=UTC)
TODAY = date(2026, 6, 30)
RIGHT = IpRight(
    id="right-1",
    firm_id="firm-1",
    kind=RightKind.INVENTION,
    number="ZL202310000001.1",
    title="一种电解槽",
    granted=date(2024, 1, 5),
    expires=date(2043, 3, 1),
    document="专利证书",
    actor="analyst",
    at=NOW,
)


def new_pledge(**changes: object) -> Pledge:
    values: dict[str, object] = {
        "id": "pledge-1",
        "firm_id": "firm-1",
        "state": PledgeState.DRAFT,
        "right_ids": ("right-1",),
        "rank": 1,
        "pledgee": "某银行（演示）",
        "secured_fen": 500_000_000,
        "valuation_fen": None,
        "valuation_basis": "",
        "starts": date(2026, 7, 1),
        "ends": date(2029, 6, 30),
        "registration": "",
        "version": 1,
        "created_at": NOW,
    }
    return Pledge(**(values | changes))  # type: ignore[arg-type]


def step(pledge: Pledge, target: PledgeState, rights: Sequence[IpRight], on: date = TODAY) -> None:
    move(pledge, target, rights, effective=on, document="登记通知书", actor="analyst", at=NOW)


def drafted(**changes: object) -> Pledge:
    made = new_pledge(**changes)
    draft(made, [RIGHT], "质押合同", "analyst")
    return made


def test_a_pledge_goes_its_way_once() -> None:
    made = drafted()
    step(made, PledgeState.REGISTERED, [RIGHT])
    step(made, PledgeState.RELEASED, [RIGHT])
    assert [each.target for each in made.steps] == [
        PledgeState.DRAFT,
        PledgeState.REGISTERED,
        PledgeState.RELEASED,
    ]
    with pytest.raises(FailedPrecondition) as caught:
        step(made, PledgeState.ENFORCED, [RIGHT])
    assert (caught.value.reason, caught.value.metadata["allowed"]) == ("ILLEGAL_TRANSITION", "")


def test_a_rank_is_taken_once_and_another_rank_is_free() -> None:
    pledged = replace(RIGHT, pledged_ranks=(1,))
    with pytest.raises(FailedPrecondition) as caught:
        step(drafted(), PledgeState.REGISTERED, [pledged])
    assert caught.value.reason == "RIGHT_PLEDGED"
    step(drafted(rank=2), PledgeState.REGISTERED, [pledged])
    assert not pledged.free(TODAY)
    with pytest.raises(FailedPrecondition):
        require_lapsable(pledged)


@pytest.mark.parametrize(
    ("right", "reason"),
    [
        (replace(RIGHT, expires=date(2029, 6, 29)), "PLEDGE_OUTLIVES_RIGHT"),
        (replace(RIGHT, expires=date(2026, 6, 30)), "RIGHT_NOT_IN_FORCE"),
        (replace(RIGHT, lapse_reason="未缴年费"), "RIGHT_NOT_IN_FORCE"),
    ],
)
def test_no_pledge_outlives_its_rights(right: IpRight, reason: str) -> None:
    for attempt in (
        lambda: draft(new_pledge(), [right], "质押合同", "analyst"),
        lambda: step(drafted(), PledgeState.REGISTERED, [right]),
    ):
        with pytest.raises(FailedPrecondition) as caught:
            attempt()
        assert caught.value.reason == reason
    draft(new_pledge(), [replace(RIGHT, expires=date(2029, 6, 30))], "质押合同", "analyst")


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({"pledgee": ""}, ["REQUIRED"]),
        ({"secured_fen": 0}, ["AMOUNT_TOO_SMALL"]),
        ({"rank": 0}, ["OUT_OF_BOUNDS"]),
        ({"right_ids": ("a", "a")}, ["RIGHT_REPEATED"]),
        ({"ends": date(2026, 7, 1)}, ["ENDS_BEFORE_IT_BEGINS"]),
        ({"valuation_fen": 5}, ["REQUIRED"]),
    ],
)
def test_what_cannot_be_true_of_a_pledge(changes: dict[str, object], reasons: list[str]) -> None:
    with pytest.raises(InvalidArgument) as caught:
        draft(new_pledge(**changes), [RIGHT], "质押合同", "analyst")
    assert [each.reason for each in caught.value.violations] == reasons


def test_a_pledge_expires_after_its_last_day_and_not_on_it() -> None:
    made = drafted(starts=date(2024, 6, 1), ends=date(2026, 6, 29))
    step(made, PledgeState.REGISTERED, [RIGHT], date(2024, 6, 1))
    with pytest.raises(FailedPrecondition) as caught:
        step(made, PledgeState.EXPIRED, [RIGHT], date(2026, 6, 29))
    assert caught.value.reason == "NOT_YET_EXPIRED"
    with pytest.raises(InvalidArgument):
        step(made, PledgeState.RELEASED, [RIGHT], date(2024, 5, 31))
    step(made, PledgeState.EXPIRED, [RIGHT], date(2026, 6, 30))


def test_what_cannot_be_true_of_a_right() -> None:
    examine_right(RIGHT, TODAY)
    with pytest.raises(InvalidArgument) as caught:
        examine_right(replace(RIGHT, number=" ", granted=date(2050, 1, 1)), TODAY)
    assert [each.reason for each in caught.value.violations] == [
        "REQUIRED",
        "DATE_IN_FUTURE",
        "ENDS_BEFORE_IT_BEGINS",
    ]


class Ranks(RuleBasedStateMachine):
    """Whatever is pledged and released: a right has one live pledge per rank, and none that outlives it."""

    def __init__(self) -> None:
        super().__init__()
        self.rights = {f"right-{n}": replace(RIGHT, id=f"right-{n}") for n in range(3)}
        self.pledges: list[Pledge] = []

    def _now(self, id_: str) -> IpRight:
        live = [
            each for each in self.pledges if each.state is PledgeState.REGISTERED and id_ in each.right_ids
        ]
        return replace(self.rights[id_], pledged_ranks=tuple(sorted(each.rank for each in live)))

    @rule(ids=st.sets(st.sampled_from(["right-0", "right-1", "right-2"]), min_size=1), rank=st.integers(1, 2))
    def pledge(self, ids: set[str], rank: int) -> None:
        made = new_pledge(id=f"p-{len(self.pledges)}", right_ids=tuple(sorted(ids)), rank=rank)
        draft(made, [self._now(id_) for id_ in ids], "合同", "analyst")
        self.pledges.append(made)

    @rule(at=st.integers(0, 20), to=st.sampled_from([*PledgeState][1:]))
    def move(self, at: int, to: PledgeState) -> None:
        if self.pledges:
            chosen = self.pledges[at % len(self.pledges)]
            before = chosen.state
            try:
                step(chosen, to, [self._now(id_) for id_ in chosen.right_ids])
            except FailedPrecondition:
                assert chosen.state is before
            else:
                assert to in NEXT[before]

    @invariant()
    def one_live_pledge_per_rank(self) -> None:
        for id_ in self.rights:
            ranks = self._now(id_).pledged_ranks
            assert len(set(ranks)) == len(ranks)
            assert self._now(id_).free(TODAY) == (not ranks)


TestRanks = Ranks.TestCase


def loan(number: int, disbursed: date, **changes: object) -> Loan:
    values: dict[str, object] = {
        "id": f"loan-{number}",
        "firm_id": "firm-1",
        "lender": "某银行（演示）",
        "fen": 300_000_000,
        "disbursed": disbursed,
        "due": disbursed + timedelta(days=365),
        "security": Security.CREDIT,
        "pledge_id": None,
        "document": "借款合同",
        "actor": "finance",
        "at": NOW + timedelta(hours=number),
    }
    return Loan(**(values | changes))  # type: ignore[arg-type]


def credit_check(as_of: date, earliest: date | None = None) -> CreditCheck:
    return CreditCheck("firm-1", as_of, "授权书", "征信中心", earliest, "finance", NOW)


@given(
    st.lists(st.dates(date(2020, 1, 1), date(2026, 6, 1)), max_size=6),
    st.none() | st.dates(date(2020, 1, 1), date(2026, 6, 1)),
)
def test_at_most_one_loan_is_the_first_and_it_is_the_earliest(days: list[date], seen: date | None) -> None:
    loans = [loan(number, day) for number, day in enumerate(days)]
    found = first_loan(loans, [credit_check(TODAY, seen)])
    assert found == first_loan(list(reversed(loans)), [credit_check(TODAY, seen)])
    if found is None:
        assert not days or (seen is not None and seen < min(days))
    else:
        assert next(each.disbursed for each in loans if each.id == found) == min(days)


def test_whether_the_next_loan_would_be_the_first() -> None:
    assert standing([], [])[0] is FirstLoan.UNKNOWN
    assert standing([], [credit_check(TODAY)])[0] is FirstLoan.CANDIDATE
    assert standing([], [credit_check(TODAY, date(2025, 1, 1))])[0] is FirstLoan.HAD_LOAN
    state, text = standing([loan(1, date(2026, 1, 1))], [credit_check(date(2025, 1, 1))])
    assert state is FirstLoan.HAD_LOAN
    assert "2026-01-01" in text.zh
    assert "2026-01-01" in text.en


def test_what_cannot_be_true_of_a_loan_or_a_check() -> None:
    examine_loan(loan(1, TODAY), TODAY)
    wrong = loan(1, date(2050, 1, 1), due=date(2050, 1, 1), security=Security.IP_PLEDGE, fen=0, lender="")
    with pytest.raises(InvalidArgument) as caught:
        examine_loan(wrong, TODAY)
    assert [each.field for each in caught.value.violations] == [
        "lender",
        "amount",
        "disburse_date",
        "due_date",
        "pledge",
    ]
    with pytest.raises(InvalidArgument):
        examine_loan(loan(1, TODAY, pledge_id="pledge-1"), TODAY)
    with pytest.raises(InvalidArgument):
        examine_check(credit_check(TODAY, TODAY + timedelta(days=1)), TODAY)


def test_what_is_suggested_rests_on_what_is_there() -> None:
    method = ProductMethod()
    near = replace(RIGHT, expires=date(2028, 6, 29))
    assert suggestions([near], FirstLoan.HAD_LOAN, TODAY, method) == []
    exact = replace(RIGHT, expires=date(2028, 6, 30))
    assert len(suggestions([exact], FirstLoan.CANDIDATE, TODAY, method)) == 2
    assert len(suggestions([], FirstLoan.UNKNOWN, TODAY, method)) == 1
