"""States of the public edition, and a reader who keeps all of them."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.talent.domain.disclosure.rules import Edition, Rules
from services.talent.domain.disclosure.steps import Shown, shown_as, step
from services.talent.domain.shortage.counts.cube import Cube
from services.talent.domain.shortage.method import Method
from services.talent.domain.shortage.table import ShortageTable
from tests.unit.talent.disclosure.tables import Mask, Numbers, equations, followed, with_levels
from tests.unit.talent.disclosure.test_patterns import random_cube
from tests.unit.talent.library import AXES

ROWS = equations(AXES)
INNER = (len(AXES.leaves), len(AXES.cities) - 1, len(AXES.categories) - 1)
BASE = random_cube(1, 60)


def table(persons: Numbers, heads: Numbers) -> ShortageTable:
    """A map of these leaf cells, in which nobody belongs to two directions."""
    demand = with_levels(AXES, heads)
    employers = np.ceil(demand / 4)
    cube = replace(
        BASE,
        persons=with_levels(AXES, persons),
        demand=demand,
        employers=employers,
        largest=np.minimum(demand, 4),
        squared=demand * 4,
    )
    return ShortageTable(cube, Method())


def history(seed: int, level: float, length: int = 3) -> list[ShortageTable]:
    """Maps that differ in a few people and positions from one to the next."""
    random = np.random.default_rng(seed)
    persons, heads = (random.poisson(level * random.lognormal(0, 1, INNER)).astype(float) for _ in range(2))
    found = [table(persons, heads)]
    for _ in range(length - 1):
        persons, heads = (
            np.maximum(each + random.integers(-2, 4, INNER) * (random.random(INNER) < 0.1), 0.0)
            for each in (persons, heads)
        )
        found.append(table(persons, heads))
    return found


def states(tables: list[ShortageTable]) -> list[Shown]:
    found: list[Shown] = []
    for each in tables:
        found.append(step(each, found[-1:]))
    return found


def small(cube: Cube, count: str) -> Mask:
    rules = Rules()
    few = rules.small_supply if count == "persons" else rules.concentrated_demand
    return few(cube, Edition.PUBLIC).ravel()


def unknown(found: list[Shown], count: str) -> list[Mask]:
    """Of each state the cells that nobody knows who has seen it and all before it."""
    masks: list[Mask] = []
    for at, state in enumerate(found):
        hidden = state.hidden.ravel()
        if at:
            now, then = (getattr(each.cube, count).ravel() for each in (state, found[at - 1]))
            hidden = hidden & (masks[-1] | (now != then))
        masks.append(hidden)
    return masks


@settings(max_examples=3, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from((2.0, 6.0, 14.0)))
def test_no_small_cell_follows_from_this_state_and_all_before_it(seed: int, level: float) -> None:
    found = states(history(seed, level))
    for count in ("persons", "demand"):
        for state, left in zip(found, unknown(found, count), strict=True):
            hidden = small(state.cube, count)
            assert not (hidden & ~state.hidden.ravel()).any()
            assert not set(followed(ROWS, left)) & set(np.flatnonzero(hidden & left))


@settings(max_examples=3, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from((2.0, 6.0, 14.0)))
def test_no_small_cell_of_the_state_before_follows_from_this_one(seed: int, level: float) -> None:
    found = states(history(seed, level, 2))
    for count in ("persons", "demand"):
        then, now = (getattr(each.cube, count).ravel() for each in found)
        left = found[0].hidden.ravel() & (found[1].hidden.ravel() | (now != then))
        assert not set(followed(ROWS, left)) & set(np.flatnonzero(small(found[0].cube, count)))


@settings(max_examples=1, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from((2.0, 6.0, 14.0)))
def test_nothing_small_follows_from_a_release_and_the_states_around_it(seed: int, level: float) -> None:
    """A release counts the day of an earlier state, and is made beside two states; the next one stands beside it."""
    tables = history(seed, level, 4)
    first, second = states(tables[:2])
    release = step(tables[2], [first, second])
    last = step(tables[3], [second, release])
    for count in ("persons", "demand"):
        left = {
            id(each): mask
            for each, mask in zip((first, second), unknown([first, second], count), strict=True)
        }
        for state, earlier in ((release, (first, second)), (last, (second, release))):
            told = [left[id(each)] | moved(state, each, count) for each in earlier]
            left[id(state)] = state.hidden.ravel() & np.logical_and.reduce(told)
            hidden = small(state.cube, count)
            assert not (hidden & ~state.hidden.ravel()).any()
            assert not set(followed(ROWS, left[id(state)])) & set(np.flatnonzero(hidden & left[id(state)]))
            for each in earlier:
                since = each.hidden.ravel() & (state.hidden.ravel() | moved(state, each, count))
                assert not set(followed(ROWS, since)) & set(np.flatnonzero(small(each.cube, count)))


def moved(now: Shown, then: Shown, count: str) -> Mask:
    return np.asarray(getattr(now.cube, count).ravel() != getattr(then.cube, count).ravel())


def test_a_cell_that_fell_below_the_number_is_not_told_by_those_that_stayed() -> None:
    """10 people beside 40 and 50 are shown; then they are 9, and whoever remembers 40 and 50 must not subtract."""
    cell = AXES.node_at["seawater-h2"], 0, 0
    persons = np.full(INNER, 40.0)
    persons[cell] = 10
    later = persons.copy()
    later[cell] = 9
    heads = np.full(INNER, 60.0)
    first, second = states([table(persons, heads), table(later, heads)])
    assert not first.hidden[cell]
    assert second.hidden[cell]
    left = unknown([first, second], "persons")[1]
    at = int(np.ravel_multi_index(cell, AXES.shape))
    assert at not in followed(ROWS, left)
    alone = Shown(
        second.cube,
        table(later, heads).for_edition(Edition.PUBLIC).pattern.hidden,
        second.people,
        second.demand,
    )
    assert at in followed(ROWS, unknown([first, alone], "persons")[1]), "its own pattern is not enough"


def test_nothing_changes_when_nothing_changed() -> None:
    first, second = states([*history(3, 6.0, 1), *history(3, 6.0, 1)])
    assert (first.hidden == second.hidden).all()
    shown = shown_as(history(3, 6.0, 1)[0], second)
    assert (shown.edition, shown.for_edition(Edition.PUBLIC)) == (Edition.PUBLIC, shown)
    assert (shown.pattern.hidden == second.hidden).all()


@pytest.mark.parametrize("count", ["people", "demand"])
def test_what_was_shown_and_stands_is_no_secret(count: str) -> None:
    first, second = states(history(5, 6.0, 2))
    field = "persons" if count == "people" else "demand"
    same = getattr(first.cube, field) == getattr(second.cube, field)
    assert not (getattr(second, count) & same & ~first.hidden).any()
