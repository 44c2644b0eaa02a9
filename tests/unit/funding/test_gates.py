from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.funding.domain.civil import add_months
from services.funding.domain.firm.monthly import MonthFigures
from services.funding.domain.firm.stages import Stage
from services.funding.domain.outcomes import Outcome, all_of, any_of, at_least
from services.funding.domain.screening.case import TechnicalView
from services.funding.domain.screening.gates import early_gate, hard_gate, small_gate
from services.funding.domain.screening.rulesets import WAN, YI
from tests.unit.funding.cases import case

SUZHOU, TAX = {"ruleset": "suzhou-522"}, {"ruleset": "tax-2018-55"}
P, F, U = Outcome.PASS, Outcome.FAIL, Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("founded", "rounds", "outcome"),
    [
        (date(2021, 6, 30), 5, P),  # exactly 60 months
        (date(2021, 5, 30), 5, F),  # 61
        (date(2021, 5, 30), 2, P),
        (date(2021, 5, 30), 3, F),
        (date(2021, 5, 30), None, U),
        (None, 3, U),
        (None, 2, P),
    ],
)
def test_suzhou_early_is_age_or_rounds(founded: date | None, rounds: int | None, outcome: Outcome) -> None:
    varied = case(mandate=SUZHOU, facts={"founded": founded}, snapshot={"external_rounds": rounds})
    assert early_gate(varied).outcome is outcome


def test_month_end_ages_are_clamped() -> None:
    # Founded on 31 December 2021: 30 June 2026 completes the 54th month.
    assert case(facts={"founded": date(2021, 12, 31)}).age_months == 54


@pytest.mark.parametrize(("stage", "outcome"), [(Stage.STARTUP, P), (Stage.EARLY_GROWTH, F), (None, U)])
def test_national_early_is_by_stage(stage: Stage | None, outcome: Outcome) -> None:
    assert early_gate(case(facts={"stage": stage})).outcome is outcome


@pytest.mark.parametrize(
    ("pre_money", "ask", "outcome"),
    [(5 * YI - 1, 5000 * WAN, P), (5 * YI, 5000 * WAN, F), (5 * YI - 1, 5000 * WAN + 1, F), (None, WAN, U)],
)
def test_national_small_limits(pre_money: int | None, ask: int, outcome: Outcome) -> None:
    assert small_gate(case(terms={"pre_money_fen": pre_money, "ask_fen": ask})).outcome is outcome


@pytest.mark.parametrize(
    ("staff", "net", "revenue", "outcome"),
    [
        (200, 2000 * WAN, YI, P),
        (200, YI, 2000 * WAN, P),
        (200, 2000 * WAN + 1, 2000 * WAN + 1, F),
        (201, 0, 0, F),
        (200, None, 2000 * WAN, P),
        (200, None, 2000 * WAN + 1, U),
        (None, 0, 0, U),
    ],
)
def test_suzhou_small_limits(staff: int | None, net: int | None, revenue: int, outcome: Outcome) -> None:
    facts = {"staff": staff, "net_assets_fen": net, "assets_fen": None, "revenue_fen": revenue}
    assert small_gate(case(mandate=SUZHOU, snapshot=facts)).outcome is outcome


def test_tax_needs_graduates_and_research() -> None:
    assert small_gate(case(mandate=TAX, snapshot={"staff": 50, "bachelor_staff": 15})).outcome is P
    assert small_gate(case(mandate=TAX, snapshot={"staff": 50, "bachelor_staff": 14})).outcome is F
    assert hard_gate(case(mandate=TAX, snapshot={"cost_fen": 500, "rd_cost_fen": 100})).outcome is P
    assert hard_gate(case(mandate=TAX, snapshot={"cost_fen": 500, "rd_cost_fen": 99})).outcome is F


@pytest.mark.parametrize(
    ("facts", "rating", "outcome"),
    [
        ({}, None, P),
        ({"rd_cost_fen": 0, "inventions": 1, "rd_staff": 0}, 4.0, P),
        ({"rd_cost_fen": 0, "inventions": 1, "rd_staff": 0}, 3.9, F),
        ({"rd_cost_fen": 0, "inventions": 1, "rd_staff": 0}, None, U),
        ({"rd_cost_fen": None, "inventions": None, "rd_staff": None, "core_project": None}, None, U),
    ],
)
def test_hard_is_two_signs_of_five(facts: dict[str, int], rating: float | None, outcome: Outcome) -> None:
    varied = case(snapshot=facts, technical=TechnicalView(expert_rating=rating))
    assert hard_gate(varied).outcome is outcome


@given(st.lists(st.sampled_from([P, F, U]), min_size=1, max_size=6), st.integers(1, 6))
def test_unknown_never_decides(outcomes: list[Outcome], needed: int) -> None:
    got = at_least(needed, outcomes)
    best = at_least(needed, [P if o is U else o for o in outcomes])
    worst = at_least(needed, [F if o is U else o for o in outcomes])
    assert got is (best if best is worst else U)
    assert (any_of(outcomes) is P) == (P in outcomes)
    assert (all_of(outcomes) is F) == (F in outcomes)


def test_the_tax_rule_judges_by_the_mean_of_the_year_where_months_are_on_record() -> None:
    months = tuple(
        MonthFigures(add_months(date(2025, 6, 1), n), 299, 301, 4_000 * WAN, 6_000 * WAN) for n in range(13)
    )
    of_the_day = {"as_of": date(2026, 6, 30), "staff": 400, "bachelor_staff": 390, "assets_fen": 9_000 * WAN}
    judged = small_gate(case(mandate=TAX, snapshot=of_the_day)).conditions
    assert [each.outcome for each in judged[:3]] == [F, P, F]
    by_mean = small_gate(case(mandate=TAX, snapshot={**of_the_day, "months": months})).conditions
    assert [each.outcome for each in by_mean[:3]] == [P, P, P]
    assert "12个月平均" in by_mean[0].text.zh
    above = tuple(replace(each, closing_staff=302) for each in months)
    over = small_gate(case(mandate=TAX, snapshot={**of_the_day, "months": above})).conditions
    assert over[0].outcome is F
