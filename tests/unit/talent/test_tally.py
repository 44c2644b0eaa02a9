import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import fields
from datetime import date, timedelta
from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from services.talent.domain.people.availability import Ageing
from services.talent.domain.position.posting import Posting
from services.talent.domain.shortage.counts.cube import Cube
from services.talent.domain.shortage.counts.tally import Reckoning, Supplied, Tally, build
from tests.unit.talent.drawn import PEOPLE, POSTINGS
from tests.unit.talent.library import AXES, TODAY, posting, supplied

RECORDS = st.lists(st.one_of(PEOPLE, POSTINGS), max_size=30)


def tally(as_of: date = TODAY) -> Tally:
    return Tally(Reckoning(AXES, as_of, 730, Ageing()))


def count(target: Tally, record: Supplied | Posting, sign: int = 1) -> None:
    if isinstance(record, Posting):
        target.count_postings([record], sign)
    else:
        target.count_people([record], sign)


def batch(records: Iterable[Supplied | Posting], as_of: date = TODAY) -> Cube:
    kept = list(records)
    people = [each for each in kept if isinstance(each, Supplied)]
    return build(AXES, people, [each for each in kept if isinstance(each, Posting)], as_of, window_days=730)


def assert_same(left: Cube, right: Cube) -> None:
    for name in (field.name for field in fields(Cube) if field.name not in ("axes", "as_of")):
        mine, other = getattr(left, name), getattr(right, name)
        assert (mine is None) == (other is None), name
        assert mine is None or np.array_equal(mine, other), name


@settings(max_examples=60)
@given(RECORDS, RECORDS, st.randoms(use_true_random=False))
def test_what_was_added_and_taken_away_in_any_order_leaves_no_residue(
    kept: list[Supplied | Posting], gone: list[Supplied | Posting], chance: random.Random
) -> None:
    steps = [(record, 1) for record in kept + gone] + [(record, -1) for record in gone]
    chance.shuffle(steps)
    streamed = tally()
    for record, sign in steps:
        count(streamed, record, sign)
    assert_same(streamed.cube(), batch(kept))


@settings(max_examples=60)
@given(RECORDS, st.integers(0, 40))
def test_exposure_runs_on_by_itself_while_nothing_is_due(
    records: list[Supplied | Posting], days: int
) -> None:
    first = date(2026, 7, 10)
    later = first + timedelta(days=days)
    posts = [each for each in records if isinstance(each, Posting)]
    steady = [each for each in posts if not first <= each.expires <= later]
    today, again = tally(first), tally(later)
    today.count_postings(steady)
    again.count_postings(steady)
    assert np.array_equal(today.counts, again.counts)
    assert today.heads == again.heads


@settings(max_examples=60)
@given(st.lists(POSTINGS, max_size=15))
def test_employers_are_told_apart_at_every_level(posts: list[Posting]) -> None:
    cube = batch(posts)
    assert cube.second is not None
    for at in product(range(len(AXES.nodes)), range(len(AXES.cities)), range(len(AXES.categories))):
        heads: Counter[str] = Counter()
        for each in posts:
            inside = at[0] in AXES.lineage[AXES.node_at[each.leaf]]
            city = AXES.cities[at[1]] in (each.city, "all")
            if inside and city and AXES.categories[at[2]] in (each.category, "all"):
                heads[each.employer] += each.open_headcount(TODAY)
        sizes = sorted((size for size in heads.values() if size), reverse=True)
        expected = (len(sizes), sum(size**2 for size in sizes), *[*sizes, 0, 0][:2])
        found = (cube.employers[at], cube.squared[at], cube.largest[at], cube.second[at])
        assert found == expected


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
