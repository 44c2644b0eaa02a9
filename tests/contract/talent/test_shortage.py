"""ShortageService: grid, ranking and one cell say the same; bad requests by field."""

import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from google.type.date_pb2 import Date

from bole.common.v1 import data_origin_pb2
from bole.talent.v1 import shortage_pb2, shortage_service_pb2_grpc
from bole.talent.v1 import shortage_service_pb2 as wire
from services.chassis.identity.identity import Grant
from services.chassis.rpc.wire import date_to_wire
from services.kernel.clock import civil_date
from tests.contract.installation import Installation, fields, refused

INDUSTRY = shortage_pb2.SHORTAGE_DIMENSION_INDUSTRY
DIRECTION = shortage_pb2.SHORTAGE_DIMENSION_DIRECTION
CITY = shortage_pb2.SHORTAGE_DIMENSION_CITY
CATEGORY = shortage_pb2.SHORTAGE_DIMENSION_CATEGORY
SCOPE = shortage_pb2.ShortageScope
COLUMNS = shortage_pb2.SHORTAGE_GRID_VIEW_COLUMNS


@pytest.fixture
def shortage(whole: Installation) -> Iterator[Any]:
    with whole.channel("talent", Grant("talent_viewer")) as channel:
        yield shortage_service_pb2_grpc.ShortageServiceStub(channel)


def grid(shortage: Any, **asked: Any) -> wire.GetShortageGridResponse:
    given = {"rows": INDUSTRY, "columns": CITY, **asked}
    answer: wire.GetShortageGridResponse = shortage.GetShortageGrid(wire.GetShortageGridRequest(**given))
    return answer


def test_the_grid_has_every_industry_and_city_and_says_what_it_is(shortage: Any) -> None:
    found = grid(shortage)
    assert (len(found.row_codes), len(found.column_codes), len(found.cells)) == (14, 13, 182)
    assert [(each.scope.industry_code, each.scope.city_code) for each in found.cells] == [
        (row, column) for row in found.row_codes for column in found.column_codes
    ]
    assert found.origin == data_origin_pb2.DATA_ORIGIN_SYNTHETIC
    assert found.method_version
    assert found.method_note.zh
    assert found.method_note.en


def test_an_industry_opens_into_its_directions(shortage: Any) -> None:
    every, found = (
        grid(shortage, rows=DIRECTION, scope=SCOPE(industry_code=industry), column_totals=True)
        for industry in ("", "hydrogen")
    )
    assert 1 < len(found.row_codes) < len(every.row_codes)
    known = {each.scope.SerializeToString(deterministic=True): each for each in every.cells}
    assert all(each == known[each.scope.SerializeToString(deterministic=True)] for each in found.cells)
    of_industry = [each for each in grid(shortage).cells if each.scope.industry_code == "hydrogen"]
    assert list(found.column_totals) == of_industry


def test_columns_say_what_the_cells_say(shortage: Any) -> None:
    cells, found = grid(shortage).cells, grid(shortage, view=COLUMNS)
    assert (len(found.cells), len(found.columns.states)) == (0, len(cells))
    for place, cell in enumerate(cells):
        shown = cell.HasField("index")
        assert math.isnan(found.columns.indices[place]) is not shown
        if shown:
            assert found.columns.indices[place] == cell.index
            assert (found.columns.lows[place], found.columns.highs[place]) == (cell.low, cell.high)
        assert found.columns.states[place] == cell.state
        assert found.columns.open_headcounts[place] == cell.open_headcount
        assert found.columns.hidden[place] == cell.hidden


def test_three_dimensions_are_sent_as_columns(shortage: Any) -> None:
    found = grid(shortage, rows=DIRECTION, layers=CATEGORY, view=COLUMNS)
    codes = len(found.row_codes), len(found.column_codes), len(found.layer_codes)
    assert codes == (117, 13, 6)
    assert len(found.columns.indices) == 117 * 13 * 6
    flat = grid(shortage, rows=DIRECTION, scope=SCOPE(category_code=found.layer_codes[2]), view=COLUMNS)
    assert found.columns.open_headcounts[2::6] == flat.columns.open_headcounts


