"""Cells of the shortage map as anchors of matches: named by words, and back to what their cards count."""

import pytest

from bole.talent.v1 import shortage_pb2
from services.catalogue.cells import CellAddress
from services.catalogue.loading import load
from services.console.pages.called import called, page_of
from services.console.pages.cells import address_of, scope_of_cell
from services.console.pages.matches.anchors import known, opposite, side_of
from services.console.pages.scopes import scope_of
from services.kernel.errors import InvalidArgument
from tests.unit.console.pages.visiting import visit

NAME = "shortageCells/hydrogen.suzhou.all"


@pytest.mark.parametrize(
    "counted",
    [
        {"industry_code": "hydrogen"},
        {"direction_code": "sic", "city_code": "suzhou"},
        {"direction_code": "sic", "category_code": "outstanding-engineer"},
    ],
)
def test_a_scope_has_a_name_and_comes_back(counted: dict[str, str]) -> None:
    scope = shortage_pb2.ShortageScope(**counted)
    cell = address_of(scope)
    assert cell is not None
    assert CellAddress.parse(cell.name) == cell
    assert scope_of_cell(cell, load()) == scope


def test_only_records_may_be_of_outside_the_province() -> None:
    asked = visit({"city": "outside"})
    assert scope_of(asked, outside=True).city_code == "outside"
    with pytest.raises(InvalidArgument):
        scope_of(asked)


def test_what_counts_all_industries_or_is_no_name_is_no_cell() -> None:
    assert address_of(shortage_pb2.ShortageScope(city_code="suzhou")) is None
    assert [CellAddress.parse(each) for each in ("", "sic", "shortageCells/sic.suzhou", "a..b")] == [None] * 4


def test_cells_are_named_by_words_wide_ones_first() -> None:
    first, second, *_ = known(visit(), "cell", "氢能 苏州")
    assert (first.name, first.title) == (NAME, "苏州 · 氢能")
    assert second.name.startswith("shortageCells/hydrogen.suzhou.")
    assert known(visit(), "cell", "炼金术") == []


def test_a_cell_is_called_by_what_it_counts_and_leads_to_its_card() -> None:
    told = called(visit(), [NAME])[NAME]
    assert (told.title, told.page) == ("苏州 · 氢能", "/map?industry=hydrogen&city=suzhou")
    assert page_of(visit(), "shortageCells/nothing") == ""


def test_the_side_of_an_anchor_is_told_by_its_name() -> None:
    assert [side_of(each) for each in (NAME, "persons/1", "deals/1")] == ["cell", "person", ""]
    assert opposite("person-cell", "cell") == "person"
    assert opposite("similar-firms", "firm") == "firm"
