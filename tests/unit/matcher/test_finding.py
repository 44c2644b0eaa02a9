import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from types import FrameType
from typing import Any

import numpy as np
import pytest

from services.kernel.errors import InvalidArgument, NotFound
from services.matcher.corpus.finding import MAX_TEXT, Finder
from services.matcher.corpus.pairs import Pairs
from services.matcher.corpus.sides import Side
from services.matcher.corpus.space import MatchSpace
from services.matcher.domain.codes import Codes
from services.matcher.domain.item import Item, ItemKind
from services.matcher.domain.kinds import KINDS
from services.matcher.encode.lexical import LexicalEncoder, LexicalSettings
from tests.unit.matcher.examples import PERSONS, SIC, among_people


def _ids(matches: list[Any]) -> list[str]:
    return [match.item.id for match in matches]


def test_find_from_both_sides(finder: Finder) -> None:
    assert _ids(finder.find("person-position", (ItemKind.POSITION, "epitaxy"), 1)) == ["sic"]
    assert _ids(finder.find("person-position", (ItemKind.PERSON, "h2"), 1)) == ["electrolyser"]


def test_find_by_a_text_that_is_not_stored(finder: Finder, space: MatchSpace) -> None:
    query = Item(ItemKind.POSITION, "", texts=("制氢催化剂研究",), city="nantong")
    before = space.population(ItemKind.POSITION).size
    assert _ids(finder.find("person-position", query, 1)) == ["h2"]
    assert space.population(ItemKind.POSITION).size == before


def test_english_finds_english_in_mixed_text(finder: Finder) -> None:
    query = Item(ItemKind.POSITION, "", texts=("Large Model inference engineer",))
    assert _ids(finder.find("person-position", query, 1)) == ["llm"]


def test_filters_narrow_and_an_unmatched_filter_finds_nothing(finder: Finder) -> None:
    everyone = (ItemKind.POSITION, "epitaxy")
    assert "h2" not in _ids(finder.find("person-position", everyone, 9, among_people("city_code = suzhou")))
    assert _ids(finder.find("person-position", everyone, 9, among_people("industry_code:hydrogen"))) == ["h2"]
    assert finder.find("person-position", everyone, 9, among_people("city_code = xuzhou")) == []
    with pytest.raises(InvalidArgument):
        among_people("city_code = paris")


def test_ties_are_broken_by_id(finder: Finder, space: MatchSpace) -> None:
    for id_ in ("b-twin", "a-twin", "c-twin"):
        space.put(replace(SIC, id=id_))
    assert _ids(finder.find("person-position", (ItemKind.POSITION, "epitaxy"), 3)) == [
        "a-twin",
        "b-twin",
        "c-twin",
    ]


@pytest.mark.parametrize(
    ("kind", "query", "k", "reason"),
    [
        ("person-planet", (ItemKind.PERSON, "sic"), 5, "UNKNOWN_PAIR_KIND"),
        ("person-position", (ItemKind.POSITION, "epitaxy"), 0, "K_OUT_OF_RANGE"),
        ("person-position", (ItemKind.POSITION, "epitaxy"), 1001, "K_OUT_OF_RANGE"),
        ("person-position", (ItemKind.FUND, "angel"), 5, "WRONG_ANCHOR"),
        ("person-position", Item(ItemKind.POSITION, "", texts=(" \n",)), 5, "QUERY_EMPTY"),
        ("person-position", Item(ItemKind.POSITION, "", texts=("硅" * (MAX_TEXT + 1),)), 5, "TEXT_TOO_LONG"),
    ],
)
def test_bad_requests(finder: Finder, kind: str, query: Any, k: int, reason: str) -> None:
    with pytest.raises(InvalidArgument) as refusal:
        finder.find(kind, query, k)
    assert refusal.value.reason == reason


def test_unknown_entities_are_not_found(finder: Finder) -> None:
    with pytest.raises(NotFound, match="positions/nobody"):
        finder.find("person-position", (ItemKind.POSITION, "nobody"), 5)
    with pytest.raises(NotFound, match="persons/nobody"):
        finder.explain("person-position", "epitaxy", "nobody")


