from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import logit

from services.talent.domain.shortage.indices.stars import Belief, Standing, point_stars, settle
from services.talent.domain.shortage.method import Method

FLOORS = Method().star_floors


def belief(index: float | None, sd: float = 0.3) -> Belief:
    return Belief(np.array([np.nan if index is None else logit(index / 100)]), np.array([sd]))


def standing(*quarters: Belief) -> Standing:
    return settle(quarters[:-1], quarters[-1], FLOORS, 0.8)


def star(*quarters: Belief) -> tuple[int, bool]:
    found = standing(*quarters)
    return int(found.stars[0]), bool(found.watch[0])


def test_the_first_quarter_takes_the_star_of_the_estimate() -> None:
    assert star(belief(65, 0.05)) == (3, False)
    assert star(belief(69.6, 0.366)) == (3, True)


def test_a_star_does_not_change_while_the_new_band_is_less_than_80_percent_sure() -> None:
    assert star(belief(65, 0.05), belief(71, 0.3)) == (3, True)
    assert star(belief(75, 0.05), belief(69, 0.3)) == (4, True)


def test_a_star_changes_at_once_when_the_new_band_or_beyond_is_sure() -> None:
    assert star(belief(65, 0.05), belief(75, 0.1)) == (4, False)
    assert star(belief(75, 0.05), belief(65, 0.1)) == (3, False)


def test_a_star_changes_after_two_quarters_in_the_new_band() -> None:
    assert star(belief(65, 0.05), belief(71, 0.3), belief(71, 0.3))[0] == 4
    assert star(belief(65, 0.05), belief(71, 0.3), belief(66, 0.3), belief(71, 0.3))[0] == 3
    assert star(belief(75, 0.05), belief(69, 0.3), belief(69, 0.3))[0] == 3


def test_a_leap_moves_only_as_far_as_is_sure() -> None:
    assert star(belief(45, 0.05), belief(72, 0.3))[0] == 3
    assert star(belief(85, 0.05), belief(61, 0.3))[0] == 3


def test_an_estimate_that_swings_about_an_edge_does_not_flap() -> None:
    swinging = [belief(65, 0.05), *(belief(index, 0.3) for index in (71, 69, 71, 69, 71, 69, 71))]
    assert {star(*swinging[:count])[0] for count in range(1, len(swinging) + 1)} == {3}


def test_a_cell_without_an_index_starts_anew() -> None:
    assert star(belief(75, 0.05), belief(None), belief(65, 0.3))[0] == 3
    assert star(belief(75, 0.05), belief(None)) == (0, False)


SERIES = st.lists(st.tuples(st.floats(1, 99), st.floats(0.02, 1.5)), min_size=1, max_size=8)


@given(SERIES)
def test_a_star_lies_between_the_one_held_and_the_estimate(series: list[tuple[float, float]]) -> None:
    quarters = [belief(*each) for each in series]
    held = [star(*quarters[:count])[0] for count in range(1, len(quarters) + 1)]
    for (before, now), (index, _) in zip(pairwise(held), series[1:], strict=True):
        here = int(point_stars(np.array([logit(index / 100)]), FLOORS)[0])
        assert min(before, here) <= now <= max(before, here)


@given(SERIES)
def test_a_star_without_doubt_is_the_estimates_own_with_both_edges_sure(
    series: list[tuple[float, float]],
) -> None:
    found = standing(*(belief(*each) for each in series))
    if not found.watch[0]:
        assert found.stars[0] == point_stars(np.array([logit(series[-1][0] / 100)]), FLOORS)[0]
        assert found.sure[0] >= 0.8 - 1e-12


@given(st.floats(1, 99), st.integers(2, 5))
def test_an_unchanged_estimate_keeps_its_star_for_ever(index: float, quarters: int) -> None:
    assert star(*(belief(index, 0.2),) * quarters)[0] == star(belief(index, 0.2))[0]


def test_many_cells_are_settled_as_each_alone() -> None:
    chance = np.random.default_rng(3)
    quarters = [Belief(chance.normal(0.4, 0.6, (4, 3)), chance.uniform(0.05, 0.8, (4, 3))) for _ in range(5)]
    whole = settle(quarters[:-1], quarters[-1], FLOORS, 0.8)
    for at in np.ndindex(4, 3):
        alone = [Belief(each.log_odds[at].reshape(1), each.sd[at].reshape(1)) for each in quarters]
        assert settle(alone[:-1], alone[-1], FLOORS, 0.8).stars[0] == whole.stars[at]


@pytest.mark.parametrize("index", [39.9, 40.0, 80.0])
def test_bands_begin_at_their_floor(index: float) -> None:
    assert star(belief(index, 0.01))[0] == {39.9: 0, 40.0: 1, 80.0: 5}[index]