def test_local_directions_are_a_dimension_apart(shortage: Any) -> None:
    local = shortage_pb2.SHORTAGE_DIMENSION_LOCAL_DIRECTION
    for view in (COLUMNS, 0):
        found = grid(shortage, rows=local, view=view)
        assert (list(found.row_codes), len(found.column_codes)) == ([], 13)
        assert not found.cells
    assert not shortage.RankShortageCells(wire.RankShortageCellsRequest(rows=local, columns=CITY)).cells
    for other in (INDUSTRY, DIRECTION, local):
        failure = refused(shortage.GetShortageGrid, wire.GetShortageGridRequest(rows=local, columns=other))
        assert (failure.code, failure.reason) == ("INVALID_ARGUMENT", "SAME_DIMENSION")


def test_totals_of_columns_are_the_cells_of_the_cities_as_a_whole(shortage: Any) -> None:
    found = grid(shortage, column_totals=True)
    assert len(found.column_totals) == len(found.column_codes)
    for code, total in zip(found.column_codes, found.column_totals, strict=True):
        scope = shortage_pb2.ShortageScope(city_code=code)
        one = shortage.GetShortageCell(wire.GetShortageCellRequest(scope=scope)).cell
        assert (total.index, total.open_headcount) == (one.index, one.open_headcount)
    assert not grid(shortage).column_totals


def test_an_index_lies_within_its_interval(shortage: Any) -> None:
    shown = [each for each in grid(shortage).cells if each.HasField("index")]
    assert shown
    for cell in shown:
        assert 0 < cell.low <= cell.index <= cell.high < 100


def test_the_tightest_cells_are_those_of_the_grid_in_order(shortage: Any) -> None:
    ranked = shortage.RankShortageCells(
        wire.RankShortageCellsRequest(rows=INDUSTRY, columns=CITY, page_size=100)
    ).cells
    assert ranked
    known = {
        (each.scope.industry_code, each.scope.city_code): each.index
        for each in grid(shortage).cells
        if each.HasField("index")
    }
    for cell in ranked:
        assert known[cell.scope.industry_code, cell.scope.city_code] == cell.index
        assert sum(part.value for part in cell.contributions) == pytest.approx(cell.log_odds, abs=1e-6)
        assert cell.reasons
    few = shortage.RankShortageCells(wire.RankShortageCellsRequest(rows=INDUSTRY, columns=CITY)).cells
    assert list(few) == list(ranked[:5])


def test_a_cell_is_explained_with_its_parent(shortage: Any) -> None:
    ranked = shortage.RankShortageCells(wire.RankShortageCellsRequest(rows=INDUSTRY, columns=CITY)).cells[0]
    answer = shortage.GetShortageCell(wire.GetShortageCellRequest(scope=ranked.scope))
    assert answer.cell == ranked
    assert answer.parent.scope != ranked.scope
    assert answer.method_version
    far = [each.distance_km for each in answer.surplus_cities]
    assert far == sorted(far)
    for each in answer.surplus_cities:
        assert each.city_code != ranked.scope.city_code
        assert each.people >= 1
    coverage = answer.cell.coverage
    assert coverage.HasField("share") or (coverage.unknown_because.zh and coverage.unknown_because.en)


def test_names_in_chinese_and_english_are_codes_too(shortage: Any) -> None:
    cells = [
        shortage.GetShortageCell(wire.GetShortageCellRequest(scope=SCOPE(city_code=name))).cell
        for name in ("suzhou", "苏州", "苏州市")
    ]
    assert cells[0] == cells[1] == cells[2]


def test_a_grid_says_why_each_cell_is_short_if_that_is_asked_for(shortage: Any) -> None:
    plain, told = grid(shortage), grid(shortage, drivers=True, column_totals=True)
    assert not any(each.drivers for each in plain.cells)
    short = [each for each in told.cells if each.drivers]
    assert short
    for each in (*short[:5], told.cells[0], told.column_totals[0]):
        alone = shortage.GetShortageCell(wire.GetShortageCellRequest(scope=each.scope)).cell
        assert list(each.drivers) == list(alone.drivers)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"rows": 0}, "rows"),
        ({"rows": 99}, "rows"),
        ({"columns": INDUSTRY}, "columns"),
        ({"scope": SCOPE(city_code="suzhou")}, "scope"),
        ({"scope": SCOPE(category_code="king")}, "scope.category_code"),
        ({"drivers": True, "view": COLUMNS}, "drivers"),
        ({"as_of_date": Date(year=2026, month=2, day=30)}, "as_of_date"),
        ({"as_of_date": date_to_wire(civil_date(datetime.now(UTC)) + timedelta(days=2))}, "as_of_date"),
    ],
)
def test_a_wrong_grid_is_refused_by_field(shortage: Any, asked: dict[str, Any], field: str) -> None:
    request = wire.GetShortageGridRequest(**{"rows": INDUSTRY, "columns": CITY, **asked})
    failure = refused(shortage.GetShortageGrid, request)
    assert failure.code == "INVALID_ARGUMENT"
    assert any(each.startswith(field) for each in fields(failure)), failure


