"""The best of many without scoring everybody: whatever is left out could not have been among them."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.matcher.corpus.pairs import Pairs, Searched, _highest
from services.matcher.corpus.sides import Side
from services.matcher.corpus.space import MatchSpace
from services.matcher.domain.codes import Codes
from services.matcher.domain.item import Item
from services.matcher.domain.kinds import KINDS, PairKind
from services.matcher.encode.encoder import Family
from services.matcher.encode.lexical import LexicalEncoder
from services.matcher.score.features import (
    FEATURES,
    LEAVES_OF_ONE,
    MOST,
    OF_SIMILARITY,
    similarity_of,
    text_value,
)
from services.matcher.score.scoring import features, reads_texts
from tests.unit.matcher.examples import FIRMS, PERSONS, POSITIONS, TEAMS

_SINGLE = st.lists(st.integers(0, 10**6), min_size=1, max_size=12)


def _words(directions: tuple[Item, ...], numbers: list[int]) -> str:
    words = sorted({word for item in directions for text in item.texts for word in text.split("，")})
    return "，".join(words[number % len(words)] for number in numbers)


def test_every_feature_but_the_likeness_of_texts_says_what_it_adds_at_most(codes: Codes) -> None:
    assert MOST.keys() | OF_SIMILARITY == FEATURES.keys()
    assert not MOST.keys() & OF_SIMILARITY
    assert max(np.bincount(codes.leaf_industries)) <= LEAVES_OF_ONE


@pytest.fixture(scope="module")
def no_more_than_most(
    codes: Codes, encoder: LexicalEncoder, directions: tuple[Item, ...]
) -> Callable[[list[list[int]], int, int], None]:
    """A check of all pairs of items with texts of these words, who declare a share of one direction."""
    return partial(_no_more_than_most, codes, encoder, directions)


def test_no_feature_adds_more_than_it_says(
    no_more_than_most: Callable[[list[list[int]], int, int], None],
) -> None:
    @settings(max_examples=20)
    @given(
        words=st.lists(_SINGLE, min_size=2, max_size=2),
        leaf=st.integers(0, 10**6),
        share=st.integers(1, 1000),
    )
    def check(words: list[list[int]], leaf: int, share: int) -> None:
        no_more_than_most(words, leaf, share)

    check()


def _no_more_than_most(
    codes: Codes,
    encoder: LexicalEncoder,
    directions: tuple[Item, ...],
    words: list[list[int]],
    leaf: int,
    share: int,
) -> None:
    leaves = ((codes.leaves[leaf % len(codes.leaves)].code, share),)
    texts = [_words(directions, each) for each in words]
    people = [replace(PERSONS[0], id=f"n{n}", texts=(text,), leaves=leaves) for n, text in enumerate(texts)]
    firms = [replace(FIRMS[0], id=f"f{n}", texts=(text,), leaves=leaves) for n, text in enumerate(texts)]
    places = [replace(POSITIONS[0], id=f"p{n}", texts=(text,), leaves=leaves) for n, text in enumerate(texts)]
    teams = [replace(TEAMS[0], id=f"t{n}", texts=(text,), leaves=leaves) for n, text in enumerate(texts)]
    space = MatchSpace(codes, encoder, [*directions, *people, *firms, *places, *teams])
    for kind in KINDS.values():
        pool = space.anchors(kind)
        side = Side.stored(pool, np.arange(min(pool.size, 400)))
        for name, values in features(kind, Pairs(space).block(kind, side, None)).items():
            assert name in OF_SIMILARITY or values.max(initial=-np.inf) <= MOST[name]


@given(value=st.floats(-3.0, 7.0))
def test_the_likeness_that_adds_so_much_is_found_again(value: float) -> None:
    likeness = similarity_of(value)
    added = float(text_value(np.array([likeness]))[0])
    assert added == pytest.approx(max(value, float(text_value(np.zeros(1))[0])), abs=1e-9)


@given(scores=st.lists(st.integers(0, 3), min_size=1, max_size=200), count=st.integers(1, 50))
def test_of_the_likely_there_are_no_more_than_twice_as_many_whatever_is_equal(
    scores: list[int], count: int
) -> None:
    given_ = np.array(scores, np.float32)
    likely = _highest(given_, count)
    assert 1 <= np.count_nonzero(likely) <= 2 * count
    assert given_[likely].min() >= given_[~likely].max(initial=-1.0) or count >= len(scores)


def _crowd(codes: Codes, random: Random) -> list[Item]:
    """People who differ in everything that is read, some of whom say nothing."""
    people = []
    for number in range(400):
        like = PERSONS[number % len(PERSONS)]
        words = "".join(like.texts)
        cut = random.randrange(max(1, len(words)))
        text = f"{words[cut : cut + random.randrange(3, 60)]}第{random.randrange(30)}号"
        people.append(
            replace(
                like,
                id=f"n{number:03d}",
                texts=(text,) if number % 9 else (),
                city=random.choice((None, *codes.cities)),
                category=random.choice((None, *codes.categories)),
                leaves=((random.choice(codes.leaves).code, 1000),),
            )
        )
    return people


@pytest.mark.parametrize("seed", range(3))
def test_whoever_is_left_out_could_not_have_been_among_the_best(
    space: MatchSpace, family: Family, seed: int
) -> None:
    random = Random(seed)
    space.put_all(_crowd(space.codes, random))
    space.adopt(family.fitted(space.texts()))
    whole, sought = Pairs(space, exact_limit=10**6), Pairs(space, exact_limit=5, seeds=6)
    for kind in [each for each in KINDS.values() if reads_texts(each)]:
        pool, others = space.anchors(kind), space.population(kind.candidate)
        for number in random.sample(range(pool.size), min(6, pool.size)):
            one = Side.stored(pool, np.array([number]))
            mask = np.array([random.random() < 0.7 for _ in range(others.size)], np.bool_)
            for k in (1, 10, 60):
                _agree(kind, one, k, mask, whole.search(kind, one, k, mask), sought)


def _agree(kind: PairKind, one: Side, k: int, mask: np.ndarray, expected: Searched, sought: Pairs) -> None:
    assert sought.search(kind, one, k, mask) == expected
