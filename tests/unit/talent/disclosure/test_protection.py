from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.talent.domain.disclosure.complements import complete, costs_of
from services.talent.domain.disclosure.exact import recoverable
from services.talent.domain.disclosure.intervals import Attack, narrow
from services.talent.domain.disclosure.lines import Lines, margins
from services.talent.domain.disclosure.protection import Table
from tests.unit.talent.disclosure.tables import (
    Mask,
    Numbers,
    equations,
    followed,
    least_width,
    table_equations,
    with_levels,
    with_totals,
)
from tests.unit.talent.library import AXES

LEAST = 5
ROWS = equations(AXES)
INNER = (len(AXES.leaves), len(AXES.cities) - 1, len(AXES.categories) - 1)
# From tables of nothing but gaps to well-stocked ones.
LEVELS = st.sampled_from((0.4, 1.5, 4.0, 12.0, 60.0))
SEEDS = st.integers(0, 2**32 - 1)


def small(counts: Numbers, least: int = LEAST) -> Mask:
    return (counts > 0) & (counts < least)


def cube(seed: int, level: float) -> Numbers:
    random = np.random.default_rng(seed)
    return with_levels(AXES, random.poisson(level * random.lognormal(0, 1.2, INNER)).astype(float)).ravel()


def reference_tables(seed: int, mean: float, sd: float, count: int) -> list[Numbers]:
    random = np.random.default_rng(seed)
    return [random.poisson(random.lognormal(mean, sd, (10, 13))).astype(float) for _ in range(count)]


@pytest.mark.parametrize(
    ("seed", "mean", "sd", "count", "primary", "leaking"),
    [(3, 1.6, 1.2, 60, 3082, 46), (5, 3.2, 0.8, 100, 403, 403)],
    ids=["sparse", "well-stocked"],
)
def test_small_cells_alone_are_computed_back_and_with_complements_none(
    seed: int, mean: float, sd: float, count: int, primary: int, leaking: int
) -> None:
    lines, found, alone, left = Lines.of_table(10, 13), 0, 0, 0
    for inner in reference_tables(seed, mean, sd, count):
        counts, hidden = with_totals(inner).ravel(), np.zeros((11, 14), bool)
        hidden[:10, :13] = small(inner)
        found += hidden.sum()
        alone += (recoverable(lines, hidden.ravel()) & hidden.ravel()).sum()
        table = Table(lines, counts, LEAST)
        left += recoverable(lines, table.protect(hidden.ravel())).sum()
    assert (found, alone, left) == (primary, leaking, 0)


@settings(max_examples=25, deadline=None)
@given(SEEDS, st.integers(2, 6), st.integers(2, 6), LEVELS)
def test_no_hidden_cell_of_a_table_follows_or_is_confined(
    seed: int, rows: int, columns: int, level: float
) -> None:
    random = np.random.default_rng(seed)
    counts = with_totals(
        random.poisson(level * random.lognormal(0, 1, (rows, columns))).astype(float)
    ).ravel()
    mask = Table(Lines.of_table(rows, columns), counts, LEAST, width=LEAST).protect(small(counts))
    system = table_equations(rows, columns)
    assert (mask >= small(counts)).all()
    assert followed(system, mask) == []
    assert least_width(system, counts, mask) >= LEAST - 1e-6


@settings(max_examples=10, deadline=None)
@given(SEEDS, LEVELS)
def test_no_hidden_cell_of_the_cube_follows_from_all_levels_together(seed: int, level: float) -> None:
    counts = cube(seed, level)
    mask = Table(Lines.of_axes(AXES), counts, LEAST).protect(small(counts))
    assert (mask >= small(counts)).all()
    assert followed(ROWS, mask) == []


@settings(max_examples=8, deadline=None)
@given(SEEDS, LEVELS)
def test_no_hidden_cell_of_linked_margins_follows_or_is_confined(seed: int, level: float) -> None:
    counts, published = cube(seed, level), margins(AXES)
    lines = Lines.of_axes(AXES, margins_only=True)
    table = Table(lines, counts, LEAST, width=LEAST, people=False)
    mask = table.protect(small(counts) & published)
    assert followed(ROWS[published], mask[published]) == []
    assert not table.exposed(mask).any()


