import random
from dataclasses import fields
from datetime import timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from services.talent.domain.availability import Availability
from services.talent.domain.posting import Posting
from services.talent.domain.shortage.cube import Cube
from services.talent.domain.shortage.tally import Supplied, Tally, build
from tests.unit.talent.library import AXES, CATEGORIES, CITIES, LEAVES, TODAY, posting, supplied

CODES = [leaf.code for leaf in LEAVES]
PEOPLE = st.builds(
    lambda city, category, split, leaves, availability, age: supplied(
        0,
        city,
        category,
        ((leaves[0], split), (leaves[1], 1000 - split)),
        availability,
        TODAY - timedelta(days=age),
    ),
    st.sampled_from((*CITIES, "outside")),
    st.sampled_from(CATEGORIES),
    st.integers(1, 999),
    st.permutations(CODES),
    st.sampled_from(Availability),
    st.integers(0, 2000),
)
POSTINGS = st.builds(
    lambda heads, employer, city, leaf, category, age, life, filled: posting(
        heads,
        employer,
        city=city,
        leaf=leaf,
        category=category,
        opened=TODAY - timedelta(days=age),
        closed=TODAY - timedelta(days=age) + timedelta(days=life) if life < age else None,
        fills=((TODAY - timedelta(days=age // 2), filled),) if 0 < filled <= heads else (),
    ),
    st.integers(1, 9),
    st.sampled_from(("e1", "e2", "e3")),
    st.sampled_from(CITIES),
    st.sampled_from(CODES),
    st.sampled_from(CATEGORIES),
    st.integers(0, 400),
    st.integers(0, 600),
    st.integers(0, 3),
)
EVENTS = st.lists(st.tuples(st.integers(0, 5), st.one_of(st.none(), PEOPLE, POSTINGS)), max_size=40)


def tally() -> Tally:
    return Tally(AXES, TODAY, window_days=730)


def put(target: Tally, version: int, key: int, record: Supplied | Posting | None) -> None:
    if not isinstance(record, Posting):
        target.put_person(f"p{key}", version, record)
    if not isinstance(record, Supplied):
        target.put_posting(f"j{key}", version, record)


def assert_same(left: Cube, right: Cube) -> None:
    for name in (field.name for field in fields(Cube) if field.name not in ("axes", "as_of")):
        assert np.array_equal(getattr(left, name), getattr(right, name)), name


@settings(max_examples=60)
@given(EVENTS, st.randoms(use_true_random=False))
def test_streamed_twice_and_out_of_order_equals_batch(
    events: list[tuple[int, Supplied | Posting | None]], chance: random.Random
) -> None:
    order = [(version, key, record) for version, (key, record) in enumerate(events)] * 2
    chance.shuffle(order)
    streamed = tally()
    for version, key, record in order:
        put(streamed, version, key, record)
    people: dict[int, Supplied | None] = {}
    posts: dict[int, Posting | None] = {}
    for key, record in events:
        if not isinstance(record, Posting):
            people[key] = record
        if not isinstance(record, Supplied):
            posts[key] = record
    batch = build(AXES, filter(None, people.values()), filter(None, posts.values()), TODAY, window_days=730)
    assert_same(streamed.cube(), batch)
    later = TODAY + timedelta(days=100)
    again = build(AXES, filter(None, people.values()), filter(None, posts.values()), later, window_days=730)
    assert_same(streamed.at(later).cube(), again)


@settings(max_examples=60)
@given(st.lists(PEOPLE, max_size=15), st.lists(POSTINGS, max_size=15))
def test_counts_add_up_the_tree(people: list[Supplied], posts: list[Posting]) -> None:
    cube = build(AXES, people, posts, TODAY, window_days=730)
    for counts in (cube.demand, cube.supply, cube.fills, cube.exposure, cube.persons):
        assert np.allclose(counts[:, :-1].sum(axis=1), counts[:, -1])
        assert np.allclose(counts[:, :, :-1].sum(axis=2), counts[:, :, -1])
    at = AXES.node_at
    for counts in (cube.demand, cube.supply, cube.fills, cube.exposure):
        assert np.allclose(counts[at["hydrogen"]] + counts[at["quantum"]], counts[at["all"]])
        assert np.allclose(counts[at["renewable-h2"]] + counts[at["liquid-h2"]], counts[at["hydrogen"]])
        assert (counts[at["seawater-h2"]] <= counts[at["renewable-h2"]] + 1e-9).all()
    assert cube.persons[-1, -1, -1] == sum(person.city != "outside" for person in people)


def test_two_directions_of_an_industry_are_one_person_of_it() -> None:
    cube = build(
        AXES, [supplied(1, shares=(("seawater-h2", 600), ("liquid-h2", 400)))], [], TODAY, window_days=730
    )
    node = AXES.node_at["hydrogen"]
    assert (cube.persons[node, -1, -1], cube.supply[node, -1, -1]) == (1, 1.0)


def test_people_outside_the_province_are_reach_and_never_supply() -> None:
    cube = build(AXES, [supplied(1, city="outside")], [], TODAY, window_days=730)
    assert (cube.supply.sum(), cube.persons.sum()) == (0, 0)
    assert cube.reach[AXES.node_at["hydrogen"], -1, -1] == 1


def test_one_employer_is_told_from_many() -> None:
    cube = build(
        AXES,
        [],
        [posting(4, "e1"), posting(1, "e2"), posting(2, "e1", city="suzhou")],
        TODAY,
        window_days=730,
    )
    at = (AXES.node_at["seawater-h2"], -1, -1)
    assert [float(array[at]) for array in (cube.demand, cube.squared, cube.employers, cube.largest)] == [
        7,
        37,
        2,
        6,
    ]
