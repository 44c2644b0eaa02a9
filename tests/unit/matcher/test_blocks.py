"""Many rows at once: products, the best of blocks, and what anchors share, against doing it one by one."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse import csr_array

from services.matcher.corpus import pairs as pairs_module
from services.matcher.corpus.pairs import Pairs
from services.matcher.corpus.sides import Side
from services.matcher.corpus.space import MatchSpace
from services.matcher.corpus.tops import Places, Scored, Tops
from services.matcher.domain.codes import Codes
from services.matcher.domain.columns import Columns
from services.matcher.domain.kinds import KINDS
from services.matcher.index.sparse_block import SplitColumns
from services.matcher.score import scoring
from services.matcher.score.features import FEATURES, OF_SIMILARITY, READ
from services.matcher.score.sieve import Sieve
from tests.unit.matcher.examples import FIRMS, PERSONS


def _rows(rng: np.random.Generator, count: int, density: float) -> csr_array:
    """Rows on the grid, some columns common and some rare."""
    likely = np.linspace(0.0, density, 50)
    steps = np.where(rng.random((count, 50)) < likely, rng.integers(1, 300, (count, 50)), 0)
    return csr_array((steps / 2048).astype(np.float32))


@given(st.integers(0, 2**32 - 1), st.integers(0, 30), st.sampled_from([0.02, 0.5, 0.9]))
def test_products_are_exact_whichever_columns_are_common(seed: int, count: int, density: float) -> None:
    rng = np.random.default_rng(seed)
    stored, asked = _rows(rng, count, density), _rows(rng, 5, 0.5)
    expected = asked.toarray().astype(np.float64) @ stored.toarray().astype(np.float64).T
    there = np.isin(np.arange(50), asked.indices)
    for split in (SplitColumns(stored), SplitColumns(stored, there)):
        found = split.block(stored).products(split.split(asked))
        assert np.array_equal(found, expected)


@given(
    st.integers(0, 2**32 - 1),
    st.integers(1, 5),
    st.lists(st.integers(0, 12), max_size=6),
    st.sampled_from([0.0, 0.4, 3.0]),
)
def test_the_best_of_blocks_are_the_best_of_all(seed: int, k: int, widths: list[int], margin: float) -> None:
    rng = np.random.default_rng(seed)
    blocks = [rng.integers(0, 6, (3, width)).astype(np.float64) for width in widths]
    blocks = [np.where(block == 0, -np.inf, block) for block in blocks]
    tops, first = Tops(3, k), 0
    for block in blocks:
        near = (block + rng.uniform(-margin, margin, block.shape) / 2).astype(np.float32)
        tops.add(Scored(near, margin, partial(_chosen, block)), first)
        first += block.shape[1]
    whole = np.concatenate(blocks, axis=1) if blocks else np.zeros((3, 0))
    for row, scores in enumerate(whole):
        kept = np.flatnonzero(scores > -np.inf)
        expected = kept[np.argsort(-scores[kept], kind="stable")][:k]
        places, found = tops.row(row)
        assert places.tolist() == expected.tolist()
        assert found.tolist() == scores[expected].tolist()


def _chosen(block: NDArray[np.float64], rows: Places, places: Places) -> NDArray[np.float64]:
    return block[rows, places]


@given(
    st.lists(st.integers(0, 2), max_size=9),
    st.lists(st.integers(0, 7), max_size=8, unique=True),
    st.sampled_from(["shares", "placed"]),
)
def test_leaves_of_some_rows_are_those_of_a_copy(
    codes: Codes, rows: list[int], leaves: list[int], name: str
) -> None:
    columns, some, few = Columns.of(PERSONS, codes), np.array(rows, np.int64), np.array(leaves, np.int64)
    columns["placed"][:] = np.arange(columns["placed"].size).reshape(columns["placed"].shape) % 100
    found = columns.chosen(some).of_leaves(name, few)
    assert found.dtype == columns[name].dtype
    assert np.array_equal(found, columns.take(some)[name][:, few])
    assert np.array_equal(found, columns[name][some[:, None], few])


@pytest.fixture
def peopled(space: MatchSpace) -> MatchSpace:
    cities = (None, "suzhou", "wuxi", "outside")
    people = [replace(PERSONS[n % 3], id=f"n{n:02d}", city=cities[n % 4]) for n in range(30)]
    firms = [replace(FIRMS[n % 2], id=f"f{n:02d}", city=cities[n % 3]) for n in range(20)]
    space.put_all([*people, *firms])
    return space


@pytest.mark.parametrize("key", KINDS)
def test_what_anchors_share_is_worked_out_once_with_the_same_result(
    peopled: MatchSpace, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    kind, pairs = KINDS[key], Pairs(peopled)
    pool = peopled.anchors(kind)
    side = Side.stored(pool, np.arange(min(40, pool.size)))
    one_by_one = scoring.log_odds(kind, pairs.block(kind, side, None))
    monkeypatch.setattr(scoring, "MANY", 1)
    monkeypatch.setattr(scoring, "_MANY_PAIRS", 1)
    assert np.array_equal(scoring.log_odds(kind, pairs.block(kind, side, None)), one_by_one)


@pytest.mark.parametrize("key", [key for key, kind in KINDS.items() if scoring.reads_texts(kind)])
def test_near_scores_are_near_and_exact_ones_exact(peopled: MatchSpace, key: str) -> None:
    kind, pairs = KINDS[key], Pairs(peopled)
    pool, others = peopled.anchors(kind), peopled.population(kind.candidate)
    side = Side.stored(pool, np.arange(min(40, pool.size)))
    block, (sparse, dense) = pairs.block(kind, side, None), others.similarity(side.encoded, None)
    sieve = Sieve(kind, block, sparse, dense, peopled.encoder.mix)
    expected, near = scoring.score_block(kind, block).ranked(), sieve.near()
    assert np.array_equal(near == -np.inf, expected == -np.inf)
    passed = np.nonzero(expected > -np.inf)
    assert np.array_equal(sieve.exact(*passed), expected[passed])
    assert np.all(np.abs(near[passed] - expected[passed]) < sieve.margin / 2)


def test_what_a_feature_reads_is_said_of_known_features_alone() -> None:
    assert READ.keys() <= FEATURES.keys()
    assert not READ.keys() & OF_SIMILARITY


@pytest.mark.parametrize("key", [key for key, kind in KINDS.items() if kind.standing])
def test_many_anchors_are_answered_together_as_each_by_itself(
    peopled: MatchSpace, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    kind, pairs = KINDS[key], Pairs(peopled)
    anchors = pairs.anchors(kind)
    one_by_one = [pairs.best(kind, [anchor], 4)[0] for anchor in anchors]
    monkeypatch.setattr(pairs_module, "MANY", 1)
    assert pairs.best(kind, anchors, 4) == one_by_one
