from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.matcher.corpus.pairs import Pairs
from services.matcher.corpus.space import MatchSpace
from services.matcher.domain.item import ItemKind
from services.matcher.domain.kinds import KINDS, STANDING, PairKind
from services.matcher.lists.delta import RESCORE_THRESHOLD, DeltaType, compare, fold
from services.matcher.lists.standing import Changes, StandingLists
from tests.unit.matcher.examples import PERSONS, POSITIONS, SIC

KIND = replace(KINDS["person-position"], list_size=3)
SAME = replace(KIND, key="position-position", anchor=ItemKind.POSITION, candidate=ItemKind.POSITION)


class Table:
    """Scores out of a dictionary: a person at a point, a position at another; nearer is better."""

    def __init__(self) -> None:
        self.points: dict[ItemKind, dict[str, int]] = defaultdict(dict)
        self.searches = 0

    def anchors(self, kind: PairKind) -> tuple[str, ...]:
        return tuple(self.points[kind.anchor])

    def scores(self, kind: PairKind, anchors: Sequence[str], candidates: Sequence[str]) -> np.ndarray:
        matrix = np.full((len(anchors), len(candidates)), -np.inf)
        for row, anchor in enumerate(anchors):
            for column, candidate in enumerate(candidates):
                a, c = self.points[kind.anchor][anchor], self.points[kind.candidate][candidate]
                if c >= 0 and not (kind.anchor is kind.candidate and anchor == candidate):
                    matrix[row, column] = -abs(a - c) / 16
        return matrix

    def best(self, kind: PairKind, anchors: Sequence[str], k: int) -> list[list[tuple[str, float]]]:
        self.searches += 1
        candidates = list(self.points[kind.candidate])
        lines = self.scores(kind, anchors, candidates)
        return [
            sorted(
                ((c, float(s)) for c, s in zip(candidates, line, strict=True) if s > -np.inf),
                key=lambda place: (-place[1], place[0]),
            )[:k]
            for line in lines
        ]


_SORTS = st.sampled_from([ItemKind.PERSON, ItemKind.PERSON, ItemKind.PERSON, ItemKind.POSITION])
_EVENTS = st.lists(
    st.tuples(_SORTS, st.integers(0, 60), st.integers(-8, 40) | st.none(), st.booleans()), max_size=120
)


@given(_EVENTS)
@settings(max_examples=150, deadline=None)
def test_lists_and_folded_deltas_equal_recomputation_in_any_batching(events: list[Any]) -> None:
    table, known = Table(), []
    lists = StandingLists([KIND, SAME], table)
    put: set[tuple[ItemKind, str]] = set()
    removed: set[tuple[ItemKind, str]] = set()
    for sort, number, point, flush in [*events, (ItemKind.PERSON, 99, 1, True)]:
        key = (sort, f"{sort.value}{number % (60 if sort is ItemKind.PERSON else 5)}")
        if point is None:
            table.points[sort].pop(key[1], None)
            put.discard(key)
            removed.add(key)
        else:
            table.points[sort][key[1]] = point
            removed.discard(key)
            put.add(key)
        if flush:
            before = dict(lists.all())
            known += lists.update(Changes.of(put, removed))
            put, removed = set(), set()
            _check(lists, table, known)
            keys = before.keys() | lists.all().keys()
            moved = {key for key in keys if before.get(key) != lists.all().get(key)}
            assert lists.take_touched() == {key: lists.places(*key) for key in moved}


def _check(lists: StandingLists, table: Table, known: list[Any]) -> None:
    fresh = StandingLists([KIND, SAME], table)
    fresh.recompute()
    expected = {key: [(p.id, p.log_odds) for p in places] for key, places in fresh.all().items()}
    assert {key: [(p.id, p.log_odds) for p in places] for key, places in lists.all().items()} == expected
    followed = fold(known)
    assert followed.keys() == expected.keys()
    for key, places in expected.items():
        assert followed[key].keys() == {id_ for id_, _ in places}
        assert all(abs(followed[key][id_] - score) <= RESCORE_THRESHOLD for id_, score in places)


def test_recompute_after_restore_tells_only_what_changed() -> None:
    table = Table()
    table.points[ItemKind.POSITION]["q"] = 5
    table.points[ItemKind.PERSON] = {f"p{n}": n for n in range(9)}
    lists = StandingLists([KIND], table)
    assert len(lists.recompute()) == 3
    restored = StandingLists([KIND], table)
    restored.restore(lists.all())
    assert restored.recompute() == []
    del table.points[ItemKind.PERSON]["p5"]
    deltas = restored.update(Changes.of(removed=[(ItemKind.PERSON, "p5")]))
    assert [(d.type, d.candidate) for d in deltas] == [
        (DeltaType.WITHDRAWN, "p5"),
        (DeltaType.CREATED, "p3"),
    ]


