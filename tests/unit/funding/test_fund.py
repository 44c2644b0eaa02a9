from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.funding.domain.fund.mandate import Weights, examine_mandate
from services.funding.domain.ratio import Ratio, percent
from services.funding.domain.screening.rulesets import RULESETS, YI, ruleset
from services.kernel.errors import InvalidArgument
from services.kernel.money import Money
from tests.unit.funding.cases import MANDATE, fund


def test_sums_across_currencies_are_refused() -> None:
    with pytest.raises(InvalidArgument) as caught:
        Money(1) + Money(1, "USD")
    assert caught.value.reason == "CURRENCY_MISMATCH"


def test_a_fund_that_cannot_be_is_refused_with_every_reason() -> None:
    with pytest.raises(InvalidArgument) as caught:
        fund(size_fen=0, life_years=0, established=date(2027, 1, 1))
    assert {v.field for v in caught.value.violations} == {"size_fen", "life_years", "established"}
    with pytest.raises(InvalidArgument) as caught:
        fund(paid_in_fen=3 * YI, committed_fen=3 * YI, investment_years=16)
    assert {v.field for v in caught.value.violations} == {"paid_in_fen", "invested_fen", "investment_years"}


def test_calendar() -> None:
    made = fund(established=date(2024, 2, 29), life_years=15, investment_years=4)
    assert (made.investment_ends, made.ends) == (date(2028, 2, 29), date(2039, 2, 28))


@given(st.integers(0, 10**15), st.integers(1, 10**15), st.integers(0, 100))
def test_ratios_compare_exactly(part: int, whole: int, hundredths: int) -> None:
    assert Ratio(part, whole).is_at_most(percent(hundredths)) == (part * 100 <= hundredths * whole)
    assert Ratio(part, whole).is_below(percent(hundredths)) == (part * 100 < hundredths * whole)


def test_rule_sets_are_named_cited_and_unknown_ones_refused() -> None:
    assert set(RULESETS) == {"suzhou-522", "national-2025", "tax-2018-55"}
    assert all(r.citation.zh and r.citation.en for r in RULESETS.values())
    with pytest.raises(InvalidArgument, match="national-2025"):
        ruleset("suzhou")


def test_mandate_takes_published_limits_and_is_examined() -> None:
    assert MANDATE.valuation_below_fen == 5 * YI
    assert MANDATE.early_floor == percent(70)
    examine_mandate(MANDATE)
    wrong = type(MANDATE)(
        **(vars(MANDATE) | {"leaves": (), "early_floor": Ratio(101, 100), "weights": Weights(0, 0, 0, 0)})
    )
    with pytest.raises(InvalidArgument) as caught:
        examine_mandate(wrong)
    assert {v.field for v in caught.value.violations} == {"leaves", "early_floor", "weights"}
