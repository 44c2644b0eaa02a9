"""Nominations of the sample: people of its library, for programmes whose places they do not use up."""

from collections import Counter

import pytest

from services.catalogue import load
from services.sample import generate
from services.sample.nominations import QUOTAS, nominations

STATES = {
    *("NOMINATED", "ELIGIBLE", "INELIGIBLE", "REVIEWED", "AWARDED"),
    *("DECLINED", "FUNDED", "FOLLOWED_UP", "WITHDRAWN"),
}
AWARDED = {"AWARDED", "FUNDED", "FOLLOWED_UP"}


@pytest.mark.parametrize(("profile", "number"), [("small", 300), ("demo", 600)])
def test_every_state_occurs_and_everybody_stands_once(profile: str, number: int) -> None:
    rows = generate(profile)["persons"][:number]
    people = {each["ref"]: each for each in rows}
    found = list(nominations(rows))
    assert {each.state for each in found} == STATES
    assert len({each.person for each in found}) == len(found) == 13
    assert len({each.programme for each in found}) == 2
    for each in found:
        person = people[each.person]
        first = str(person["directions"]).split(";")[0].partition(":")[0]
        assert load().industry_of(load().resolve_direction(first)) == each.industry
        assert person["city"] != "省外"
        assert str(person["city"]) in each.unit


def test_awards_stay_within_the_places_and_one_is_where_none_were_set() -> None:
    found = nominations(generate("small")["persons"][:300])
    awarded = Counter((each.programme, each.industry) for each in found if each.state in AWARDED)
    places = {(programme, industry): number for programme, industry, number in QUOTAS}
    assert len(places) == len(QUOTAS)
    assert all(awarded[cell] <= number for cell, number in places.items())
    assert len(awarded.keys() - places.keys()) == 1


def test_nobody_is_nominated_without_people() -> None:
    assert list(nominations([])) == []
