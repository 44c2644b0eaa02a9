from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.funding.domain.fund.mandate import Weights
from services.funding.domain.scores.composite import combine, score_case
from services.funding.domain.scores.curves import inv_log, rounds_curve
from services.funding.domain.scores.early import early_score
from services.funding.domain.scores.hard import hard_score
from services.funding.domain.scores.long import long_score
from services.funding.domain.scores.score import Band, Score
from services.funding.domain.scores.small import small_score
from services.funding.domain.screening.case import Case, TechnicalView
from services.funding.domain.screening.rulesets import WAN, YI
from tests.unit.funding.cases import AS_OF, SNAPSHOT, case

COUNT = st.none() | st.integers(0, 2000)
FEN = st.none() | st.integers(0, 10 * YI)
SLACK = 1e-9


def test_early_by_hand() -> None:
    # 37 completed months, one round, TRL 5, all verified.
    got = early_score(case())
    assert got.value == pytest.approx(40 * 23 / 60 + 40 * 0.85 + 20 * 0.5)
    assert got.coverage == 1
    assert sum(d.points for d in got.dims) == pytest.approx(got.value)


def test_declared_facts_count_six_tenths() -> None:
    verified, declared = early_score(case()), early_score(case(snapshot={"verified": False}))
    assert verified.value is not None
    assert declared.value == pytest.approx(0.6 * verified.value)


def test_curves_at_their_ends() -> None:
    assert inv_log(10, 10, 300) == 1
    assert inv_log(300, 10, 300) == 0
    assert inv_log(-5, 10, 300) == 1
    assert [rounds_curve(n) for n in range(7)] == [1, 0.85, 0.6, 0.25, 0.1, 0, 0]


def test_small_best_and_worst() -> None:
    best = case(
        snapshot={"staff": 10, "rd_staff": 1, "bachelor_staff": 1, "revenue_fen": 0},
        terms={"pre_money_fen": 2000 * WAN, "ask_fen": 300 * WAN},
    )
    worst = case(
        snapshot={"staff": 300, "revenue_fen": 5000 * WAN},
        terms={"pre_money_fen": 5 * YI, "ask_fen": 5000 * WAN},
    )
    assert small_score(best).value == 100
    assert small_score(worst).value == pytest.approx(0)


def test_long_by_hand() -> None:
    # Holding 7 years, no redemption, 162 months of fund left, reserve half of the ticket.
    assert case().life_left_months == 162
    assert long_score(case()).value == pytest.approx(40 * 4 / 7 + 25 + 20 + 15)
    early = case(terms={"has_redemption": True, "redemption_months": 60, "holding_months": 150})
    assert long_score(early).value == pytest.approx(40 + 25 * 2 / 5 + 0 + 15)


def test_hard_counts_model_estimate_as_declared_and_experts_first() -> None:
    modelled = hard_score(case(technical=TechnicalView(similarity=0.8, team=0.5)))
    rated = hard_score(case(technical=TechnicalView(similarity=0.8, team=0.5, expert_rating=5)))
    assert modelled.dims[-1].factor == 0.6
    assert "模型估计" in modelled.dims[-1].reason.zh
    assert rated.dims[-1].s == 1
    assert rated.dims[-1].factor == 1


def test_missing_inputs_lower_coverage_to_insufficient_evidence() -> None:
    got = early_score(case(snapshot={"external_rounds": None, "trl": None}))
    assert got.coverage == pytest.approx(0.4)
    assert got.band is Band.INSUFFICIENT_EVIDENCE
    assert got.value == pytest.approx(100 * 23 / 60)
    assert (
        early_score(case(snapshot={"external_rounds": None, "trl": None}, facts={"founded": None})).value
        is None
    )


def test_one_unknown_kind_of_right_makes_rights_missing() -> None:
    got = hard_score(case(snapshot={"pct": None}))
    assert [d.s is None for d in got.dims] == [False, True, False, True, True]
    assert got.coverage == pytest.approx(0.45)


@given(st.integers(1, 8000), st.integers(0, 4000), st.integers(0, 9), st.integers(0, 5))
def test_older_or_further_never_raises_early(days: int, more: int, rounds: int, extra: int) -> None:
    young = case(facts={"founded": AS_OF - timedelta(days=days)}, snapshot={"external_rounds": rounds})
    old = case(
        facts={"founded": AS_OF - timedelta(days=days + more)}, snapshot={"external_rounds": rounds + extra}
    )
    assert _value(early_score(old)) <= _value(early_score(young)) + SLACK


