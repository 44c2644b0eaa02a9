"""Somebody is looked for in a role at a firm: other weights, the category counted, reasons that say so."""

from dataclasses import replace
from itertools import product

import pytest

from services.kernel.errors import InvalidArgument
from services.matcher.corpus.finding import Finder
from services.matcher.corpus.pairs import Pairs
from services.matcher.corpus.space import MatchSpace
from services.matcher.domain.item import Availability, ItemKind
from services.matcher.domain.kinds import KINDS, Weighing
from services.matcher.domain.roles import OF_FIRM, Role, in_role
from tests.unit.matcher.examples import SIC

WAFER = (ItemKind.FIRM, "wafer")
LEARNT = KINDS[OF_FIRM].weighed(
    Weighing(OF_FIRM, "w1", -1.0, {use.name: 1.0 for use in KINDS[OF_FIRM].features}, "lexical"), "lexical"
)
# Alike but for what roles look at.
DOYEN = replace(
    SIC,
    id="doyen",
    category="strategic-scientist",
    city="nanjing",
    mobility=frozenset(),
    availability=Availability.SETTLED,
)
ENGINEER = replace(
    SIC, id="engineer", category="outstanding-engineer", city="suzhou", availability=Availability.NOW
)
STARTER = replace(SIC, id="starter", category="young-scientist", city="suzhou", availability=Availability.NOW)


@pytest.fixture
def found(space: MatchSpace) -> Finder:
    for item in (DOYEN, ENGINEER, STARTER):
        space.put(item)
    return Finder(space, Pairs(space), {**KINDS, OF_FIRM: LEARNT})


def order(finder: Finder, role: Role) -> list[str]:
    three = {DOYEN.id, ENGINEER.id, STARTER.id}
    matches = finder.in_role(OF_FIRM, role).find(OF_FIRM, WAFER, 20)
    return [each.item.id for each in matches if each.item.id in three]


def test_each_role_asks_for_somebody_else(found: Finder) -> None:
    assert order(found, Role.FOUNDER) == ["starter", "engineer", "doyen"]
    assert order(found, Role.TECHNICAL_LEAD) == ["engineer", "starter", "doyen"]
    assert order(found, Role.ADVISER)[0] == "doyen"


@pytest.mark.parametrize("role", Role)
def test_the_role_is_among_the_reasons_and_the_probability_is_uncalibrated(found: Finder, role: Role) -> None:
    assert found.explain(OF_FIRM, "wafer", "engineer").calibrated
    explained = found.in_role(OF_FIRM, role).explain(OF_FIRM, "wafer", "engineer")
    part = next(each for each in explained.contributions if each.name == role.value.lower())
    assert part.value == {"FOUNDER": 0.3, "TECHNICAL_LEAD": 0.6, "ADVISER": 0.0}[role]
    assert "卓越工程师" in part.reason.zh
    assert "Outstanding engineers" in part.reason.en
    assert sum(each.value for each in explained.contributions) == pytest.approx(explained.log_odds)
    assert not explained.calibrated


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("city", ["suzhou", "nanjing"])
def test_what_a_search_in_a_role_finds_is_what_it_explains(
    space: MatchSpace, found: Finder, role: Role, city: str
) -> None:
    for availability, category in product((None, *Availability), (None, *space.codes.categories)):
        id_ = f"{availability}-{category}"
        space.put(replace(SIC, id=id_, availability=availability, city=city, category=category))
    asked = found.in_role(OF_FIRM, role)
    matches = asked.find(OF_FIRM, WAFER, 50)
    assert len(matches) > 35
    for match in matches:
        assert asked.explain(OF_FIRM, "wafer", match.item.id).log_odds == match.log_odds
    firms = asked.find(OF_FIRM, (ItemKind.PERSON, "None-None"), 5)
    assert {each.item.kind for each in firms} == {ItemKind.FIRM}


@pytest.mark.parametrize("key", [key for key in KINDS if key != OF_FIRM])
def test_only_a_person_and_a_firm_have_a_role(key: str) -> None:
    with pytest.raises(InvalidArgument) as refused:
        in_role(KINDS[key], Role.FOUNDER)
    assert refused.value.reason == "ROLE_WITHOUT_FIRM"
    assert refused.value.violations[0].field == "role"
