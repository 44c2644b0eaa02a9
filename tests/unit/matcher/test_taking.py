"""What a search shows of those whom it finds, against going through everybody one by one."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from services.catalogue import load
from services.chassis.filtering import matches, parse
from services.chassis.filtering.facets import without
from services.chassis.filtering.syntax import And
from services.chassis.policy import Clearance, Level
from services.matcher.corpus.finding import Finder
from services.matcher.corpus.pairs import Pairs
from services.matcher.corpus.space import MatchSpace
from services.matcher.corpus.taking import Taking, best
from services.matcher.domain.cells import cell_of
from services.matcher.domain.codes import Codes
from services.matcher.domain.item import Availability, Item, ItemKind
from services.matcher.domain.ranking import Key
from services.matcher.encode.encoder import Encoded
from services.matcher.encode.lexical import LexicalEncoder
from services.matcher.service.admitting import Admission, admission, enough_pass
from services.matcher.service.broadening import Step
from services.matcher.service.counting import FACETS
from services.matcher.service.wanted import Conditions, Eyes, schema
from tests.unit.matcher.examples import PERSONS, POSITIONS, SIC

CATALOGUE = load()
SCHEMA = schema(CATALOGUE, Eyes(Clearance(Level.INTERNAL), figures=True))
QUERY = Item(ItemKind.POSITION, "", texts=POSITIONS[0].texts, leaves=POSITIONS[0].leaves, city="suzhou")
LEAVES = ("sic", "power-device", "seawater-h2", "large-model")
FILTERS = (
    "",
    "city_code = xuzhou",
    "city_code = suzhou AND direction_code:sic",
    "(city_code = wuxi OR city_code = nantong) AND NOT direction_code:large-model",
    "direction_code:seawater-h2 AND availability = NOW",
    "reach_code:nanjing AND category_code = young-scientist",
    "NOT city_code = suzhou",
    "city_code = outside",
    "industry_code:hydrogen OR direction_code:sic",
)

EMPLOYERS = {
    "甲院": 1,
    "乙所": 2,
    "丙（南京）公司": 3,
    " 甲 院": 1,
    "丙(南京)有限公司": 3,
    "丁 ＡＩ 中心": 4,
    "丁ai中心": 4,
}
"""Names, and which employer each is of."""


def _person(number: int) -> Item:
    """One of many who differ in all that filters and limits read."""
    leaf = LEAVES[number % 4]
    return replace(
        PERSONS[number % 3],
        id=f"n{number:03}",
        texts=(f"第{number % 7}号", *PERSONS[number % 3].texts),
        leaves=((leaf, 700), (LEAVES[(number + 1) % 4], 200)) if number % 9 else (),
        city=(None, "suzhou", "wuxi", "outside", "nantong")[number % 5],
        mobility=frozenset(({"nanjing"}, {"xuzhou", "suzhou"}, set[str]())[number % 3]),
        category=(None, "outstanding-engineer", "young-scientist")[number % 3],
        availability=(None, *Availability)[number % 5],
        employer=(None, *EMPLOYERS)[(number // 2) % (1 + len(EMPLOYERS))],
        purposes=SIC.purposes if number % 11 else frozenset(),
    )


class Place(NamedTuple):
    """A space with its finder: one that scores everybody, and one that proves that it need not."""

    space: MatchSpace
    exact: Finder
    limited: Finder
    everybody: list[tuple[float, Item]]
    """All who pass the gates, best first, each pair looked at alone."""


@pytest.fixture(scope="module")
def place(codes: Codes, directions: tuple[Item, ...], encoder: LexicalEncoder) -> Place:
    space = MatchSpace(codes, encoder, (*directions, *map(_person, range(120))))
    exact = Finder(space, Pairs(space))
    said = [
        (exact.explain("person-position", QUERY, each, terms=False), each)
        for each in space.population(ItemKind.PERSON).items
    ]
    passed = [(each.log_odds, item) for each, item in said if each.admitted]
    everybody = sorted(passed, key=lambda one: (-one[0], one[1].id))
    return Place(space, exact, Finder(space, Pairs(space, exact_limit=5, seeds=4)), everybody)


def _value(item: Item, name: str) -> object:
    codes = [code for code, _ in item.leaves]
    return {
        "city_code": item.city,
        "reach_code": [*([item.city] if item.city else []), *item.mobility],
        "category_code": item.category,
        "stage": None,
        "availability": item.availability.value if item.availability else None,
        "direction_code": codes,
        "industry_code": list(dict.fromkeys(CATALOGUE.industry_of(code) for code in codes)),
    }[name]


def _admission(place: Place, text: str, taking: Taking, below: int) -> Admission:
    enough = enough_pass(place.limited, "person-position", QUERY, taking, below)
    population = place.space.population(ItemKind.PERSON)
    return admission(Conditions.of(text, SCHEMA), None, population, place.space.codes, enough)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.sampled_from(FILTERS),
    limit=st.integers(1, 40),
    least=st.sampled_from((0.0, 0.02, 0.05, 0.2, 0.5, 0.9)),
    most=st.integers(0, 4),
)
def test_pages_hold_what_going_through_everybody_takes(
    place: Place, text: str, limit: int, least: float, most: int
) -> None:
    expression = parse(text, SCHEMA)
    meant = [one for one in place.everybody if matches(expression, partial(_value, one[1]))]
    expected, heads = [], Counter[int]()
    likely = [one for one in meant if 1 / (1 + np.exp(-one[0])) >= least]
    for _, item in likely:
        if most and item.employer:
            heads[EMPLOYERS[item.employer]] += 1
            if heads[EMPLOYERS[item.employer]] > most:
                continue
        expected.append(item.id)
    found, after = list[str](), None
    while True:
        taking = Taking(limit, least, most, after)
        page, admitted = best(
            place.limited, "person-position", QUERY, taking, _admission(place, text, taking, 0).chosen
        )
        assert admitted == len(meant)
        found += [each.item.id for each in page.matches]
        if page.last is None:
            break
        assert len(page.matches) == limit
        after = page.last
    assert found == expected
    assert page.left_out == len(likely) - len(expected)


def test_a_page_says_how_many_were_left_out_in_front_of_the_next(place: Place) -> None:
    taking = Taking(3, most_per_employer=1)
    page, _ = best(place.exact, "person-position", QUERY, taking)
    last = page.matches[-1]
    following, _ = best(place.exact, "person-position", QUERY, replace(taking, after=page.last))
    assert last.rank - len(page.matches) <= page.left_out
    assert page.left_out == following.matches[0].rank - 1 - len(page.matches)


def test_whoever_was_last_may_go_before_the_next_page_is_asked_for(
    codes: Codes, directions: tuple[Item, ...], encoder: LexicalEncoder
) -> None:
    space = MatchSpace(codes, encoder, (*directions, *map(_person, range(40))))
    finder = Finder(space, Pairs(space))
    everybody, _ = best(finder, "person-position", QUERY, Taking(40))
    page, _ = best(finder, "person-position", QUERY, Taking(5))
    after: Key | None = page.last
    space.remove(ItemKind.PERSON, page.matches[-1].item.id, 9)
    following, _ = best(finder, "person-position", QUERY, Taking(40, after=after))
    ids = [each.item.id for each in everybody.matches]
    assert [each.item.id for each in following.matches] == ids[5:]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.sampled_from(FILTERS),
    below=st.integers(0, 120),
    least=st.sampled_from((0.0, 0.05, 0.5)),
)
def test_a_filter_is_widened_step_by_step_until_enough_pass(
    place: Place, text: str, below: int, least: float
) -> None:
    """Each step alone, decided for each person, is the oracle."""
    taking = Taking(10, least)
    got = _admission(place, text, taking, below)
    everybody = [one for one in place.everybody if 1 / (1 + np.exp(-one[0])) >= least]
    population, codes = place.space.population(ItemKind.PERSON), place.space.codes
    ladder = Conditions.of(text, SCHEMA).ladder(codes)
    inside: list[set[str]] = []
    for rung in ladder:
        expression = parse(rung.written(codes), SCHEMA)
        inside.append({item.id for _, item in everybody if matches(expression, partial(_value, item))})
        if len(inside[-1]) >= below:
            break
    assert got.conditions == ladder[len(inside) - 1]
    for smaller, larger in pairwise(inside):
        assert smaller <= larger
    for _, item in everybody:
        row = population.row_of[item.id]
        if item.id in inside[-1]:
            first = next(at for at, ids in enumerate(inside) if item.id in ids)
            assert got.let_in_by(row) == (got.conditions.steps[first - 1] if first else None)
        elif got.chosen is not None:
            assert not got.chosen.rows[row]


@pytest.mark.parametrize(
    ("text", "steps", "written"),
    [
        ("", [], ""),
        ("NOT city_code = suzhou", [], "NOT city_code = suzhou"),
        ("city_code = outside", [], "city_code = outside"),
        (
            "city_code = suzhou AND direction_code:sic AND availability = NOW",
            list(Step),
            (
                "(reach_code : suzhou OR (city_code : * AND city_code != outside)) "
                "AND industry_code : third-gen-semiconductor AND availability = NOW"
            ),
        ),
        (
            "reach_code:nanjing",
            [Step.PROVINCE],
            "reach_code : nanjing OR (city_code : * AND city_code != outside)",
        ),
    ],
)
def test_what_is_widened_and_how_it_is_written(
    codes: Codes, text: str, steps: list[Step], written: str
) -> None:
    widest = Conditions.of(text, SCHEMA).ladder(codes)[-1]
    assert list(widest.steps) == steps
    assert parse(widest.written(codes), SCHEMA) == parse(written, SCHEMA)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.sampled_from(FILTERS))
def test_facets_count_everybody_without_the_condition_on_the_facet_itself(place: Place, text: str) -> None:
    passing = place.limited.passing("person-position", QUERY)
    population = place.space.population(ItemKind.PERSON)
    told = _admission(place, text, Taking(1), 0).counts(FACETS, passing, population, place.space.codes)
    assert set(told) == set(FACETS)
    for field in FACETS:
        others = without(parse(text, SCHEMA), field)
        counts = dict[str, int]()
        for _, item in place.everybody:
            if (isinstance(others, And) and not others.operands) or matches(others, partial(_value, item)):
                values = _value(item, field)
                for value in values if isinstance(values, list) else [values]:
                    if value is not None:
                        counts[str(value)] = counts.get(str(value), 0) + 1
        assert told[field] == counts


def test_nobody_is_counted_as_a_candidate_of_their_own(place: Place) -> None:
    one = ("similar-persons", (ItemKind.PERSON, "n001"))
    assert not place.exact.passing(*one)[place.space.population(ItemKind.PERSON).row_of["n001"]]
    found, admitted = place.exact.ranked(*one, 1_000)
    assert admitted == len(found) > 0


def test_parts_are_the_contributions_that_are_explained(place: Place) -> None:
    found = [match.item for match in place.exact.find("person-position", QUERY, 20)]
    told = place.exact.parts("person-position", QUERY, found)
    said = place.exact.explain_found("person-position", QUERY, found)
    assert told == [{part.name: part.value for part in each.contributions} for each in said]
    stranger = replace(found[0], id="stranger")
    assert place.exact.parts("person-position", QUERY, [stranger])[0].keys() == told[0].keys()


def test_the_parts_of_a_thousand_cells_are_read_at_once(
    place: Place, codes: Codes, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = place.space.item(ItemKind.PERSON, "n001")
    found = [match.item for match in place.exact.find("person-cell", (ItemKind.PERSON, "n001"), 1_000)]
    single = [place.exact.explain("person-cell", cell_of(codes, cell.id), person) for cell in found[::200]]
    texts: list[str] = []
    read = LexicalEncoder.encode

    def counted(self: LexicalEncoder, some: Sequence[str], counts: csr_array | None = None) -> Encoded:
        texts.extend(some)
        return read(self, some, counts)

    monkeypatch.setattr(LexicalEncoder, "encode", counted)
    told = place.exact.parts("person-cell", person, found)
    assert texts == []
    assert told[::200] == [{part.name: part.value for part in each.contributions} for each in single]