@pytest.mark.parametrize(
    "ask",
    [
        lambda finder, id_: finder.find("person-position", (ItemKind.PERSON, id_), 5),
        lambda finder, id_: finder.explain("person-position", "epitaxy", id_),
        lambda finder, id_: finder.why_not("person-position", "epitaxy", id_, 1),
    ],
)
def test_who_was_taken_out_is_answered_by_the_steps_for_who_never_was(
    finder: Finder, space: MatchSpace, ask: Callable[[Finder, str], object]
) -> None:
    assert space.remove(ItemKind.PERSON, "sic", 9)
    assert steps(finder, ask, "sic") == steps(finder, ask, "nobody")


def steps(finder: Finder, ask: Callable[[Finder, str], object], id_: str) -> list[str]:
    """The functions of the product that are entered before a person is said not to be found."""
    entered: list[str] = []

    def note(frame: FrameType, event: str, _arg: object) -> None:
        if event == "call" and frame.f_globals["__name__"].startswith("services."):
            entered.append(frame.f_code.co_qualname)

    sys.setprofile(note)
    try:
        with pytest.raises(NotFound, match=f"persons/{id_}"):
            ask(finder, id_)
    finally:
        sys.setprofile(None)
    assert entered
    return entered


def test_why_not_counts_those_in_front(finder: Finder) -> None:
    why = finder.why_not("person-position", "epitaxy", "llm", 1)
    ranking = _ids(finder.find("person-position", (ItemKind.POSITION, "epitaxy"), 9))
    assert (why.listed, why.places) == (False, ranking.index("llm"))
    assert why.gap > 0
    assert finder.why_not("person-position", "epitaxy", "sic", 1).listed


def test_older_versions_are_ignored_even_after_removal(space: MatchSpace) -> None:
    assert not space.put(replace(SIC, city="wuxi"))
    assert space.put(replace(SIC, version=3))
    assert space.remove(ItemKind.PERSON, "sic", 4)
    assert not space.put(replace(SIC, version=4))
    space.adopt(space.encoder.fit(space.texts()))
    assert not space.put(replace(SIC, version=4))
    assert space.put(replace(SIC, version=5))


@pytest.mark.parametrize(
    "settings",
    [
        LexicalSettings(),
        LexicalSettings(dense_weight=1.0, sparse_weight=0.0),
        LexicalSettings(dense_weight=0.0),
    ],
)
def test_beyond_the_exact_limit_the_best_are_those_of_scoring_everybody(
    space: MatchSpace, settings: LexicalSettings
) -> None:
    space.adopt(LexicalEncoder.fitted(space.texts(), settings))
    space.put_all(
        replace(
            PERSONS[number % 3],
            id=f"n{number}",
            city=("suzhou", "wuxi")[number % 2],
            texts=(f"第{number % 40}号", *PERSONS[number % 3].texts),
        )
        for number in range(200)
    )
    population, anchors = space.population(ItemKind.PERSON), space.population(ItemKind.POSITION)
    exact, limited = Pairs(space), Pairs(space, exact_limit=5, seeds=4)
    filters = (None, among_people("city_code = wuxi"), among_people("industry_code:hydrogen"))
    for kind in (KINDS["person-position"], KINDS["person-direction"]):
        pool = space.anchors(kind)
        for wanted, k in product(filters, (1, 10, 150)):
            side = Side.stored(pool, np.arange(min(3, pool.size)))
            mask = None if wanted is None else wanted.mask(population.columns, space.codes)
            assert limited.best_for(kind, side, k, mask) == exact.best_for(kind, side, k, mask)
    somebody = Side.stored(population, np.arange(4))
    kind, mask = KINDS["person-position"], np.ones(anchors.size, np.bool_)
    assert Pairs(space, 1, 1).best_for(kind, somebody, 2, mask, forward=False) == exact.best_for(
        kind, somebody, 2, mask, forward=False
    )


def test_a_new_encoder_changes_rows_and_keeps_items(space: MatchSpace, finder: Finder) -> None:
    version = space.encoder.version
    space.adopt(space.encoder.fit(space.texts()))
    assert space.encoder.version != version
    assert _ids(finder.find("person-position", (ItemKind.POSITION, "epitaxy"), 1)) == ["sic"]


def test_an_empty_space_answers(codes: Codes) -> None:
    space = MatchSpace(codes, LexicalEncoder.fitted([]))
    query = Item(ItemKind.POSITION, "", texts=("碳化硅",))
    assert Finder(space, Pairs(space)).find("person-position", query, 5) == []