@settings(max_examples=12, deadline=None)
@given(SEEDS, LEVELS)
def test_the_probe_finds_exactly_what_linear_algebra_finds(seed: int, level: float) -> None:
    counts = cube(seed, level)
    random = np.random.default_rng(seed)
    hidden = small(counts) | (random.random(counts.shape) < random.choice((0.05, 0.3, 0.6)))
    assert np.flatnonzero(recoverable(Lines.of_axes(AXES), hidden)).tolist() == followed(ROWS, hidden)


def test_a_table_joined_to_another_is_safe_in_each_and_open_in_both() -> None:
    """Two tables that share a margin: each alone hides the cell, together they give it away."""
    lines = Lines.of_table(2, 2)
    hidden = np.zeros((3, 3), bool)
    hidden[0, 0] = hidden[0, 1] = hidden[1, 0] = True
    assert recoverable(lines, hidden.ravel()).reshape(3, 3)[0, 0]
    columns_only = Lines(lines.size, lines.families[:1], lines.above)
    assert not recoverable(columns_only, hidden.ravel()).reshape(3, 3)[0, 0]


def test_a_small_sum_of_hidden_cells_hides_the_next_one() -> None:
    counts = with_totals(np.array([[1.0, 2.0, 9.0, 30.0], [20.0, 21.0, 22.0, 23.0]])).ravel()
    lines = Lines.of_table(2, 4)
    mask = complete(lines, counts, small(counts), LEAST, costs_of(counts)).reshape(3, 5)
    assert mask[0].tolist() == [True, True, True, False, False]


def test_a_zero_is_never_hidden_for_another_cells_sake() -> None:
    counts = with_totals(np.array([[3.0, 0.0, 0.0], [0.0, 40.0, 50.0]])).ravel()
    lines = Lines.of_table(2, 3)
    mask = Table(lines, counts, LEAST).protect(small(counts)).reshape(3, 4)
    assert not mask[counts.reshape(3, 4) == 0].any()
    assert followed(table_equations(2, 3), mask.ravel()) == []


def test_exactly_safe_is_not_enough_an_interval_of_one_is_found() -> None:
    """Totals of 4 over two hidden cells: neither follows, and both lie between 0 and 4."""
    counts = with_totals(np.array([[2.0, 2.0], [2.0, 2.0]])).ravel()
    hidden = np.zeros((3, 3), bool)
    hidden[:2, :2] = True
    lines = Lines.of_table(2, 2)
    assert not recoverable(lines, hidden.ravel()).any()
    found = narrow(lines, counts, hidden.ravel(), LEAST, people=False).reshape(3, 3)
    assert (found == hidden).all()
    assert Attack.on(lines, counts, hidden.ravel(), people=False).interval(0) == pytest.approx((0, 4))


@settings(max_examples=10, deadline=None)
@given(SEEDS, LEVELS)
def test_two_releases_side_by_side_give_nothing_away(seed: int, level: float) -> None:
    """What was shown before and has not changed is known: the cells hidden in both must be safe among themselves."""
    random = np.random.default_rng(seed)
    inner = random.poisson(level * random.lognormal(0, 1.2, INNER)).astype(float)
    later: Any = inner + random.poisson(0.15, INNER) - (random.random(INNER) < 0.15) * (inner > 0)
    before, now = with_levels(AXES, inner).ravel(), with_levels(AXES, later).ravel()
    lines = Lines.of_axes(AXES)
    first = Table(lines, before, LEAST).protect(small(before))
    second = Table(lines, now, LEAST).protect_beside(small(now), first)
    assert followed(ROWS, second) == []
    twice = small(now) & first
    assert not set(followed(ROWS, first & second)) & set(np.flatnonzero(twice))


def test_the_same_counts_twice_have_the_same_pattern() -> None:
    counts = cube(7, 4.0)
    lines = Lines.of_axes(AXES)
    first = Table(lines, counts, LEAST).protect(small(counts))
    assert (Table(lines, counts, LEAST).protect_beside(small(counts), first) == first).all()
