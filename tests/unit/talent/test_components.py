"""Each part of the index, the five together, and what is said where parts are missing."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit, ndtr

from services.talent.domain.axes import Axes
from services.talent.domain.shortage.counts.cube import Cube
from services.talent.domain.shortage.indices import momentum, pipeline
from services.talent.domain.shortage.indices.components import (
    COMPONENTS,
    Part,
    flow_part,
    momentum_part,
    pipeline_part,
)
from services.talent.domain.shortage.indices.index import Z90, combine, compute
from services.talent.domain.shortage.indices.stars import Belief, settle
from services.talent.domain.shortage.method import Method
from tests.unit.talent.library import Leaf
from tests.unit.talent.shortage_cells import ONE, WORKED, WORKED_PRIORS, cube, filled, history, priors

METHOD = Method()
AT = (0, 0, 0)
HEADS = st.integers(0, 40)


def worked_parts() -> list[Part]:
    """The cell of the worked example; its slope is given as 0.11 ± 0.07 per quarter, the usual one 0.10."""
    found = {
        each.key: each.estimate(cube(**WORKED), WORKED_PRIORS, METHOD)
        for each in COMPONENTS
        if each.key != "momentum"
    }
    slope, sd = filled(ONE, 0.11), filled(ONE, 0.07)
    found["momentum"] = Part(*momentum.log_odds(slope, sd, WORKED_PRIORS.slope))
    return [found[each.key] for each in COMPONENTS]


def test_the_worked_example_to_the_printed_digits() -> None:
    signed, log_odds, sd = combine(COMPONENTS, dict(METHOD.weights), worked_parts())
    shown = [round(100 * float(expit(log_odds[AT] + step * sd[AT])), 1) for step in (0, -Z90, Z90)]
    assert shown == [69.6, 55.6, 80.7]
    assert {name: round(float(value[AT]), 3) for name, value in signed.items()} == {
        "tightness": 0.286,
        "difficulty": 0.318,
        "pipeline": 0.148,
        "momentum": 0.110,
        "flow": -0.033,
    }
    standing = settle([], Belief(log_odds, sd), METHOD.star_floors, METHOD.sure)
    assert (standing.stars[AT], bool(standing.watch[AT])) == (3, True)
    reaching = [
        float(ndtr((log_odds[AT] - np.log(floor / (100 - floor))) / sd[AT])) for floor in (60, 70, 80)
    ]
    assert [round(each, 2) for each in reaching] == [0.88, 0.48, 0.06]


def test_the_worked_cell_falls_below_three_stars_with_thirteen_more_people() -> None:
    def index(more: int) -> float:
        given = {**WORKED, "supply": WORKED["supply"] + more}
        parts = [each.estimate(cube(**given), WORKED_PRIORS, METHOD) for each in COMPONENTS]
        parts[3] = worked_parts()[3]
        return 100 * float(expit(combine(COMPONENTS, dict(METHOD.weights), parts)[1][AT]))

    assert index(12) >= 60 > index(13)


def test_without_a_source_the_further_parts_are_missing_and_cost_one_letter_together() -> None:
    bare = {name: WORKED[name] for name in ("demand", "squared", "supply", "persons", "fills", "exposure")}
    found = compute(cube(**bare), METHOD, WORKED_PRIORS)
    assert {name for name, part in found.parts.items() if np.isnan(part[AT])} == {
        "pipeline",
        "momentum",
        "flow",
    }
    assert found.missing[AT] == 1
    assert found.log_odds[AT] == pytest.approx((0.35 * 0.8179161088942406 + 0.25 * 1.27096560274621) / 0.6)


def test_a_part_that_only_this_cell_lacks_costs_a_letter_of_its_own() -> None:
    given = {**WORKED, "exposure": 0, "history": history(ONE, [5] * 8, [5] * 8)}
    assert compute(cube(**given), METHOD, WORKED_PRIORS).missing[AT] == 1
    nowhere = {**given, "moved_in": None, "moved_out": None}
    assert compute(cube(**nowhere), METHOD, WORKED_PRIORS).missing[AT] == 2


def test_a_source_that_begins_to_speak_of_one_industry_costs_the_others_nothing() -> None:
    two = Axes.of([Leaf("quantum", "quantum"), Leaf("hydrogen", "hydrogen")], ["nantong"], ["engineer"])
    bare = {name: WORKED[name] for name in ("demand", "squared", "supply", "persons", "fills", "exposure")}
    before = compute(cube(two, **bare), METHOD, priors(two))
    for told in ("arrivals", "moves"):
        one = filled(two, 3.0)
        one[1] = np.nan
        names = ("arrivals",) if told == "arrivals" else ("moved_in", "moved_out")
        after = compute(cube(two, **bare, **dict.fromkeys(names, one)), METHOD, priors(two))
        assert (after.missing <= before.missing).all()


def test_while_too_few_quarters_are_closed_places_reported_cost_no_letter_more() -> None:
    bare = {name: WORKED[name] for name in ("demand", "squared", "supply", "persons", "fills", "exposure")}
    young = history(ONE, [5] * 2, [5] * 2, [1] * 2)
    found = compute(cube(**bare, arrivals=5, history=young), METHOD, WORKED_PRIORS)
    assert np.isnan(found.parts["pipeline"][AT])
    assert found.missing[AT] == 1


def test_with_tightness_and_difficulty_both_missing_there_is_no_index() -> None:
    found = compute(cube(arrivals=5, funded=9, moved_in=2, moved_out=1), METHOD, priors())
    assert not found.known.any()
    assert all(np.isnan(part).all() for part in found.parts.values())


def test_parts_that_rest_on_the_same_demand_err_together_and_the_others_apart() -> None:
    weights = {each.key: 0.2 for each in COMPONENTS}
    same = [Part(filled(ONE, 0.0), filled(ONE, 1.0)) for _ in COMPONENTS]
    assert combine(COMPONENTS, weights, same)[2][AT] == pytest.approx(np.sqrt(0.6**2 + 2 * 0.2**2))


def test_negative_cover_is_floored_at_0_and_flagged() -> None:
    losing = cube(demand=5, squared=5, supply=2, arrivals=1, funded=3, moved_in=0, moved_out=9, retiring=1)
    ahead = pipeline.outlook(losing, METHOD)
    assert (ahead.cover[AT], bool(ahead.floored[AT])) == (0.0, True)
    assert np.isfinite(pipeline_part(losing, priors(), METHOD).mean[AT])


def test_new_demand_is_what_opens_as_usual_and_what_is_funded() -> None:
    steady = history(ONE, [4] * 12, [4] * 12, opened=[3] * 12)
    both = cube(demand=4, supply=4, history=steady, funded=10)
    assert pipeline.expected_demand(both, METHOD)[AT] == pytest.approx(8 * 3 + 10, rel=0.02)
    assert np.isnan(pipeline.expected_demand(cube(demand=4, supply=4), METHOD)[AT])


def test_a_short_history_of_openings_is_none() -> None:
    short = cube(demand=4, supply=4, history=history(ONE, [4] * 3, [4] * 3, opened=[3] * 3))
    assert np.isnan(pipeline.expected_demand(short, METHOD)[AT])


@given(HEADS, HEADS, st.integers(0, 20), st.integers(0, 20))
def test_the_pipeline_rises_with_need_and_falls_with_cover(v: int, s: int, new: int, coming: int) -> None:
    def mean(extra_need: int, extra_cover: int) -> float:
        at = cube(demand=v, squared=v, supply=s, funded=new + extra_need, arrivals=coming + extra_cover)
        return float(pipeline_part(at, priors(), METHOD).mean[AT])

    if v + s + new + coming:
        assert mean(1, 0) > mean(0, 0) > mean(0, 1)


@given(HEADS, HEADS)
def test_flow_is_neutral_when_as_many_come_as_go_and_changes_sign_when_swapped(out: int, into: int) -> None:
    def mean(leaving: int, coming: int) -> float:
        return float(flow_part(cube(moved_in=coming, moved_out=leaving), priors(), METHOD).mean[AT])

    assert mean(out, out) == 0
    assert mean(out + 1, into) > mean(out, into) > mean(out, into + 1)
    assert mean(out, into) == pytest.approx(-mean(into, out))


@given(st.lists(HEADS, min_size=8, max_size=8), st.lists(HEADS, min_size=8, max_size=8))
def test_momentum_changes_sign_when_demand_and_supply_swap(v: list[int], s: list[int]) -> None:
    def part(demand: list[int], supply: list[int]) -> Part:
        series = history(ONE, [float(x) for x in demand[:-1]], [float(x) for x in supply[:-1]])
        return momentum_part(cube(demand=demand[-1], supply=supply[-1], history=series), priors(), METHOD)

    here, there = part(v, s), part(s, v)
    if sum(v) + sum(s):
        assert here.mean[AT] == pytest.approx(-there.mean[AT], abs=1e-9)
        assert here.sd[AT] == pytest.approx(there.sd[AT])


def growing(rate: float, size: float, quarters: int = 8) -> Cube:
    demand = [size * np.exp(rate * at) for at in range(quarters)]
    series = history(ONE, demand, [size] * quarters)
    # The cube's own day is a day after the last quarter: as good as equal.
    return cube(demand=demand[-1], supply=size, history=series)


def test_the_slope_of_a_straight_line_is_found_and_small_counts_are_not_certain() -> None:
    slope, sd = momentum.cell_slopes(growing(0.11, 5000.0), 8, 4)
    assert slope[AT] == pytest.approx(0.11, rel=0.05)
    small, doubt = momentum.cell_slopes(growing(0.11, 5.0), 8, 4)
    assert doubt[AT] > 5 * sd[AT]
    shrunk, _ = momentum.shrunk(small, doubt, 0.1)
    assert 0 < shrunk[AT] < small[AT]


def test_with_few_points_there_is_no_momentum_and_no_trend_of_a_new_direction() -> None:
    assert np.isnan(momentum.cell_slopes(growing(0.1, 50.0, quarters=2), 8, 4)[0]).all()
    series = history(ONE, [float("nan")] * 6 + [3.0, 4.0], [float("nan")] * 6 + [2.0, 2.0])
    young = cube(demand=5, supply=2, history=series)
    assert np.isnan(momentum.cell_slopes(young, 8, 4)[0]).all()


def test_the_usual_slope_is_fitted_within_its_bounds_and_fixed_for_few_cells() -> None:
    chance = np.random.default_rng(5)
    noise = np.full(500, 0.05)
    slopes = chance.normal(0, 0.2, 500) + chance.normal(0, noise)
    assert momentum.fit_scale(slopes, noise, 0.1) == pytest.approx(0.2, rel=0.1)
    assert momentum.fit_scale(np.zeros(500), noise, 0.1) == pytest.approx(0.02, rel=1e-3)
    assert momentum.fit_scale(slopes[:7], noise[:7], 0.1) == 0.1


@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 30), st.integers(0, 30))
def test_at_balance_every_part_is_neutral_and_the_index_is_50(
    heads: int, days: int, new: int, moves: int
) -> None:
    level = cube(
        demand=heads,
        squared=heads,
        supply=heads,
        fills=0,
        exposure=0,
        funded=new,
        arrivals=new,
        moved_in=moves,
        moved_out=moves,
        history=history(ONE, [heads] * 8, [heads] * 8),
    )
    found = compute(level, replace(METHOD, difficulty_days=30 + days), priors())
    assert found.log_odds[AT] == pytest.approx(0, abs=1e-9)
    assert found.index[AT] == pytest.approx(50)
