"""People who share a key with many: all meet the oldest of them, and nothing that tells of one person is lost."""

from datetime import datetime, timedelta
from itertools import combinations
from random import Random
from typing import Any

import pytest

from services.kernel.clock import ManualClock
from services.talent.domain.identity.blocking import block_keys
from services.talent.domain.identity.comparison import Band, compare
from services.talent.domain.identity.method import Method
from services.talent.domain.identity.traits import Traits
from services.talent.service.people.duplicates.crowds import Crowds
from tests.integration.talent.library import Library
from tests.integration.talent.merging import SECRET, Duplicates, enter

OLDEST, PEOPLE = 3, 14
_FACTS: dict[str, list[Any]] = {
    "name": ["诸葛翎翙", "诸葛翎翙", "诸葛翎翙", "王伟"],
    "phone": ["", "", "13912345678", "13812345678"],
    "email": ["", "", "a@example.cn", "b@example.cn"],
    "employer": ["演示研究所", "东南大学", ""],
    "birth_year": [None, 1970, 1980],
    "city": ["nantong", "suzhou"],
}


@pytest.fixture
def crowd(library: Library) -> Duplicates:
    return Duplicates(library, Method(oldest=OLDEST))


@pytest.mark.parametrize("seed", range(8))
def test_what_is_left_out_of_a_full_comparison_shares_crowds_alone(crowd: Duplicates, seed: int) -> None:
    random = Random(seed)
    ids = []
    for number in range(PEOPLE):
        facts = {name: random.choice(values) for name, values in _FACTS.items()}
        ids += enter(crowd, f"C-{number}", **facts)
    for id_ in random.sample(ids, PEOPLE):
        crowd.refresh(id_)
    found = {pair: (band, millibits) for pair, (band, millibits, *_) in crowd.suggested().items()}
    with crowd.library.database.read() as session:
        traits = crowd.finding.suggesting.traits(session, ids)
    keys = {id_: block_keys(each, crowd.method, SECRET) for id_, each in traits.items()}
    holders = {key: sorted(id_ for id_ in ids if key in keys[id_]) for mine in keys.values() for key in mine}
    full = full_comparison(traits, keys, crowd.method)
    assert found.items() <= full.items()
    assert len(found) < len(full)
    for left, right in full.keys() - found.keys():
        for key in keys[left] & keys[right]:
            assert len(holders[key]) > OLDEST + 1
            assert left not in holders[key][:OLDEST]
    for key, held in holders.items():
        for id_ in held:
            met = {pair for pair in full if id_ in pair and {*pair} & {*held[:OLDEST]} and {*pair} <= {*held}}
            assert met <= found.keys(), key


def test_two_facts_that_agree_bring_two_together_whom_a_crowd_hides(crowd: Duplicates) -> None:
    name = {"name": "诸葛翎翙", "phone": "", "city": "suzhou"}
    born = [f"B-{number}" for number in range(OLDEST + 1)]
    enter(crowd, *born, birth_year=1970, employer="东南大学", **name)
    here = [f"E-{number}" for number in range(OLDEST + 1)]
    enter(crowd, *here, birth_year=1990, employer="演示研究所", **name)
    one, other = enter(crowd, "O-1", "O-2", birth_year=1970, employer="演示研究所", **name)
    crowd.refresh(*crowd.everybody())
    assert (one, other) in crowd.suggested()


def full_comparison(
    traits: dict[str, Traits], keys: dict[str, frozenset[str]], method: Method
) -> dict[tuple[str, str], tuple[Band, int]]:
    """Every two people who share a key, compared."""
    found: dict[tuple[str, str], tuple[Band, int]] = {}
    for left, right in combinations(sorted(traits), 2):
        weighed = compare(traits[left], traits[right], method)
        if keys[left] & keys[right] and weighed.band is not Band.APART:
            found[left, right] = weighed.band, weighed.millibits
    return found


def test_people_of_groups_that_are_not_compared_in_full_are_counted_by_city(crowd: Duplicates) -> None:
    crowds = Crowds(crowd.library.clock, OLDEST)
    named = {"name": "诸葛翎翙", "phone": "", "employer": ""}
    few = [f"F-{number}" for number in range(OLDEST + 1)]
    crowd.refresh(*enter(crowd, *few, city="suzhou", **named))
    assert counted(crowd, crowds) == 0
    one, two = enter(crowd, "F-9", "F-10", city="nantong", **named)
    crowd.refresh(one, two, *enter(crowd, "W-1", city="nantong", name="欧阳修远", phone="", employer=""))
    assert counted(crowd, crowds) == OLDEST + 3
    assert (counted(crowd, crowds, "suzhou"), counted(crowd, crowds, "nantong", "wuxi")) == (OLDEST + 1, 2)
    crowd.erase(one)
    crowd.erase(two)
    assert counted(crowd, crowds) == 0


class Passing(ManualClock):
    """A second passes whenever it is asked."""

    def now(self) -> datetime:
        self.advance(timedelta(seconds=1))
        return super().now()


def test_what_takes_long_to_count_stands_for_a_while(crowd: Duplicates) -> None:
    clock = Passing(crowd.library.clock.now())
    crowds = Crowds(clock, OLDEST)
    assert counted(crowd, crowds) == 0
    crowd.refresh(*enter(crowd, *(f"F-{number}" for number in range(OLDEST + 2)), name="诸葛翎翙"))
    assert counted(crowd, crowds) == 0
    clock.advance(timedelta(seconds=100))
    assert counted(crowd, crowds) == OLDEST + 2
    clock.advance(-timedelta(seconds=10))
    crowd.erase(crowd.everybody()[0])
    assert counted(crowd, crowds) == 0, "the clock was put back"


def counted(crowd: Duplicates, crowds: Crowds, *cities: str) -> int:
    with crowd.library.database.read() as session:
        return crowds.people(session, cities or None)
