"""Filters over columns against the same filters decided item by item."""

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest

from bole.common.v1 import policy_pb2
from bole.events.v1 import (
    firm_event_pb2,
    fund_event_pb2,
    person_event_pb2,
    position_event_pb2,
    team_event_pb2,
)
from services.catalogue import load
from services.chassis.filtering import Expression, matches, parse
from services.chassis.policy import Clearance, Level
from services.kernel.errors import InvalidArgument
from services.matcher.corpus.pairs import Pairs
from services.matcher.corpus.selecting import selected
from services.matcher.corpus.sides import Side
from services.matcher.corpus.space import MatchSpace
from services.matcher.domain.item import Availability, Item, ItemKind, Mandate, Purpose, Stage
from services.matcher.domain.kinds import KINDS
from services.matcher.service.counting import counted
from services.matcher.service.wanted import Eyes, schema, schema_of, wanted
from tests.unit.matcher.examples import FIRMS, FUND, SIC

CATALOGUE = load()
INTERNAL = Eyes(Clearance(Level.INTERNAL), figures=True)


@pytest.fixture
def varied(space: MatchSpace) -> MatchSpace:
    leaves = list(space.codes.leaves)
    for number in range(40):
        person = replace(
            SIC,
            id=f"v{number}",
            city=(None, "suzhou", "wuxi", "outside")[number % 4],
            mobility=frozenset({"nanjing"} if number % 3 else ()),
            category=(None, "outstanding-engineer", "young-scientist")[number % 3],
            availability=(None, *Availability)[number % 5],
            texts=SIC.texts if number % 6 else (),
            leaves=((leaves[number].code, 600), (leaves[number * 2].code, 300)) if number % 7 else (),
        )
        firm = replace(
            FIRMS[0],
            id=f"v{number}",
            stage=(None, *Stage)[number % 5],
            city=person.city,
            sought=None if number % 2 else number * 50_000_000,
        )
        scope = (
            frozenset(leaf.industry for leaf in leaves[number : number + 20]) if number % 4 else frozenset()
        )
        mandate = Mandate(scope, ticket_max=None if number % 3 else number * 10_000_000)
        space.put_all([person, firm, replace(FUND, id=f"v{number}", mandate=mandate)])
    return space


def _value(item: Item, name: str) -> object:
    mandate = item.mandate or Mandate()
    industries = mandate.industries or {each.id for each in CATALOGUE.industries}
    codes = (
        [leaf.code for leaf in CATALOGUE.leaves if leaf.industry in industries]
        if item.mandate
        else [code for code, _ in item.leaves]
    )
    return {
        "city_code": item.city,
        "reach_code": [*([item.city] if item.city else []), *item.mobility],
        "category_code": item.category,
        "stage": None if item.stage is None else item.stage.value,
        "availability": None if item.availability is None else item.availability.value,
        "direction_code": codes,
        "industry_code": [CATALOGUE.industry_of(code) for code in codes],
        "ticket_max": mandate.ticket_max,
        "valuation_max": mandate.valuation_below,
        "sought_amount": item.sought,
        "data_level": item.level.value,
    }[name]


def parsed(text: str) -> Expression:
    return parse(text, schema(CATALOGUE, INTERNAL))


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
        "reach_code:nanjing AND NOT reach_code:suzhou",
        "NOT reach_code:* OR reach_code:outside",
        "sought_amount >= 500万 AND NOT sought_amount > 1200万",
        "sought_amount:* OR data_level = PERSONAL",
        "NOT data_level = LEVEL_PUBLIC AND NOT (sought_amount < 600万)",
        "data_level != INTERNAL",
    ],
)
def test_rows_and_the_best_of_them_are_those_of_the_filter_decided_for_each_item(
    varied: MatchSpace, text: str
) -> None:
    expression = parsed(text)
    for kind in (ItemKind.PERSON, ItemKind.FIRM, ItemKind.FUND, ItemKind.DIRECTION, ItemKind.TEAM):
        population = varied.population(kind)
        rows = selected(expression, population.columns, varied.codes)
        assert rows.tolist() == [matches(expression, partial(_value, item)) for item in population.items]
    for key in ("person-position", "person-direction", "firm-direction", "firm-fund"):
        pair, limited = KINDS[key], Pairs(varied, exact_limit=5, seeds=4)
        candidates, anchors = varied.population(pair.candidate), Pairs(varied).anchors(pair)[:5]
        mask = selected(expression, candidates.columns, varied.codes)
        side = Side.stored(varied.anchors(pair), np.arange(len(anchors)))
        ids = [item.id for item in candidates.items]
        scores = np.where(mask, Pairs(varied).scores(pair, anchors, ids), -np.inf)
        best = [
            sorted((-score, id_) for score, id_ in zip(line, ids, strict=True) if score > -np.inf)[:7]
            for line in scores.tolist()
        ]
        found = limited.best_for(pair, side, 7, mask)
        assert [[(-each.log_odds, each.id) for each in listed] for listed in found] == best


@pytest.mark.parametrize("field", ["industry_code", "direction_code"])
def test_as_many_are_counted_under_a_value_as_are_found_by_it(varied: MatchSpace, field: str) -> None:
    values = {
        "industry_code": [each.id for each in CATALOGUE.industries],
        "direction_code": [each.code for each in CATALOGUE.leaves],
    }[field]
    for sort in (ItemKind.PERSON, ItemKind.FIRM, ItemKind.FUND):
        columns = varied.population(sort).columns
        rows = np.arange(columns.size) % 3 != 0
        found = {
            value: int((rows & selected(parsed(f"{field}:{value}"), columns, varied.codes)).sum())
            for value in values
        }
        assert counted(field, rows, columns, varied.codes) == {
            value: count for value, count in found.items() if count
        }


