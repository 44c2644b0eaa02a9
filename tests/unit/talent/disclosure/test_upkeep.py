"""A pattern that is kept up change by change is the pattern of the table as a whole."""

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.talent.domain.axes import Axes
from services.talent.domain.disclosure.exact import Recall, recoverable
from services.talent.domain.disclosure.lines import Lines
from services.talent.domain.disclosure.patterns import Patterns
from services.talent.domain.disclosure.protection import Table
from services.talent.domain.disclosure.rules import Edition
from services.talent.domain.disclosure.upkeep import Protected, protected_again
from services.talent.domain.shortage.counts.cube import Cube
from services.talent.domain.shortage.counts.tally import build
from tests.unit.talent.disclosure.tables import Mask, Numbers, with_levels
from tests.unit.talent.library import TODAY

LEAST = 5
SEEDS = st.integers(0, 2**32 - 1)


class Leaf(NamedTuple):
    code: str
    industry: str
    parent: str | None = None


AXES = Axes.of(
    [
        Leaf(f"{number}-{part}", f"industry-{number}", f"{number}-0" if number == 1 and part else None)
        for number in range(4)
        for part in range(4)
    ],
    [f"city-{number}" for number in range(6)],
    ["engineer", "scientist", "manager"],
)
INNER = (16, 6, 3)
LINES = Lines.of_axes(AXES)


def small(counts: Numbers) -> Mask:
    return (counts > 0) & (counts < LEAST)


def changed(inner: Numbers, random: np.random.Generator) -> Numbers:
    """One to three leaf cells have some more or fewer."""
    found = inner.copy()
    for _ in range(random.integers(1, 4)):
        at = tuple(random.integers(0, INNER))
        found[at] = max(0.0, found[at] + random.choice((-40, -3, -1, 1, 2, 30)))
    return found


@settings(max_examples=4, deadline=None)
@given(SEEDS, st.sampled_from((8.0, 30.0, 90.0)))
def test_complements_kept_up_are_those_of_the_whole_table(seed: int, level: float) -> None:
    random = np.random.default_rng(seed)
    inner = random.poisson(level * random.lognormal(0, 1.0, INNER)).astype(float)
    counts, recall = with_levels(AXES, inner).ravel(), Recall()
    table = Table(LINES, counts, LEAST, recall=recall)
    known = Protected(table, small(counts), table.protect(small(counts)))
    for _ in range(4):
        inner = changed(inner, random)
        counts = with_levels(AXES, inner).ravel()
        known = protected_again(Table(LINES, counts, LEAST, recall=recall), small(counts), known)
        assert (known.hidden == Table(LINES, counts, LEAST).protect(small(counts))).all()


@settings(max_examples=3, deadline=None)
@given(SEEDS, st.sampled_from((15.0, 60.0)), st.sampled_from(tuple(Edition)))
def test_a_pattern_kept_up_is_the_one_made_from_nothing(seed: int, level: float, edition: Edition) -> None:
    """With the audit of intervals, and with what is spare beside parts and counted in two of them."""
    random = np.random.default_rng(seed)
    inner = random.poisson(level * random.lognormal(0, 1.0, INNER)).astype(float)
    kept = Patterns()
    for _ in range(3):
        cube = cube_of(inner, twice=random.poisson(1.0, AXES.shape).astype(float))
        assert (kept.of(cube, edition).hidden == Patterns().of(cube, edition).hidden).all()
        inner = changed(inner, random)


def cube_of(inner: Numbers, twice: Numbers) -> Cube:
    """People, some of whom count in two directions of an industry, and demand of several employers."""
    counts, above = with_levels(AXES, inner), np.zeros(AXES.shape)
    above[len(AXES.leaves) :] = twice[len(AXES.leaves) :]
    few = np.minimum(counts, 4.0)
    spread: dict[str, Any] = {
        "employers": few,
        "largest": np.ceil(counts / np.maximum(few, 1)),
        "squared": counts**2 / np.maximum(few, 1),
    }
    empty = build(AXES, [], [], TODAY, window_days=730)
    return replace(empty, persons=np.maximum(counts - above, 0), demand=counts, **spread)


@pytest.mark.parametrize("seed", range(3))
def test_what_is_remembered_of_hidden_cells_changes_no_answer(seed: int) -> None:
    random, recall = np.random.default_rng(seed), Recall()
    hidden = random.random(LINES.size) < 0.2
    for _ in range(4):
        expected = recoverable(LINES, hidden)
        assert (recoverable(LINES, hidden, recall) == expected).all()
        assert (recoverable(LINES, hidden, recall) == expected).all()
        hidden ^= random.random(LINES.size) < 0.01
