"""The steady model, its fan, forecasts that add up, and the month in which a gap closes."""

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import nbinom

from services.kernel.errors import InvalidArgument
from services.talent.domain.axes import Axes
from services.talent.domain.shortage.cube import Cube, History
from services.talent.domain.shortage.fan import Fan
from services.talent.domain.shortage.forecast import Forecaster, months_ahead
from services.talent.domain.shortage.method import Method
from services.talent.domain.shortage.reconcile import reconcile
from services.talent.domain.shortage.steady import Steady, choose_discount, log_scores
from tests.unit.talent.library import AXES, Leaf
from tests.unit.talent.shortage_cells import ONE, cube, history, quarter_ends

METHOD = Method()
AT = (0, 0, 0)
START = (0.5, 0.25)


def test_two_numbers_per_cell_and_a_negative_binomial_ahead() -> None:
    belief = Steady.follow(np.array([[3.0], [5.0]]), 0.8, START)
    a, b = 0.8 * (0.8 * 0.5 + 3) + 5, 0.8 * (0.8 * 0.25 + 1) + 1
    assert (belief.shape[0], belief.rate[0]) == (pytest.approx(a), pytest.approx(b))
    shape, rate = belief.ahead(2)
    assert (shape[0], rate[0]) == (pytest.approx(a * 0.64), pytest.approx(b * 0.64))
    expected = nbinom(shape[0], rate[0] / (rate[0] + 1))
    fan = Fan(shape / rate, shape / rate * (1 + 1 / rate))
    assert fan.mean[0] == pytest.approx(expected.mean())
    for level in (0.05, 0.5, 0.95):
        assert fan.quantile(level)[0] == expected.ppf(level)


@given(st.floats(0.01, 500), st.floats(1.01, 20), st.integers(0, 800))
def test_a_fan_is_the_negative_binomial_of_its_moments(mean: float, spread: float, count: int) -> None:
    fan = Fan(np.array([mean]), np.array([mean * spread]))
    known = nbinom(mean / (spread - 1), 1 / spread)
    assert fan.at_most(count)[0] == pytest.approx(known.cdf(count), abs=1e-9)
    assert fan.log_probability(count)[0] == pytest.approx(known.logpmf(count), rel=1e-6, abs=1e-6)
    for level in (0.05, 0.5, 0.95):
        value = fan.quantile(level)[0]
        assert known.cdf(value) >= level - 1e-9
        assert value == 0 or known.cdf(value - 1) < level + 1e-9


@pytest.mark.parametrize("delta", [0.0, -1.0, 1.5, float("nan")])
def test_a_discount_outside_0_to_1_is_refused(delta: float) -> None:
    with pytest.raises(InvalidArgument) as caught:
        Steady.follow(np.zeros((1, 1)), delta, START)
    assert caught.value.reason == "DISCOUNT_OUT_OF_RANGE"


def drifting(step: float, cells: int, quarters: int, seed: int) -> np.ndarray[Any, Any]:
    chance = np.random.default_rng(seed)
    rate = np.exp(chance.normal(0.6, 0.8, cells))
    series = []
    for _ in range(quarters):
        rate = rate * np.exp(chance.normal(0, step, cells))
        series.append(chance.poisson(rate))
    return np.asarray(series, float)


def test_90_percent_intervals_cover_and_beat_the_last_value() -> None:
    series = drifting(0.12, 600, 16, 7)
    inside, errors, naive = [], [], []
    for at in range(8, 16):
        belief = Steady.follow(series[:at], 0.9, START)
        shape, rate = belief.ahead(1)
        fan = Fan(shape / rate, shape / rate * (1 + 1 / rate))
        inside.append((fan.quantile(0.05) <= series[at]) & (series[at] <= fan.quantile(0.95)))
        errors.append(np.abs(fan.mean - series[at]))
        naive.append(np.abs(series[at - 1] - series[at]))
    assert 0.93 <= np.mean(inside) <= 0.98
    assert np.mean(errors) < 0.9 * np.mean(naive)


def test_the_discount_is_chosen_by_the_rolling_log_score() -> None:
    calm, wild = drifting(0.0, 400, 16, 3), drifting(0.8, 400, 16, 3)
    candidates = (0.5, 0.7, 0.9)
    assert choose_discount(calm, candidates, START, 4, 0.8) == 0.9
    assert choose_discount(wild, candidates, START, 4, 0.8) < 0.9
    scores = {delta: log_scores(wild, delta, START, 4) for delta in candidates}
    assert choose_discount(wild, candidates, START, 4, 0.8) == max(scores, key=lambda each: scores[each])
    assert choose_discount(calm[:4], candidates, START, 4, 0.8) == 0.8


