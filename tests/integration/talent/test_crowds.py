"""People who share a key with many: all meet the oldest of them, and nothing that tells of one person is lost."""

from itertools import combinations
from random import Random
from typing import Any

import pytest

from services.talent.domain.identity.blocking import block_keys
from services.talent.domain.identity.comparison import Band, compare
from services.talent.domain.identity.method import Method
from services.talent.domain.identity.traits import Traits
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
