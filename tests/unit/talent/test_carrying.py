"""Counts of an earlier catalogue under today's directions."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from services.talent.domain.axes import Axes
from services.talent.domain.people.availability import Ageing
from services.talent.domain.position.posting import Posting
from services.talent.domain.shortage.counts.carrying import added, merged, recast
from services.talent.domain.shortage.counts.tally import MEASURES, Reckoning, Supplied, Tally
from services.talent.domain.shortage.indices.priors import Priors
from tests.unit.talent.drawn import PEOPLE, POSTINGS
from tests.unit.talent.library import CATEGORIES, CITIES, LEAVES, TODAY, Leaf
from tests.unit.talent.shortage_cells import priors

OLD = Axes.of(LEAVES, CITIES, CATEGORIES)
NEW = replace(
    Axes.of(
        (
            Leaf("renewable-h2", "hydrogen"),
            Leaf("marine-h2", "hydrogen", "renewable-h2"),
            Leaf("cold-h2", "hydrogen"),
            Leaf("cryo-h2", "hydrogen"),
            Leaf("quantum", "quantum"),
        ),
        CITIES,
        CATEGORIES,
    ),
    former={"seawater-h2": (("marine-h2", 1000),), "liquid-h2": (("cold-h2", 700), ("cryo-h2", 300))},
)
ADDING = [at for at, name in enumerate(MEASURES) if name != "persons"]


def counts(axes: Axes, people: list[Supplied], posts: list[Posting]) -> np.ndarray:
    tally = Tally(Reckoning(axes, TODAY, 730, Ageing()))
    tally.count(people)
    tally.count(posts)
    return tally.counts


@given(st.lists(PEOPLE, max_size=8), st.lists(POSTINGS, max_size=8))
def test_what_is_carried_over_adds_up_and_what_kept_its_place_is_unchanged(
    people: list[Supplied], posts: list[Posting]
) -> None:
    before = counts(OLD, people, posts)
    after = added(before, OLD, NEW)
    for code in ("quantum", "hydrogen", "renewable-h2", "all"):
        assert np.array_equal(after[ADDING, NEW.node_at[code]], before[ADDING, OLD.node_at[code]])
    assert np.array_equal(after[ADDING, NEW.node_at["marine-h2"]], before[ADDING, OLD.node_at["seawater-h2"]])
    split = after[ADDING, NEW.node_at["cold-h2"]] + after[ADDING, NEW.node_at["cryo-h2"]]
    assert np.array_equal(split, before[ADDING, OLD.node_at["liquid-h2"]])


def test_a_merger_of_people_claims_no_more_than_the_larger_part() -> None:
    joined = replace(
        Axes.of((Leaf("h2", "hydrogen"), Leaf("quantum", "quantum")), CITIES, CATEGORIES),
        former=dict.fromkeys(("renewable-h2", "seawater-h2", "liquid-h2"), (("h2", 1000),)),
    )
    people = np.zeros((1, *OLD.shape), np.int64)
    people[0, OLD.node_at["liquid-h2"]], people[0, OLD.node_at["seawater-h2"]] = 4, 7
    assert merged(people, OLD, joined, np.maximum)[0, joined.node_at["h2"]].max() == 7


def test_only_directions_that_stand_for_others_than_before_are_recast() -> None:
    assert recast(OLD, NEW) == {"marine-h2", "cold-h2", "cryo-h2"}
    assert recast(NEW, NEW) == frozenset()
    moved = replace(
        Axes.of((Leaf("renewable-h2", "hydrogen"), Leaf("q2", "quantum")), CITIES, CATEGORIES),
        former={"liquid-h2": (("q2", 1000),)},
    )
    assert recast(OLD, moved) == {"hydrogen", "quantum", "q2"}


def test_what_nobody_counted_before_is_not_known() -> None:
    grown = Axes.of((*LEAVES, Leaf("fresh-h2", "hydrogen")), CITIES, CATEGORIES)
    found = added(np.ones((1, *OLD.shape)), OLD, grown, np.nan)
    assert np.isnan(found[0, grown.node_at["fresh-h2"]]).all()
    assert not np.isnan(found[0, grown.node_at["hydrogen"]]).any()


def test_a_renamed_direction_keeps_its_prior_and_a_part_of_a_split_takes_the_one_above() -> None:
    kept = priors(OLD)
    kept.share[OLD.node_at["seawater-h2"]] = 0.3
    kept.share[OLD.node_at["liquid-h2"]] = 0.9
    found = Priors.of_document(NEW, kept.document())
    assert (found.share[NEW.node_at["marine-h2"]] == 0.3).all()
    assert (found.share[NEW.node_at["cold-h2"]] == 0.5).all()
