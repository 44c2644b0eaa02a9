from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from services.talent.domain.axes import Axes
from services.talent.domain.disclosure.patterns import Pattern
from services.talent.domain.disclosure.rules import Edition
from services.talent.domain.shortage.indices.robustness import robustness, weight_sets
from services.talent.domain.shortage.method import Method
from services.talent.domain.shortage.reasons.comparison import (
    Direction,
    Known,
    change,
    known,
    location_quotients,
    rank_intervals,
    standardised,
    tighter,
)
from services.talent.domain.shortage.table import Address, ShortageTable
from tests.unit.talent.library import Leaf
from tests.unit.talent.shortage_cells import cube, priors

METHOD = Method()


NUMBERS = st.tuples(st.floats(-3, 3), st.floats(0.05, 2))


@given(NUMBERS, NUMBERS)
def test_one_is_tighter_or_the_other(a: tuple[float, float], b: tuple[float, float]) -> None:
    here, there = tighter(Known(*a), Known(*b)), tighter(Known(*b), Known(*a))
    assert here + there == pytest.approx(1)
    assert here == pytest.approx(norm.cdf((a[0] - b[0]) / np.hypot(a[1], b[1])))


def test_up_or_down_only_with_90_percent() -> None:
    def moved(delta: float) -> Direction:
        found = change(Known(delta, 0.2), Known(0.0, 0.2), 0.9)
        assert found is not None
        return found.direction

    assert [moved(each) for each in (0.4, 0.3, 0.0, -0.3, -0.4)] == [
        Direction.UP,
        Direction.FLAT,
        Direction.FLAT,
        Direction.FLAT,
        Direction.DOWN,
    ]
    assert change(Known(0.4, 0.2), None, 0.9) is None, "a new direction has no trend for four quarters"


def test_ranks_are_intervals() -> None:
    clear = [Known(2.0, 0.1), Known(1.0, 0.1), Known(0.0, 0.1)]
    assert rank_intervals(clear, 0.95) == [(1, 1), (2, 2), (3, 3)]
    alike = [Known(0.2, 0.5), Known(0.1, 0.5), Known(0.0, 0.5), None]
    assert rank_intervals(alike, 0.95) == [(1, 3), (1, 3), (1, 3), None]


@given(st.lists(NUMBERS, min_size=1, max_size=13))
def test_every_rank_interval_holds_the_rank_of_the_estimate(cities: list[tuple[float, float]]) -> None:
    cells = [Known(*each) for each in cities]
    for at, found in enumerate(rank_intervals(cells, 0.95)):
        assert found is not None
        better = sum(each[0] > cities[at][0] for each in cities)
        equal = sum(each[0] == cities[at][0] for each in cities)
        assert found[0] <= better + equal
        assert found[1] >= better + 1


CITIES = ("nantong", "suzhou")
AXES = Axes.of([Leaf("a", "x"), Leaf("b", "x")], CITIES, ["k"])


def mixed(**given: Any) -> ShortageTable:
    """Nantong makes mostly the tight direction a, Suzhou mostly the loose b; within each they are alike."""
    demand, supply = np.zeros(AXES.shape), np.zeros(AXES.shape)
    counts = {("a", 0): (60, 20), ("b", 0): (5, 10), ("a", 1): (6, 2), ("b", 1): (50, 100)}
    for (leaf, city), (v, s) in counts.items():
        for node in ("x", leaf, "all"):
            for where in (city, -1):
                for kind in (0, -1):
                    demand[AXES.node_at[node], where, kind] += v
                    supply[AXES.node_at[node], where, kind] += s
    whole = {"demand": demand, "squared": demand, "supply": supply, "persons": np.full(AXES.shape, 9.0)}
    return ShortageTable(
        cube(AXES, **{**whole, **given}),
        Method(weights=(("tightness", 1.0),)),
        priors(AXES, kappa=1.0),
    )


def test_a_city_that_only_makes_the_tight_things_is_not_tight_once_standardised() -> None:
    table = mixed()
    raw = [table.cell(Address("x", city)).index for city in CITIES]
    level = [standardised(table, Address("x", city)) for city in CITIES]
    assert None not in raw
    assert raw[0] - raw[1] > 20  # type: ignore[operator]
    assert level[0] is not None
    assert level[1] is not None
    assert abs(level[0].index - level[1].index) < 5
    assert level[0].covered == 1.0
    assert level[0].low < level[0].index < level[0].high


