"""Many anchors at once against each anchor for itself: the same lists, bit for bit."""

from dataclasses import replace

import numpy as np
import pytest

from services.matcher.corpus import all_pairs
from services.matcher.corpus.all_pairs import Gathered
from services.matcher.corpus.pairs import Pairs
from services.matcher.corpus.sides import Side
from services.matcher.corpus.space import MatchSpace
from services.matcher.domain.item import ItemKind
from services.matcher.domain.kinds import KINDS
from tests.unit.matcher.examples import FIRMS, PERSONS

CITIES = (None, "suzhou", "wuxi", "outside")


@pytest.fixture
def peopled(space: MatchSpace) -> MatchSpace:
    people = (
        replace(PERSONS[number % 3], id=f"n{number % 40:02d}", city=CITIES[number % 4], version=number)
        for number in range(1, 41)
    )
    firms = (replace(FIRMS[number % 2], id=f"f{number}", city=CITIES[number % 3]) for number in range(9))
    space.put_all([*people, *firms])
    return space


@pytest.mark.parametrize("most", [1, 70, all_pairs.MOST_PAIRS])
@pytest.mark.parametrize(
    "key", ["person-position", "person-firm", "person-direction", "similar-firms", "firm-fund", "person-team"]
)
def test_lists_are_those_of_a_search_for_each_anchor_and_city(
    peopled: MatchSpace, monkeypatch: pytest.MonkeyPatch, key: str, most: int
) -> None:
    monkeypatch.setattr(all_pairs, "MOST_PAIRS", most)
    kind, pairs = KINDS[key], Pairs(peopled)
    pool, population = peopled.anchors(kind), peopled.population(kind.candidate)
    side = Side.stored(pool, np.arange(min(6, pool.size)))
    rows = np.flatnonzero(population.columns.integers("industries") != 0)
    among = np.isin(np.arange(population.size), rows)
    cities = population.columns.integers("city")
    whole = Gathered(peopled, kind, rows, by_city=False).best(kind, side, 4)
    assert [
        [place for each in lists for place in zip(each.ids, each.log_odds, strict=True)] for lists in whole
    ] == [[tuple(each) for each in listed] for listed in pairs.best_for(kind, side, 4, among)]
    by_city = list(Gathered(peopled, kind, rows, by_city=True).best(kind, side, 4))
    for number, lists in enumerate(by_city):
        one = side.part(number, number + 1)
        found = {each.city: list(zip(each.ids, each.log_odds, strict=True)) for each in lists}
        for place in np.unique(cities).tolist():
            expected = pairs.best_for(kind, one, 4, among & (cities == place))[0]
            assert found.get(peopled.codes.city_named(place), []) == [tuple(each) for each in expected]


@pytest.mark.parametrize("by_city", [False, True])
def test_nobody_gathered_is_nobody_found(peopled: MatchSpace, by_city: bool) -> None:
    kind = KINDS["person-firm"]
    side = Side.stored(peopled.population(ItemKind.FIRM), np.arange(2))
    nobody = Gathered(peopled, kind, np.zeros(0, np.int64), by_city=by_city)
    assert list(nobody.best(kind, side, 4)) == [[], []]