def test_one_change_is_compared_with_the_anchors_and_searches_nothing() -> None:
    table = Table()
    table.points[ItemKind.POSITION] = {f"q{n}": n for n in range(40)}
    table.points[ItemKind.PERSON] = {f"p{n}": n for n in range(200)}
    lists = StandingLists([KIND], table)
    lists.recompute()
    lists.take_touched()
    table.points[ItemKind.PERSON]["new"] = 20
    searches = table.searches
    deltas = lists.update(Changes.of(put=[(ItemKind.PERSON, "new")]))
    assert {delta.anchor for delta in deltas} == {"q19", "q20", "q21"}
    assert {anchor for _, anchor in lists.take_touched()} == {"q19", "q20", "q21"}
    table.points[ItemKind.PERSON].pop("new")
    gone = lists.update(Changes.of(removed=[(ItemKind.PERSON, "new")]))
    assert {delta.type for delta in gone} == {DeltaType.WITHDRAWN, DeltaType.CREATED}
    assert table.searches == searches


def test_small_swings_are_not_announced_until_they_add_up() -> None:
    places, deltas = compare(("k", "a"), (), [("p", 1.0)], 0.1)
    assert [d.type for d in deltas] == [DeltaType.CREATED]
    for score, announced in ((1.06, 0), (0.95, 0), (1.06, 0), (1.12, 1), (1.06, 0), (1.0, 1)):
        places, deltas = compare(("k", "a"), places, [("p", score)], 0.1)
        assert len(deltas) == announced, score
        assert places[0].log_odds == score


@pytest.fixture
def lists(space: MatchSpace) -> StandingLists:
    standing = StandingLists(STANDING, Pairs(space))
    standing.recompute()
    return standing


def test_a_withdrawn_person_leaves_every_list_and_a_new_one_enters(
    space: MatchSpace, lists: StandingLists
) -> None:
    space.remove(ItemKind.PERSON, "sic", 2)
    gone = lists.update(Changes.of(removed=[(ItemKind.PERSON, "sic")]))
    assert {d.type for d in gone} == {DeltaType.WITHDRAWN}
    assert {"person-position", "person-firm", "person-direction"} == {d.kind for d in gone}
    space.put(replace(SIC, version=3))
    back = lists.update(Changes.of(put=[(ItemKind.PERSON, "sic")]))
    assert {(d.kind, d.anchor) for d in back} == {(d.kind, d.anchor) for d in gone}
    assert lists.places("person-position", "epitaxy")[0].id == "sic"


def test_incremental_lists_of_the_real_space_equal_recomputation(
    space: MatchSpace, lists: StandingLists
) -> None:
    for number in range(60):
        person = replace(PERSONS[number % 4], id=f"n{number % 40}", version=number + 2, city="wuxi")
        person = replace(person, texts=(f"{number}", *PERSONS[number * 7 % 3].texts))
        space.put(person)
        changes = [(ItemKind.PERSON, person.id)]
        if number % 5 == 0:
            space.put(replace(POSITIONS[0], version=number + 2, texts=(PERSONS[number % 3].text,)))
            changes.append((ItemKind.POSITION, "epitaxy"))
        lists.update(Changes.of(changes))
    fresh = StandingLists(STANDING, Pairs(space))
    fresh.recompute()
    assert {key: [(p.id, p.log_odds) for p in places] for key, places in lists.all().items()} == {
        key: [(p.id, p.log_odds) for p in places] for key, places in fresh.all().items()
    }


def test_another_encoder_recomputes_with_deltas_that_fold_to_the_new_lists(
    space: MatchSpace, lists: StandingLists
) -> None:
    before = {key: {p.id: p.announced for p in places} for key, places in lists.all().items()}
    space.adopt(space.encoder.fit(space.texts()))
    for delta in lists.recompute():
        known = before.setdefault((delta.kind, delta.anchor), {})
        if delta.type is DeltaType.WITHDRAWN:
            del known[delta.candidate]
        else:
            known[delta.candidate] = delta.log_odds
    assert {key: set(known) for key, known in before.items() if known} == {
        key: {p.id for p in places} for key, places in lists.all().items()
    }