def test_who_may_not_see_internal_fields_cannot_filter_by_them(varied: MatchSpace) -> None:
    population = varied.population(ItemKind.PERSON)
    public = Eyes(Clearance(Level.PUBLIC), figures=True)
    assert (
        wanted("city_code = wuxi", ItemKind.PERSON, population, varied.codes, CATALOGUE, public) is not None
    )
    for text in ("availability = NOW", "ticket_max > 1", "data_level = PUBLIC"):
        with pytest.raises(InvalidArgument):
            wanted(text, ItemKind.PERSON, population, varied.codes, CATALOGUE, public)


def test_who_sees_cards_of_firms_alone_cannot_filter_by_their_figures(varied: MatchSpace) -> None:
    population = varied.population(ItemKind.FIRM)
    cards = Eyes(Clearance(Level.INTERNAL), figures=False)
    assert wanted("stage = SEED", ItemKind.FIRM, population, varied.codes, CATALOGUE, cards) is not None
    for text in ("sought_amount > 1", "data_level = PUBLIC"):
        with pytest.raises(InvalidArgument):
            wanted(text, ItemKind.FIRM, population, varied.codes, CATALOGUE, cards)


@pytest.mark.parametrize(
    ("sort", "text", "en"),
    [
        (ItemKind.PERSON, "NOT stage = SEED", "it is known of firms alone, and people are looked for"),
        (
            ItemKind.FIRM,
            "city_code:* AND availability = NOW",
            "known of people alone, and firms are looked for",
        ),
        (ItemKind.FUND, "category_code:*", "and funds are looked for"),
        (ItemKind.DIRECTION, "city_code = suzhou", "and directions are looked for"),
        (ItemKind.TEAM, "category_code:*", "it is known of people, positions, shortage cells alone"),
    ],
)
def test_a_fact_that_candidates_never_have_is_no_filter_of_them(
    varied: MatchSpace, sort: ItemKind, text: str, en: str
) -> None:
    with pytest.raises(InvalidArgument) as refused:
        wanted(text, sort, varied.population(sort), varied.codes, CATALOGUE, INTERNAL)
    assert en in refused.value.text.en
    assert "The fields are: " in refused.value.text.en
    assert [each.field for each in refused.value.violations] == ["filter"]


def test_what_is_left_out_of_a_filter_is_nobody_s_and_what_is_left_is_known(varied: MatchSpace) -> None:
    every = {each.name: each for each in schema(CATALOGUE, INTERNAL).fields}
    for sort in (
        ItemKind.PERSON,
        ItemKind.FIRM,
        ItemKind.FUND,
        ItemKind.DIRECTION,
        ItemKind.TEAM,
        ItemKind.POSITION,
    ):
        columns, of_sort = varied.population(sort).columns, schema_of(sort, CATALOGUE, INTERNAL)
        assert columns.size
        for name in of_sort.elsewhere:
            assert not selected(parsed(f"{name}:*"), columns, varied.codes).any(), (sort, name)
        assert {each.name for each in of_sort.fields} | of_sort.elsewhere.keys() == every.keys()
    fields = {
        each.name
        for each in schema_of(ItemKind.PERSON, CATALOGUE, Eyes(Clearance(Level.PUBLIC), figures=True)).fields
    }
    assert fields == {"city_code", "reach_code", "direction_code", "industry_code", "category_code"}


# Where the facts of an item come from, and the level of an item that holds this fact beside public ones.
SOURCES: dict[ItemKind, tuple[tuple[Any, str, dict[str, object]], ...]] = {
    ItemKind.PERSON: (
        (person_event_pb2.SealedPerson, "profile", {"texts": ("专长",)}),
        (person_event_pb2.PersonState, "availability", {"availability": Availability.NOW}),
        (person_event_pb2.PersonState, "purposes", {"purposes": frozenset(Purpose)}),
        (person_event_pb2.PersonState, "city_code", {"city": "wuxi"}),
    ),
    ItemKind.TEAM: ((team_event_pb2.TeamState, "profile", {"texts": ("专长",)}),),
    ItemKind.POSITION: ((position_event_pb2.PositionState, "requirement", {"texts": ("要求",)}),),
    ItemKind.FIRM: (
        (firm_event_pb2.FirmState, "technology", {"texts": ("技术",)}),
        (firm_event_pb2.FirmState, "stage", {"stage": Stage.SEED}),
        (firm_event_pb2.FirmState, "sought_fen", {"sought": 1}),
    ),
    ItemKind.FUND: (
        (fund_event_pb2.FundState, "industry_codes", {"mandate": Mandate(frozenset({"hydrogen"}))}),
        (fund_event_pb2.FundState, "scope_permille_min", {"mandate": Mandate(least_share=500)}),
        (fund_event_pb2.FundState, "ticket_max_fen", {"mandate": Mandate(ticket_max=1)}),
        (fund_event_pb2.FundState, "valuation_below_fen", {"mandate": Mandate(valuation_below=1)}),
        (fund_event_pb2.FundState, "stages", {"mandate": Mandate(stages=frozenset({Stage.SEED}))}),
    ),
}


def test_the_level_of_an_item_is_the_highest_that_the_contract_gives_its_facts() -> None:
    for kind, facts in SOURCES.items():
        for message, name, held in facts:
            options = message.DESCRIPTOR.fields_by_name[name].GetOptions()
            level = policy_pb2.Level.Name(options.Extensions[policy_pb2.level]).removeprefix("LEVEL_")
            assert Item(kind, "x", **held).level.value == level  # type: ignore[arg-type]
