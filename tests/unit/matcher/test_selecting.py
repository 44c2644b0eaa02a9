"""Filters over columns against the same filters decided item by item."""

from dataclasses import replace
from functools import partial

import pytest

from services.catalogue import load
from services.chassis.filtering import matches, parse
from services.chassis.policy import Clearance, Level
from services.kernel.errors import InvalidArgument
from services.matcher.corpus.selecting import selected
from services.matcher.corpus.space import MatchSpace
from services.matcher.domain.item import Availability, Item, ItemKind, Mandate, Stage
from services.matcher.service.wanted import schema, wanted
from tests.unit.matcher.examples import FIRMS, FUND, SIC

CATALOGUE = load()
INTERNAL = Clearance(Level.INTERNAL)


@pytest.fixture
def varied(space: MatchSpace) -> MatchSpace:
    leaves = list(space.codes.leaves)
    for number in range(40):
        person = replace(
            SIC,
            id=f"v{number}",
            city=(None, "suzhou", "wuxi", "outside")[number % 4],
            category=(None, "outstanding-engineer", "young-scientist")[number % 3],
            availability=(None, *Availability)[number % 5],
            leaves=((leaves[number].code, 600), (leaves[number * 2].code, 300)) if number % 7 else (),
        )
        firm = replace(FIRMS[0], id=f"v{number}", stage=(None, *Stage)[number % 5], city=person.city)
        mandate = Mandate(ticket_max=None if number % 3 else number * 10_000_000)
        space.put_all([person, firm, replace(FUND, id=f"v{number}", mandate=mandate)])
    return space


def _value(item: Item, name: str) -> object:
    codes = [code for code, _ in item.leaves]
    mandate = item.mandate or Mandate()
    return {
        "city_code": item.city,
        "category_code": item.category,
        "stage": None if item.stage is None else item.stage.value,
        "availability": None if item.availability is None else item.availability.value,
        "direction_code": codes,
        "industry_code": [CATALOGUE.industry_of(code) for code in codes],
        "ticket_max": mandate.ticket_max,
        "valuation_max": mandate.valuation_below,
    }[name]


@pytest.mark.parametrize(
    "text",
    [
        "city_code = suzhou",
        "NOT city_code = suzhou",
        "city_code != 无锡 AND category_code:*",
        "NOT category_code:*",
        "direction_code:sic OR industry_code:hydrogen",
        "NOT industry_code:* OR availability = NOW",
        "availability = AVAILABILITY_HALF_YEAR OR (city_code = wuxi AND NOT direction_code:*)",
        "stage = FIRM_STAGE_SEED OR stage != GROWTH",
        "ticket_max >= 100万 AND NOT ticket_max > 200万",
        "ticket_max:* OR valuation_max:*",
        "NOT (ticket_max < 150万 OR valuation_max = 3亿元)",
        "city_code = 省外",
    ],
)
def test_rows_are_those_of_the_filter_decided_for_each_item(varied: MatchSpace, text: str) -> None:
    expression = parse(text, schema(CATALOGUE, INTERNAL))
    for kind in (ItemKind.PERSON, ItemKind.FIRM, ItemKind.FUND, ItemKind.DIRECTION, ItemKind.TEAM):
        population = varied.population(kind)
        rows = selected(expression, population.columns, varied.codes)
        assert rows.tolist() == [matches(expression, partial(_value, item)) for item in population.items]


def test_who_may_not_see_internal_fields_cannot_filter_by_them(varied: MatchSpace) -> None:
    population = varied.population(ItemKind.PERSON)
    public = Clearance(Level.PUBLIC)
    assert wanted("city_code = wuxi", population, varied.codes, CATALOGUE, public) is not None
    for text in ("availability = NOW", "ticket_max > 1"):
        with pytest.raises(InvalidArgument):
            wanted(text, population, varied.codes, CATALOGUE, public)