@given(
    st.integers(0, 500),
    st.integers(0, 500),
    st.integers(0, YI),
    st.integers(0, YI),
    st.integers(1, YI),
    st.integers(0, YI),
)
def test_larger_never_raises_small(
    staff: int, more_staff: int, revenue: int, more_revenue: int, ask: int, more: int
) -> None:
    def score(staff: int, revenue: int, ask: int) -> float:
        facts = {"staff": staff, "rd_staff": None, "bachelor_staff": None, "revenue_fen": revenue}
        return _value(small_score(case(snapshot=facts, terms={"ask_fen": ask, "pre_money_fen": 20 * ask})))

    larger = score(staff + more_staff, revenue + more_revenue, ask + more)
    assert larger <= score(staff, revenue, ask) + SLACK


@given(st.sampled_from(["inventions", "pct", "utility", "software"]), st.integers(0, 30), st.integers(0, 30))
def test_more_rights_never_lower_hard(kind: str, number: int, more: int) -> None:
    fewer, many = case(snapshot={kind: number}), case(snapshot={kind: number + more})
    assert _value(hard_score(many)) >= _value(hard_score(fewer)) - SLACK


@given(st.integers(1, YI), st.data())
def test_more_research_never_lowers_hard(cost: int, data: st.DataObject) -> None:
    low = data.draw(st.integers(0, cost))
    high = data.draw(st.integers(low, cost))
    less = case(snapshot={"cost_fen": cost, "rd_cost_fen": low})
    more = case(snapshot={"cost_fen": cost, "rd_cost_fen": high})
    assert _value(hard_score(more)) >= _value(hard_score(less)) - SLACK


@given(COUNT, FEN, COUNT, st.none() | st.integers(1, 9), st.booleans())
def test_scores_and_coverage_stay_in_bounds(
    staff: int | None, revenue: int | None, rounds: int | None, trl: int | None, verified: bool
) -> None:
    facts: dict[str, Any] = {"staff": staff, "revenue_fen": revenue, "external_rounds": rounds, "trl": trl}
    scores = score_case(
        case(snapshot=facts | {"verified": verified, "rd_staff": None, "bachelor_staff": None})
    )
    for score in (scores.early, scores.small, scores.long, scores.hard):
        assert score.value is None or 0 <= score.value <= 100
        assert 0 <= score.coverage <= 1
    assert scores.composite is None or 0 <= scores.composite <= 100


@given(st.sampled_from(["staff", "revenue_fen", "external_rounds", "trl"]))
def test_a_missing_input_is_neither_best_nor_worst(name: str) -> None:
    base = replace(SNAPSHOT, rd_staff=None, bachelor_staff=None)
    best, worst = (1, 9) if name == "trl" else (0, 10 * YI if name == "revenue_fen" else 5000)

    def both(value: int | None) -> tuple[float, float]:
        varied = case(snapshot=vars(base) | {name: value})
        return _value(early_score(varied)), _value(small_score(varied))

    for low, unknown, high in zip(both(worst), both(None), both(best), strict=True):
        assert low <= unknown <= high
        assert low == high or low < unknown < high


def test_a_nought_cannot_be_bought_off() -> None:
    full, none = Score(100.0, 1.0, ()), Score(0.0, 1.0, ())
    assert combine((full, full, full, none), Weights()) == (0.0, 1.0)
    assert combine((full, full, full, none), Weights(hard=0))[0] == pytest.approx(100)
    assert combine((Score(40.0, 1.0, ()), Score(90.0, 1.0, ()), full, full), Weights(1, 1, 0, 0))[
        0
    ] == pytest.approx(60)


def test_an_unscored_part_lowers_the_coverage_of_the_composite() -> None:
    full, unknown = Score(100.0, 1.0, ()), Score(None, 0.0, ())
    assert combine((full, full, unknown, unknown), Weights()) == (pytest.approx(100), 0.5)
    assert combine((unknown,) * 4, Weights()) == (None, 0.0)


def test_recomputing_gives_the_identical_result() -> None:
    def make() -> Case:
        return case(technical=TechnicalView(similarity=0.37))

    assert score_case(make()) == score_case(make())


def _value(score: Score) -> float:
    assert score.value is not None
    return score.value
