"""The share of the people there are that the library knows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.talent.domain.shortage.counts.coverage import BOTH, KNOWN, Found, Overlap, estimate, say
from tests.unit.talent.library import AXES

AT = (0, 0, 0)
PAIR = ("import", "registry")


def overlap(first: int, second: int, both: int, known: int | None = None) -> Overlap:
    counts = [first, second, both, first + second - both if known is None else known]
    return Overlap(PAIR, np.stack([np.full(AXES.shape, each) for each in counts]))


def test_the_textbook_estimate() -> None:
    """n₁ = 200, n₂ = 150, m = 30: N̂ = 201·151/31 − 1 = 978.06, of whom 320 are known."""
    found = estimate(overlap(200, 150, 30), 7)
    assert found is not None
    assert found.share[AT] == pytest.approx(320 / (201 * 151 / 31 - 1))
    assert found.low[AT] < found.share[AT] < found.high[AT]


@given(st.integers(0, 300), st.integers(0, 300), st.integers(7, 100))
def test_a_share_lies_within_its_interval_and_never_above_1(one: int, other: int, both: int) -> None:
    found = estimate(overlap(one + both, other + both, both), 7)
    assert found is not None
    assert 0 < found.low[AT] <= found.share[AT] <= found.high[AT] <= 1


def test_the_interval_covers_nine_times_in_ten() -> None:
    chance, size, hits, runs = np.random.default_rng(3), 500, 0, 400
    for _ in range(runs):
        first, second = (chance.random(size) < share for share in (0.4, 0.3))
        found = estimate(overlap(int(first.sum()), int(second.sum()), int((first & second).sum())), 7)
        assert found is not None
        hits += bool(found.low[AT] <= (first | second).sum() / size <= found.high[AT])
    assert 0.86 <= hits / runs <= 0.97


def test_with_one_source_or_few_people_in_common_it_is_unknown_and_says_why() -> None:
    alone = estimate(Overlap(("import",), overlap(9, 9, 9).counts), 7)
    assert alone is None
    said = say(alone, AT, 7, hidden=False)
    assert said.share is None
    assert said.why is not None
    assert "两个独立来源" in said.why.zh
    assert "two independent sources" in said.why.en
    few = say(estimate(overlap(90, 80, 6), 7), AT, 7, hidden=False)
    assert few.share is None
    assert few.why is not None
    assert "不足 7 名" in few.why.zh
    hidden = say(estimate(overlap(90, 80, 30), 7), AT, 7, hidden=True)
    assert hidden.share is None


def test_everybody_counts_once_in_every_cell_above_them() -> None:
    shares = (("seawater-h2", 500), ("liquid-h2", 500))
    found = Overlap.of(
        AXES,
        PAIR,
        [
            Found(shares, "nantong", "outstanding-engineer", True, True, 3),
            Found(shares, "suzhou", "outstanding-engineer", False, True, 2),
        ],
    )
    hydrogen = AXES.node_at["hydrogen"]
    assert found.counts[:, hydrogen, -1, -1].tolist() == [3, 5, 3, 5]
    assert found.counts[BOTH, -1, -1, -1] == 3
    assert found.counts[KNOWN, AXES.node_at["renewable-h2"], AXES.city_at["nantong"], -1] == 3
    assert found.counts[KNOWN, AXES.node_at["quantum"]].sum() == 0
