"""What is usual, how a stock returns to it, its fan, forecasts that add up, and the month in which a gap closes."""

from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import nbinom

from services.kernel.errors import InvalidArgument
from services.talent.domain.axes import Axes
from services.talent.domain.shortage.counts.cube import Cube, History
from services.talent.domain.shortage.method import Method
from services.talent.domain.shortage.outlook.fan import Fan
from services.talent.domain.shortage.outlook.forecast import Forecaster, months_ahead
from services.talent.domain.shortage.outlook.reconcile import reconcile
from services.talent.domain.shortage.outlook.steady import Steady
from services.talent.domain.shortage.outlook.stock import Habit, choose_habit, expected, log_scores, spread
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


Counts = np.ndarray[Any, np.dtype[np.float64]]
HABITS = [Habit(*each) for each in product(METHOD.discounts, METHOD.persistences, METHOD.shocks)]
USUAL = Habit(METHOD.discount, METHOD.persistence, METHOD.shock)


def stocks(
    growth: float, left: float, quarters: int, seed: int, cells: int = 400, mean: float = 30.0
) -> Counts:
    """Open positions of cells whose openings grow so much a quarter, of which a share stays open for another one."""
    chance = np.random.default_rng(seed)
    usual = np.exp(chance.normal(np.log(mean), 0.6, cells))
    counts = chance.poisson(usual)
    series = [counts]
    for at in range(1, quarters):
        opened = usual * growth**at * (1 - left)
        counts = chance.binomial(counts, left) + chance.poisson(opened)
        series.append(counts)
    return np.asarray(series, float)


class Rolled(NamedTuple):
    """One quarter ahead, from every quarter after the first eight."""

    error: float
    unchanged: float
    coverage: float


def rolled(series: Counts) -> Rolled:
    errors, unchanged, inside = [], [], []
    for at in range(8, len(series)):
        habit = choose_habit(series[:at], HABITS, START, METHOD.forecast_least, USUAL)
        belief = Steady.follow(series[:at], habit.discount, START)
        mean = expected(belief.level, series[at - 1], habit.persistence, 1)
        fan = Fan(mean, spread(mean, belief.rate, habit, 1))
        errors.append(np.abs(mean - series[at]))
        unchanged.append(np.abs(series[at - 1] - series[at]))
        inside.append((fan.quantile(0.05) <= series[at]) & (series[at] <= fan.quantile(0.95)))
    return Rolled(*(float(np.mean(each)) for each in (errors, unchanged, inside)))


@pytest.mark.parametrize("left", [0.0, 0.5])
def test_where_nothing_grows_forecasts_beat_no_change_and_intervals_cover(left: float) -> None:
    found = rolled(stocks(1.0, left, 14, 7))
    assert found.error < 0.95 * found.unchanged
    assert 0.88 <= found.coverage <= 0.98


@pytest.mark.parametrize("growth", [0.9, 1.12])
@pytest.mark.parametrize("mean", [30.0, 300.0])
def test_where_demand_grows_or_falls_forecasts_follow_and_intervals_cover(growth: float, mean: float) -> None:
    found = rolled(stocks(growth, 0.5, 14, 5, mean=mean))
    assert found.error < 1.05 * found.unchanged
    assert found.coverage >= 0.84


def test_the_habit_is_chosen_by_the_rolling_log_score() -> None:
    calm, growing = stocks(1.0, 0.0, 14, 3, mean=100), stocks(1.15, 0.5, 14, 3, mean=100)
    found = [choose_habit(series, HABITS, START, 4, USUAL) for series in (calm, growing)]
    assert (found[0].persistence, found[0].shock) == (0.1, 0.02)
    assert found[1].persistence >= 0.9
    assert found[1].shock >= 0.1
    scores = log_scores(growing, HABITS, START, 6)
    assert found[1] == max(scores, key=lambda each: scores[each])
    assert choose_habit(calm[:4], HABITS, START, 4, USUAL) == USUAL
    assert choose_habit(np.zeros((9, 3)), HABITS, START, 4, USUAL) == USUAL


