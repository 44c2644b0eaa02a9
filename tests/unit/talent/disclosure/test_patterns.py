from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.chassis.filtering.facets import shown
from services.kernel.errors import InvalidArgument
from services.talent.domain.disclosure.freedom import Freedom
from services.talent.domain.disclosure.patterns import Patterns
from services.talent.domain.disclosure.rules import (
    BANDED,
    HIDDEN,
    VERSION,
    Edition,
    Rules,
    top_two,
)
from services.talent.domain.shortage.counts.cube import Cube
from services.talent.domain.shortage.counts.tally import build
from services.talent.domain.shortage.method import Method
from services.talent.domain.shortage.reasons import explain
from services.talent.domain.shortage.table import Address, CellState, ShortageTable
from tests.unit.talent.disclosure.tables import (
    Mask,
    equations,
    followed,
    least_width,
    least_width_of_people,
    with_levels,
)
from tests.unit.talent.library import AXES, CATEGORIES, CITIES, TODAY, posting, supplied

ROWS = equations(AXES)
LEAVES = ("seawater-h2", "liquid-h2", "quantum", "renewable-h2")
HERE = Address("seawater-h2", "nantong", "outstanding-engineer")


def random_cube(seed: int, people: int) -> Cube:
    random = np.random.default_rng(seed)
    crowd = [
        supplied(
            number,
            CITIES[random.integers(3)],
            CATEGORIES[random.choice(3, p=(0.6, 0.3, 0.1))],
            shares=((LEAVES[random.integers(3)], 700), ("renewable-h2", 300)),
        )
        for number in range(people)
    ]
    posts = [
        posting(
            int(random.integers(1, 9)),
            f"e{random.integers(6)}",
            city=CITIES[random.integers(3)],
            leaf=LEAVES[random.integers(4)],
            category=CATEGORIES[random.integers(3)],
        )
        for _ in range(people // 2)
    ]
    return build(AXES, crowd, posts, TODAY, window_days=730)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from((8, 40, 300)), st.sampled_from(tuple(Edition)))
def test_neither_supply_nor_demand_of_a_hidden_cell_follows(seed: int, people: int, edition: Edition) -> None:
    cube = random_cube(seed, people)
    rules = Rules()
    pattern = Patterns(rules).of(cube, edition)
    assert (pattern.hidden >= rules.small_supply(cube, edition)).all()
    assert (pattern.hidden >= rules.concentrated_demand(cube, edition)).all()
    assert followed(ROWS, pattern.hidden.ravel()) == []


@settings(max_examples=12, deadline=None)
@given(
    st.integers(0, 10_000),
    st.sampled_from((8, 40, 300, 900)),
    st.sampled_from(tuple(Edition)),
    st.sampled_from((600, 12)),
)
def test_no_hidden_number_is_confined_to_less_than_the_rule(
    seed: int, people: int, edition: Edition, limit: int
) -> None:
    """An attacker who has all levels of the cube and linear programming; both counts, in both editions; parts that
    pass for small ones or for large ones.
    """
    cube, rules = random_cube(seed, people), Rules()
    hidden = Patterns(rules, Freedom(limit, patient=True)).of(cube, edition).hidden
    small = rules.small_supply(cube, edition).ravel()
    width = least_width_of_people(AXES, cube.persons.ravel(), hidden.ravel(), small)
    assert width >= rules.least(edition) - 1e-6
    few = rules.concentrated_demand(cube, edition).ravel()
    assert least_width(ROWS, cube.demand.ravel(), hidden.ravel(), few) >= rules.least(edition) - 1e-6


@pytest.mark.parametrize("seed", range(3))
def test_large_parts_are_searched_by_another_way_to_the_same_end(seed: int) -> None:
    cube = random_cube(seed, 100)
    small = Rules().small_supply(cube, Edition.INTERNAL).ravel()

    def hidden(freedom: Freedom) -> Mask:
        return Patterns(freedom=freedom).of(cube, Edition.INTERNAL).hidden

    usual, patient, hasty = hidden(Freedom()), hidden(Freedom(4, patient=True)), hidden(Freedom(4))
    assert (usual == patient).all()
    assert hasty.sum() < usual.sum()
    assert least_width_of_people(AXES, cube.persons.ravel(), patient.ravel(), small) >= 5 - 1e-6


@pytest.mark.parametrize("mean", [6.0, 14.0])
def test_the_public_edition_hides_all_that_the_internal_one_hides(mean: float) -> None:
    counts = np.random.default_rng(3).poisson(mean, (len(AXES.leaves), 3, 3)).astype(float)
    cube = replace(random_cube(3, 300), persons=with_levels(AXES, counts))
    patterns = Patterns()
    inner, outer = (patterns.of(cube, edition) for edition in (Edition.INTERNAL, Edition.PUBLIC))
    assert (outer.hidden >= inner.hidden).all()
    assert outer.hidden.sum() > inner.hidden.sum()
    assert (outer.reach >= inner.reach).all()


def test_a_pattern_stays_while_counts_move_within_their_class() -> None:
    counts = with_levels(AXES, np.random.default_rng(5).poisson(90.0, (len(AXES.leaves), 3, 3)).astype(float))
    counts[:] = np.where(counts > 1_000, 2_000.0, counts)
    cube = replace(random_cube(5, 300), persons=counts)
    more = replace(cube, persons=np.where(counts == 2_000, 2_050.0, counts))
    patterns = Patterns()
    assert patterns.of(cube, Edition.INTERNAL).hidden is patterns.of(more, Edition.INTERNAL).hidden