def test_a_wrong_ranking_is_refused(shortage: Any) -> None:
    for asked, field in (({"page_size": -1}, "page_size"), ({"columns": DIRECTION}, "columns")):
        given: dict[str, Any] = {"rows": INDUSTRY, "columns": CITY, **asked}
        request = wire.RankShortageCellsRequest(**given)
        failure = refused(shortage.RankShortageCells, request)
        assert failure.code == "INVALID_ARGUMENT"
        assert field in fields(failure)


def test_a_wrong_cell_is_refused_with_a_suggestion(shortage: Any) -> None:
    both = SCOPE(industry_code="hydrogen", direction_code="seawater-h2")
    failure = refused(shortage.GetShortageCell, wire.GetShortageCellRequest(scope=both))
    assert failure.reason == "SCOPE_TOO_MANY"
    near = refused(shortage.GetShortageCell, wire.GetShortageCellRequest(scope=SCOPE(city_code="suzhuo")))
    assert near.code == "INVALID_ARGUMENT"
    assert "suzhou" in near.text.en


def test_small_cells_show_no_exact_counts(shortage: Any) -> None:
    fine = grid(shortage, rows=DIRECTION, columns=CATEGORY, scope=SCOPE(city_code="suqian"))
    hidden = [each for each in fine.cells if each.hidden]
    assert hidden
    for each in hidden:
        assert not any(each.HasField(field) for field in ("index", "supply", "gap"))


def test_no_hidden_cell_of_a_grid_stands_alone_beside_a_shown_total(shortage: Any) -> None:
    """One hidden cell in a row whose total is shown would be the total less the others."""
    found = grid(shortage, rows=CATEGORY, columns=CITY)
    width, alone = len(found.column_codes), 0
    for at in range(len(found.row_codes)):
        row = found.cells[at * width : (at + 1) * width]
        total = shortage.GetShortageCell(
            wire.GetShortageCellRequest(scope=SCOPE(category_code=found.row_codes[at]))
        ).cell
        alone += [*(each.hidden for each in row), total.hidden].count(True) == 1
    assert alone == 0


def test_partners_get_the_public_edition(whole: Installation, shortage: Any) -> None:
    """Which stands for a day, whatever others have changed meanwhile."""
    everything = wire.GetShortageCellRequest(scope=SCOPE())
    with whole.channel("talent", Grant("partner_scout")) as channel:
        stub = shortage_service_pb2_grpc.ShortageServiceStub(channel)
        public, outer = grid(stub), stub.GetShortageCell(everything).cell
    internal, inner = grid(shortage), shortage.GetShortageCell(everything).cell
    assert "公开版" in public.method_note.zh
    assert "内部版" in internal.method_note.zh
    pairs = [*zip(public.cells, internal.cells, strict=True), (outer, inner)]
    assert sum(each.hidden for each, _ in pairs) > sum(twin.hidden for _, twin in pairs)
    for each, _ in pairs:
        assert not any(each.HasField(field) for field in ("log_odds", "supply", "gap"))
        assert each.open_headcount == 0
    assert outer.index == round(outer.index)
    assert outer.low <= outer.index <= outer.high


def test_a_day_before_all_that_was_kept_is_refused_where_nothing_is_to_be_counted_anew(shortage: Any) -> None:
    today = date_to_wire(civil_date(datetime.now(UTC)))
    assert grid(shortage, as_of_date=today, last_kept=True) == grid(shortage, as_of_date=today)
    long_ago = Date(year=2001, month=1, day=1)
    asked = {"rows": INDUSTRY, "columns": CITY, "as_of_date": long_ago, "last_kept": True}
    assert refused(shortage.GetShortageGrid, wire.GetShortageGridRequest(**asked)).reason == "DAY_NOT_KEPT"
    assert grid(shortage, as_of_date=long_ago).recounted