def test_cells_that_are_no_longer_counted_choose_no_habit() -> None:
    left = np.full((20, 3), np.nan)
    left[:6] = 5.0
    assert choose_habit(left, HABITS, START, 4, USUAL) == USUAL
    assert log_scores(left, HABITS, START, 6) == dict.fromkeys(HABITS, 0.0)


@given(st.floats(0, 1e4), st.floats(0.01, 1e4), st.floats(0, 1), st.floats(0.01, 8))
def test_a_stock_goes_from_todays_count_to_the_usual_one(
    last: float, usual: float, left: float, h: float
) -> None:
    mean = float(expected(np.array(usual), np.array(last), left, h))
    assert min(last, usual) - 1e-6 <= mean <= max(last, usual) + 1e-6
    assert float(expected(np.array(usual), np.array(last), left, 0)) == pytest.approx(last)
    assert float(expected(np.array(usual), np.array(np.nan), left, h)) == pytest.approx(usual)
    habit = Habit(0.8, left, 0.1)
    assert float(spread(np.array(mean), np.array(4.0), habit, h)) >= mean


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


def test_a_forecast_goes_out_from_todays_open_positions() -> None:
    path = forecaster(demand=30, supply=4, history=STEADY).path(AT, [0.01, 1.0, 8.0])
    assert path.demand.mean[0] == pytest.approx(30, rel=0.05)
    assert 10 < path.demand.mean[2] <= path.demand.mean[1] < 30


def test_the_present_quarter_counts_by_the_part_of_it_that_has_passed() -> None:
    ends = quarter_ends(4)
    series = np.full((4, *ONE.shape), 10.0)
    fresh = forecaster(demand=30, supply=4, history=History(ends, series, series))
    old = History(tuple(end - timedelta(days=91) for end in ends), series, series)
    late = forecaster(demand=30, supply=4, history=old)
    assert fresh.path(AT, [40.0]).demand.mean[0] == pytest.approx(10, rel=0.05)
    assert late.path(AT, [40.0]).demand.mean[0] > 12


def test_every_cell_is_forecast_by_the_habit_of_its_level() -> None:
    series = np.stack([np.full(AXES.shape, float(value)) for value in (2, 9, 1, 8, 2, 9, 1, 8)])
    wild = Forecaster(cube(AXES, demand=3, history=History(quarter_ends(8), series, series)), METHOD)
    assert wild.habit((0, 0, 0)).persistence == 0.1
    assert wild.habit((-1, -1, -1)) in HABITS


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.1, 8))
def test_what_is_expected_adds_up_at_every_level(seed: int, quarters: float) -> None:
    chance = np.random.default_rng(seed)
    counts = [summed(chance.poisson(2.0, AXES.shape).astype(float)) for _ in range(7)]
    past = History(quarter_ends(6), np.stack(counts[:6]), np.stack(counts[:6]))
    given_ = replace(cube(AXES, demand=1, history=past), demand=counts[6])
    means = Forecaster(given_, METHOD).expected(quarters)
    assert np.allclose(means[:, :-1].sum(axis=1), means[:, -1])
    assert np.allclose(means[:, :, :-1].sum(axis=2), means[:, :, -1])
    at = AXES.node_at
    assert np.allclose(means[at["hydrogen"]] + means[at["quantum"]], means[at["all"]])


def summed(leaves: Counts) -> Counts:
    """Counts that add up, from those that hang on each node itself."""
    whole = np.zeros(AXES.shape)
    for node, lineage in enumerate(AXES.lineage):
        if AXES.nodes[node] in AXES.leaves:
            for above in lineage:
                whole[above] += leaves[node]
    whole[:, -1, :] = whole[:, :-1, :].sum(axis=1)
    whole[:, :, -1] = whole[:, :, :-1].sum(axis=2)
    return whole