@pytest.mark.parametrize(
    ("heads", "hidden"),
    [
        ((40, 30, 30), False),
        ((50, 50), True),
        ((100,), True),
        ((80, 15, 3, 2), True),
        ((60, 29, 11), False),
    ],
)
def test_public_demand_of_few_or_dominant_employers_is_hidden(heads: tuple[int, ...], hidden: bool) -> None:
    posts = [posting(count, f"e{number}") for number, count in enumerate(heads)]
    cube = build(AXES, [supplied(n) for n in range(90)], posts, TODAY, window_days=730)
    at = ShortageTable(cube, Method()).at(HERE)
    assert bool(Rules().concentrated_demand(cube, Edition.PUBLIC)[at]) is hidden
    assert not Rules().concentrated_demand(cube, Edition.INTERNAL)[at]


@given(st.lists(st.integers(1, 200), min_size=1, max_size=9))
def test_the_two_largest_employers_are_never_underestimated(heads: list[int]) -> None:
    posts = [posting(count, f"e{number}") for number, count in enumerate(heads)]
    found = top_two(build(AXES, [], posts, TODAY, window_days=730))[-1, -1, -1]
    truth = sum(sorted(heads)[-2:])
    assert truth - 1e-6 <= found <= sum(heads) + 1e-6
    if len(heads) <= 3:
        assert found == pytest.approx(truth)


def test_a_hidden_cell_shows_a_band_and_never_a_number_in_either_edition() -> None:
    table = ShortageTable(random_cube(9, 40), Method())
    for edition in Edition:
        shown_as = table.for_edition(edition)
        hidden = 0
        for codes in product(AXES.nodes, AXES.cities, AXES.categories):
            cell = shown_as.cell(Address(*codes))
            if not cell.hidden:
                continue
            hidden += 1
            numbers = (
                cell.index,
                cell.low,
                cell.high,
                cell.log_odds,
                cell.sd,
                cell.supply,
                cell.gap,
                cell.persons,
            )
            assert numbers == (None,) * 8
            assert cell.band is not None
            assert explain.reasons(shown_as, cell.address) == []
        assert hidden


def test_the_public_edition_has_whole_numbers_and_nothing_to_invert() -> None:
    posts = [posting(9, f"e{number}") for number in range(12)]
    cube = build(AXES, [supplied(n) for n in range(70)], posts, TODAY, window_days=730)
    table = ShortageTable(cube, Method())
    inner, outer = table.cell(HERE), table.for_edition(Edition.PUBLIC).cell(HERE)
    assert inner.index is not None
    assert outer.index == round(inner.index)
    assert (outer.low, outer.high) == (np.floor(inner.low), np.ceil(inner.high))  # type: ignore[arg-type]
    assert (outer.log_odds, outer.sd, outer.sure, outer.contributions) == (None, None, None, ())
    assert (outer.stars, outer.grade) == (inner.stars, inner.grade)
    assert "公开版" in table.for_edition(Edition.PUBLIC).note.zh
    assert "internal edition" in table.note.en


def test_the_public_edition_tells_of_a_hidden_cell_only_that_it_is_hidden() -> None:
    cube = build(AXES, [supplied(n) for n in range(3)], [posting(9)], TODAY, window_days=730)
    for version in (VERSION, *BANDED):
        found = ShortageTable(cube, Method(), patterns=Patterns(Rules(version=version)))
        inner, outer = (found.for_edition(edition).cell(HERE) for edition in Edition)
        assert (inner.hidden, outer.hidden) == (True, True)
        assert (inner.state, outer.state) == (CellState.ESTIMATED, None)
        assert inner.band != HIDDEN
        assert outer.band == (inner.band if version in BANDED else HIDDEN)


@pytest.mark.parametrize(("count", "printed"), [(0, 0), (2, 0), (3, 5), (7, 5), (8, 10), (12, 10), (13, 15)])
def test_public_heads_are_rounded_to_five(count: int, printed: int) -> None:
    assert Rules().rounded(count) == printed


@pytest.mark.parametrize("wrong", [{"internal_below": 1}, {"internal_below": 11}, {"base": 0}])
def test_rules_that_hide_nothing_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidArgument):
        Rules(**wrong)


def test_why_a_number_is_missing_is_said_in_two_languages() -> None:
    assert HIDDEN.zh
    assert HIDDEN.en


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ({"a": 9, "b": 7}, set()),
        ({"a": 9, "b": 7, "c": 3}, {"b", "c"}),
        ({"a": 9, "b": 7, "c": 1, "d": 1}, {"b", "c", "d"}),
        ({"a": 9, "b": 4, "c": 4}, {"b", "c"}),
        ({"a": 3}, {"a"}),
        ({"a": 9, "b": 0, "c": 4}, {"a", "c"}),
        ({}, set()),
    ],
)
def test_small_facet_counts_are_hidden_with_the_next_one(counts: dict[str, int], hidden: set[str]) -> None:
    found = shown(counts, 5)
    assert {code for code, count in found.items() if count is None} == hidden
    assert {code: count for code, count in found.items() if count is not None}.items() <= counts.items()