@settings(max_examples=50)
@given(st.integers(0, 2**32 - 1))
def test_reconciled_expectations_add_up_at_every_level(seed: int) -> None:
    chance = np.random.default_rng(seed)
    levels = chance.gamma(0.5, 4.0, AXES.shape) + 1e-6
    whole = reconcile(AXES, levels, np.zeros(AXES.shape))
    assert whole[-1, -1, -1] == pytest.approx(levels[-1, -1, -1])
    assert np.allclose(whole[:, :-1].sum(axis=1), whole[:, -1])
    assert np.allclose(whole[:, :, :-1].sum(axis=2), whole[:, :, -1])
    at = AXES.node_at
    assert np.allclose(whole[at["hydrogen"]] + whole[at["quantum"]], whole[at["all"]])
    assert np.allclose(whole[at["renewable-h2"]] + whole[at["liquid-h2"]], whole[at["hydrogen"]])
    assert (whole[at["seawater-h2"]] <= whole[at["renewable-h2"]] + 1e-9).all()


def test_what_adds_up_already_is_left_as_it_is() -> None:
    flat = Axes.of([Leaf("a", "x"), Leaf("b", "x")], ["n", "s"], ["k", "l"])
    levels = np.zeros(flat.shape)
    levels[:2, :2, :2] = np.arange(1, 9).reshape(2, 2, 2)
    levels[2:, :2, :2] = levels[:2, :2, :2].sum(axis=0)
    levels[:, 2] = levels.sum(axis=1)
    levels[:, :, 2] = levels.sum(axis=2)
    assert np.allclose(reconcile(flat, levels, levels), levels)


def forecaster(given: Cube | None = None, **more: Any) -> Forecaster:
    return Forecaster(given or cube(**more), METHOD)


STEADY = history(ONE, [10] * 12, [4] * 12)


def test_a_steady_series_stays_and_the_doubt_grows() -> None:
    path = forecaster(demand=10, supply=4, history=STEADY).path(AT, months_ahead(24))
    assert path.demand.mean == pytest.approx(np.full(24, 10.0), rel=0.05)
    width = path.demand.quantile(0.95) - path.demand.quantile(0.05)
    assert width[-1] > width[0]
    assert path.supply == pytest.approx(np.full(24, 4.0))


def test_funded_hires_raise_demand_and_training_raises_supply_over_the_horizon() -> None:
    plain = forecaster(demand=10, supply=4, history=STEADY).path(AT, months_ahead(24))
    fed = forecaster(demand=10, supply=4, history=STEADY, funded=24, arrivals=12).path(AT, months_ahead(24))
    assert fed.demand.mean - plain.demand.mean == pytest.approx(np.arange(1, 25))
    assert fed.supply == pytest.approx(4 + np.arange(1, 25) / 2)
    assert (fed.demand.variance > plain.demand.variance).all()


def test_the_month_in_which_the_gap_closes_comes_with_its_probability() -> None:
    found = forecaster(demand=10, supply=4, history=STEADY, arrivals=24)
    closing = found.closing(AT, found.path(AT, months_ahead(24)))
    assert closing.closes
    assert closing.step is not None
    assert 4 <= closing.step <= 8
    assert 0.5 <= closing.probability < 0.8
    sooner = forecaster(demand=10, supply=4, history=STEADY, arrivals=48)
    assert sooner.closing(AT, sooner.path(AT, months_ahead(24))).step < closing.step  # type: ignore[operator]


def test_a_gap_that_never_closes_says_how_likely_it_is_by_the_end() -> None:
    found = forecaster(demand=40, supply=4, history=history(ONE, [40] * 12, [4] * 12))
    closing = found.closing(AT, found.path(AT, months_ahead(24)))
    assert (closing.step, closing.closes) == (None, True)
    assert closing.probability < 0.05


def test_a_threshold_passed_upwards_is_found_too() -> None:
    found = forecaster(demand=10, supply=12, history=STEADY, moved_in=0, moved_out=8, arrivals=0)
    closing = found.closing(AT, found.path(AT, months_ahead(24)), threshold=5)
    assert not closing.closes
    assert closing.step is not None


def test_a_young_cell_has_no_forecast() -> None:
    few = history(ONE, [float("nan")] * 9 + [3.0] * 3, [float("nan")] * 9 + [3.0] * 3)
    assert not forecaster(demand=3, supply=3, history=few).knows(AT)
    assert not forecaster(demand=3, supply=3).knows(AT)
    assert forecaster(demand=10, supply=4, history=STEADY).knows(AT)


def test_the_present_quarter_counts_by_the_part_of_it_that_has_passed() -> None:
    ends = quarter_ends(8)
    series = np.full((8, *ONE.shape), 10.0)
    fresh = forecaster(demand=30, supply=4, history=History(ends, series, series))
    old = History(tuple(end - timedelta(days=91) for end in ends), series, series)
    late = forecaster(demand=30, supply=4, history=old)
    assert fresh.path(AT, [1 / 3]).demand.mean[0] == pytest.approx(10, rel=0.05)
    assert late.path(AT, [1 / 3]).demand.mean[0] > 12


def test_every_cell_is_forecast_by_the_discount_of_its_level() -> None:
    series = np.stack([np.full(AXES.shape, float(value)) for value in (2, 9, 1, 8, 2, 9, 1, 8)])
    wild = Forecaster(cube(AXES, demand=3, history=History(quarter_ends(8), series, series)), METHOD)
    assert wild.discount((0, 0, 0)) == 0.9
    assert wild.discount((-1, -1, -1)) in METHOD.discounts
