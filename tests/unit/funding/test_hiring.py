from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.funding.domain.pipeline.hiring import (
    Basis,
    Employer,
    HiringMethod,
    HiringPlan,
    PlannedHire,
    examine_plan,
    expect,
)
from services.kernel.errors import InvalidArgument

METHOD = HiringMethod()
FIRM = Employer("nantong", (("seawater-h2", 700), ("liquid-h2", 300)))
PAID = date(2026, 6, 30)
ENGINEERS = "outstanding-engineer"


def plan(*hires: tuple[str, str, int], months: int | None = None) -> HiringPlan:
    return HiringPlan(tuple(PlannedHire(*each) for each in hires), months)


def test_a_plan_is_taken_as_it_is_in_the_firm_s_city() -> None:
    found = expect(plan(("liquid-h2", ENGINEERS, 5), months=12), FIRM, [], PAID, METHOD)
    assert found is not None
    assert [(each.leaf, each.city, each.category, each.milli) for each in found.hires] == [
        ("liquid-h2", "nantong", ENGINEERS, 5000)
    ]
    assert (found.starts, found.ends, found.basis, found.deals) == (PAID, date(2027, 6, 28), Basis.PLAN, 0)


def test_heads_without_a_direction_go_to_the_firm_s_directions() -> None:
    found = expect(plan(("", ENGINEERS, 10)), FIRM, [], PAID, METHOD)
    assert found is not None
    assert {each.leaf: each.milli for each in found.hires} == {"seawater-h2": 7000, "liquid-h2": 3000}


def test_earlier_deals_speak_for_one_without_a_plan_and_too_few_of_them_say_nothing() -> None:
    earlier = [
        plan(("", ENGINEERS, 4), months=12),
        plan(("x", ENGINEERS, 8)),
        plan(("", "highly-skilled", 3)),
    ]
    assert expect(None, FIRM, earlier[:2], PAID, METHOD) is None
    found = expect(None, FIRM, earlier, PAID, METHOD)
    assert found is not None
    assert (found.basis, found.deals) == (Basis.EARLIER_DEALS, 3)
    assert sum(each.milli for each in found.hires) == 5000
    assert {each.category for each in found.hires} == {ENGINEERS, "highly-skilled"}
    assert {each.leaf for each in found.hires} == {"seawater-h2", "liquid-h2"}


@given(
    st.lists(
        st.lists(st.tuples(st.sampled_from(["a", "b"]), st.integers(1, 99)), min_size=1, max_size=2),
        min_size=3,
        max_size=6,
    )
)
def test_the_lines_sum_to_the_mean_of_the_earlier_plans(plans: list[list[tuple[str, int]]]) -> None:
    earlier = [plan(*(("", category, heads) for category, heads in each)) for each in plans]
    found = expect(None, FIRM, earlier, PAID, METHOD)
    assert found is not None
    mean = Fraction(sum(heads for each in plans for _, heads in each), len(plans))
    assert sum(each.milli for each in found.hires) == round(mean * 1000)


@pytest.mark.parametrize(
    "wrong",
    [
        plan(),
        plan(("", ENGINEERS, 0)),
        plan(("", ENGINEERS, 1), ("", ENGINEERS, 2)),
        plan(("", ENGINEERS, 1), months=0),
        plan(("", ENGINEERS, 1), months=61),
        plan(*((f"d{n}", ENGINEERS, 1) for n in range(51))),
    ],
)
def test_a_plan_that_cannot_be_true_is_refused(wrong: HiringPlan) -> None:
    with pytest.raises(InvalidArgument):
        examine_plan(wrong)
