"""What measures do to a cell, and where means close the most gap."""

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.kernel.errors import InvalidArgument
from services.talent.domain.shortage.method import Method
from services.talent.domain.shortage.outlook.allocation import Allocation, Target, allocate
from services.talent.domain.shortage.outlook.fan import Fan
from services.talent.domain.shortage.outlook.means import Means
from services.talent.domain.shortage.outlook.whatif import Measures, Outcome, simulate
from services.talent.domain.shortage.table import Address, ShortageTable
from tests.unit.talent.shortage_cells import ONE, WORKED, WORKED_PRIORS, cube, history

HERE = Address("quantum", "nantong", "outstanding-engineer")
METHOD = Method()


def outcome(measures: Measures, **given: Any) -> Outcome:
    table = ShortageTable(cube(**{**WORKED, **given}), METHOD, WORKED_PRIORS)
    found = simulate(table, HERE, measures)
    assert found is not None
    return found


def index(measures: Measures, **given: Any) -> float:
    found = outcome(measures, **given).after.index
    assert found is not None
    return found


def test_nothing_supposed_changes_nothing_and_is_the_map_itself() -> None:
    found = outcome(Measures())
    table = ShortageTable(cube(**WORKED), METHOD, WORKED_PRIORS)
    assert found.before == found.after == table.cell(HERE)
    assert found.uncovered_before == found.uncovered_after


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 20), st.floats(0, 0.9))
def test_every_measure_moves_the_index_its_way(recruits: int, places: int, firms: int, exits: float) -> None:
    given = {"history": history(ONE, [9, 10, 11, 12, 13, 14], [4] * 6)}
    here = index(Measures(recruits, places, firms, exits), **given)
    assert index(Measures(recruits + 1, places, firms, exits), **given) < here
    assert index(Measures(recruits, places + 1, firms, exits), **given) < here
    assert index(Measures(recruits, places, firms + 1, exits), **given) > here
    assert index(Measures(recruits, places, firms, exits + 0.1), **given) < here


def test_recruiting_closes_the_gap_one_for_one_and_places_by_their_yield() -> None:
    found = outcome(Measures(recruits=4, places=10))
    assert found.before.gap == pytest.approx(10.6)
    assert found.after.gap == pytest.approx(6.6)
    assert found.uncovered_before is not None
    assert found.uncovered_after == pytest.approx(found.uncovered_before - 4 - 10 * 0.9 * 0.7)


def test_where_nothing_is_known_of_training_both_sides_count_from_0() -> None:
    found = outcome(Measures(places=10), arrivals=None, funded=None)
    assert found.assumed
    assert "pipeline" in dict(found.before.contributions)
    assert not outcome(Measures(recruits=10), arrivals=None, funded=None).assumed


def test_a_hidden_cell_is_not_simulated() -> None:
    table = ShortageTable(cube(**{**WORKED, "persons": 3}), METHOD, WORKED_PRIORS)
    assert simulate(table, HERE, Measures(recruits=50)) is None


@pytest.mark.parametrize(
    ("measures", "field"),
    [
        ({"recruits": -1}, "recruits"),
        ({"places": 10**9}, "training_places"),
        ({"firms": -3}, "funded_firms"),
        ({"exits_avoided": 1.5}, "exits_avoided"),
        ({"exits_avoided": float("nan")}, "exits_avoided"),
    ],
)
def test_impossible_measures_are_refused_by_field(measures: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        Measures(**measures)
    assert [each.field for each in caught.value.violations] == [field]


def target(mean: float, supply: float, name: str = "a", spread: float = 2.0) -> Target:
    return Target(Address(name), Fan(np.asarray(mean), np.asarray(mean * spread)), supply)


def worth(each: Target, people: int) -> float:
    """Expected gap closed, straight from the definition."""
    counts = np.arange(0, 400)
    chance = np.diff(np.concatenate([[0.0], each.demand.at_most(counts.astype(float))]))
    before = np.maximum(0, counts - each.supply)
    return float(chance @ (before - np.maximum(0, counts - each.supply - people)))


TARGETS = st.lists(
    st.builds(target, st.floats(0.5, 30), st.integers(0, 20), st.sampled_from("abc")), min_size=2, max_size=3
)


@settings(max_examples=25, deadline=None)
@given(TARGETS, st.integers(1, 5))
def test_no_other_way_of_giving_closes_more(targets: list[Target], people: int) -> None:
    found = allocate(targets, Means(recruits=people), 0.63)
    best = max(
        sum(worth(each, given) for each, given in zip(targets, split, strict=True))
        for split in product(range(people + 1), repeat=len(targets))
        if sum(split) <= people
    )
    assert found.closed == pytest.approx(best, rel=1e-3, abs=1e-4)


def test_the_tightest_cell_gets_the_most_and_a_surplus_nothing() -> None:
    found = allocate([target(5, 9, "b"), target(40, 10, "a"), target(12, 10, "c")], Means(recruits=10), 0.63)
    assert (found.lines[0].address.node, found.lines[0].recruits) == ("a", 10)
    assert 0 < found.low <= found.closed <= found.high <= 10
    assert found.gap > found.closed


def test_places_that_are_surely_needed_close_a_binomial_number_of_people() -> None:
    certain = allocate([target(400, 10)], Means(recruits=20), 0.63)
    assert certain.high - certain.low == pytest.approx(0, abs=1e-6)
    trained = allocate([target(400, 10)], Means(places=20), 0.63)
    assert trained.closed == pytest.approx(20 * 0.63)
    assert trained.high - trained.closed == pytest.approx(1.6449 * (20 * 0.63 * 0.37) ** 0.5, rel=1e-3)


def test_more_means_close_more_and_each_unit_less() -> None:
    targets = [target(20, 10, "a"), target(15, 10, "b")]
    closed = [allocate(targets, Means(recruits=count), 0.63).closed for count in range(1, 12)]
    steps = np.diff([0.0, *closed])
    assert (steps > 0).all()
    assert (np.diff(steps) <= 1e-9).all()


def test_money_buys_what_closes_more_per_fen_and_never_more_than_there_is() -> None:
    targets = [target(60, 10, "a"), target(40, 10, "b")]

    def bought(recruit_fen: int, place_fen: int) -> Allocation:
        return allocate(targets, Means(0, 0, 1_000_000, recruit_fen, place_fen), 0.5)

    cheap_places = bought(100_000, 40_000)
    assert {(line.recruits > 0, line.places > 0) for line in cheap_places.lines} == {(False, True)}
    cheap_people = bought(100_000, 60_000)
    assert sum(line.recruits for line in cheap_people.lines) == 10
    for found in (cheap_places, cheap_people):
        assert 0 < found.spent_fen <= 1_000_000
    odd = bought(300_000, 70_000)
    assert odd.spent_fen == sum(300_000 * line.recruits + 70_000 * line.places for line in odd.lines)


def test_units_that_close_nothing_are_not_given_out() -> None:
    assert allocate([target(0.5, 500)], Means(recruits=50), 0.63).lines == ()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "recruits"),
        ({"recruits": -1}, "recruits"),
        ({"places": 10_001}, "training_places"),
        ({"amount_fen": -5}, "amount"),
        ({"recruits": 3, "amount_fen": 5}, "amount"),
        ({"amount_fen": 500, "recruit_fen": 0, "place_fen": 10}, "recruitment_cost"),
        ({"amount_fen": 10**12, "recruit_fen": 1, "place_fen": 10**9}, "recruitment_cost"),
    ],
)
def test_impossible_means_are_refused_by_field(given: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        Means(**given)
    assert caught.value.violations[0].field == field
    assert caught.value.text.zh