def test_a_hidden_stratum_is_left_out_and_said_so() -> None:
    table = mixed()
    hidden = np.zeros(AXES.shape, bool)
    hidden[AXES.node_at["a"], 1] = True
    table = table.with_pattern(Pattern(table.edition, hidden, hidden[:, 0, :]))
    found = standardised(table, Address("x", "suzhou"))
    alone = table.cell(Address("b", "suzhou"))
    assert found is not None
    assert found.index == pytest.approx(alone.index)
    assert found.covered == pytest.approx(55 / 121)
    assert location_quotients(table, Address("a", "suzhou")) == (None, None)
    assert standardised(table, Address("a", "suzhou")) is None


def test_public_comparisons_are_made_of_what_is_printed() -> None:
    """Counts that the public edition prints alike compare alike, whatever lies under the rounding."""
    fine = mixed()
    nothing = np.zeros(AXES.shape, bool)
    shown = fine.with_pattern(Pattern(Edition.PUBLIC, nothing, nothing[:, 0, :]))
    for city in CITIES:
        address = Address("a", city)
        cell, of_city = shown.cell(address), known(shown, address)
        assert of_city is not None
        assert cell.index is not None
        assert of_city.log_odds == pytest.approx(np.log(cell.index / (100 - cell.index)))
        assert of_city != known(fine, address)
    strata = [known(shown, Address(leaf, "suzhou")) for leaf in ("a", "b")]
    means = [each.log_odds for each in strata if each is not None]
    found = standardised(shown, Address("x", "suzhou"))
    assert found is not None
    expected = np.average(means, weights=[65, 55])
    assert found.index == round(100 / (1 + np.exp(-expected)))
    assert location_quotients(shown, Address("a", "nantong"))[0] == pytest.approx((60 / 65) / (65 / 120))


def test_location_quotients_are_1_where_a_city_is_like_the_province() -> None:
    table = mixed()
    demand, supply = location_quotients(table, Address("a", "nantong"))
    assert demand == pytest.approx((60 / 65) / (66 / 121))
    assert supply == pytest.approx((20 / 30) / (22 / 132))
    assert location_quotients(table, Address("all", "suzhou")) == (pytest.approx(1), pytest.approx(1))


PARTS = {
    "tightness": 0.8179161088942406,
    "difficulty": 1.27096560274621,
    "pipeline": 0.7406298011791765,
    "momentum": 1.1,
    "flow": -0.33333333333333315,
}


def test_robustness_of_the_worked_cell() -> None:
    found = robustness(
        PARTS,
        dict(METHOD.weights),
        METHOD.star_floors,
        count=METHOD.robust_sets,
        strength=METHOD.robust_strength,
    )
    assert found is not None
    assert (found.low, found.high) == (pytest.approx(66.9, abs=0.1), pytest.approx(71.7, abs=0.1))
    assert found.same_star == pytest.approx(0.58, abs=0.01)


def test_weight_sets_are_the_same_every_time_and_lie_about_the_default() -> None:
    weights = tuple(weight for _, weight in METHOD.weights)
    first = weight_sets(weights, 4000, 40.0)
    weight_sets.cache_clear()
    assert np.array_equal(first, weight_sets(weights, 4000, 40.0))
    assert first.sum(axis=1) == pytest.approx(np.ones(4000))
    assert first.mean(axis=0) == pytest.approx(np.asarray(weights), abs=0.005)


def test_without_a_known_weighted_part_there_is_no_robustness() -> None:
    nothing = dict.fromkeys(PARTS, float("nan"))
    given = {"count": 100, "strength": 40.0}
    assert robustness(nothing, dict(METHOD.weights), METHOD.star_floors, **given) is None  # type: ignore[arg-type]
    only = robustness({**nothing, "tightness": 0.9}, dict(METHOD.weights), METHOD.star_floors, **given)  # type: ignore[arg-type]
    assert only is not None
    assert only.same_star == 1.0
    assert only.low == pytest.approx(only.high)


def test_the_order_of_the_weights_does_not_matter_for_a_cell_of_equal_parts() -> None:
    alike = dict.fromkeys(PARTS, 0.9)
    for order in list(permutations(METHOD.weights))[:6]:
        found = robustness(alike, dict(order), METHOD.star_floors, count=100, strength=40.0)
        assert found is not None
        assert found.same_star == 1.0
