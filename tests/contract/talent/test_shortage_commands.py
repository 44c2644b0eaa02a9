"""`bole shortage trend|compare|what-if|…` against a running house: rows for machines, words for people."""

import csv
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from unittest.mock import patch

import grpc
import pytest

from bole.talent.v1 import shortage_analysis_service_pb2 as wire
from services.cli.answers.formats import Format
from services.cli.answers.output import Output
from services.cli.session import Session
from services.cli.talent import analysis, cell_people, planning, shortage, tightest
from services.cli.talent.shortage import scope_of
from services.kernel.clock import SystemClock, civil_date
from services.kernel.errors import InvalidArgument
from services.kernel.periods import quarter_code
from services.kernel.text import Text
from tests.contract.installation import Installation, staff_token

HYDROGEN = scope_of("氢能", "", "", "")
NOTHING = ("", "", "")


FORMATS = pytest.mark.parametrize("form", [Format.JSON, Format.TABLE])


@contextmanager
def signed_in(whole: Installation, form: Format) -> Iterator[Session]:
    """Writes to what is standard output now."""
    opened = Session(whole.settings, Output(form, "zh"), token=staff_token(whole))
    yield opened
    opened.close()


def what_if(session: Session) -> None:
    analysis.show_what_if(
        session, wire.SimulateShortageRequest(scope=HYDROGEN, recruits=9, training_places=5)
    )


def allocated(session: Session) -> None:
    planning.show_allocation(
        session, "industry", "city", planning.means(0, 0, "300万元", "", ""), 4, keep=False
    )


CASES: dict[str, tuple[Callable[[Session], None], set[str], str]] = {
    "trend": (lambda staff: analysis.show_trend(staff, HYDROGEN, 4), {"date", "index"}, "无同比"),
    "compare": (
        lambda staff: analysis.show_comparison(staff, HYDROGEN, ["suzhou", "nantong"]),
        {"city", "rank", "standardised"},
        "市中的区间",
    ),
    "what-if": (what_if, {"case", "index", "uncovered"}, "推演"),
    "reweigh": (
        lambda staff: analysis.show_reweighed(staff, "industry", "city", ["tightness=1", "difficulty=1"], 5),
        {"index", "method_index", "robust"},
        "星级与默认权重相同",
    ),
    "allocate": (allocated, {"recruits", "training_places", "closed"}, "花费 300万元"),
}


def test_where_no_cell_can_be_ranked_people_are_told_the_highest_indices(
    whole: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    with signed_in(whole, Format.TABLE) as staff:
        grid = shortage.fetch_grid(staff, "industry", "city")
        tightest.show_tightest(staff, [], grid, 3)
    said = capsys.readouterr().out
    highest = sorted((cell.index for cell in grid.cells if cell.HasField("index")), reverse=True)[:3]
    places = [said.index(f" {index:.1f} ") for index in highest]
    assert len(places) == 3
    assert places == sorted(places)
    assert "没有可排名的单元格" in said
    assert "只作线索" in said


def test_where_no_cell_can_be_ranked_under_other_weights_people_are_told_why(
    whole: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = wire.ReweighShortageResponse(shown_count=7)
    with signed_in(whole, Format.TABLE) as staff, patch.object(analysis, "stub") as stub:
        stub.return_value.ReweighShortage.return_value = answer
        analysis.show_reweighed(staff, "industry", "city", ["tightness=60"], 5)
    assert "证据都只到 D" in "".join(capsys.readouterr())


def test_a_plan_and_a_ranking_are_made_of_one_city(
    whole: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    scope = scope_of("", "", "苏州", "")
    with signed_in(whole, Format.JSON) as staff:
        given = planning.means(9, 0, "", "", "")
        planning.show_allocation(staff, "industry", "category", given, 4, scope, keep=False)
        planned = json.loads(capsys.readouterr().out)
        analysis.show_reweighed(staff, "industry", "category", ["tightness=1"], 500, scope)
        ranked = json.loads(capsys.readouterr().out)
    assert planned
    assert {row["city"] for row in (*planned, *ranked)} == {"苏州"}


def test_where_no_cell_can_be_ranked_machines_are_told_none(
    whole: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    with signed_in(whole, Format.JSON) as staff:
        tightest.show_tightest(staff, [], shortage.fetch_grid(staff, "industry", "city"), 3)
    assert json.loads(capsys.readouterr().out) == []


@FORMATS
@pytest.mark.parametrize("name", CASES)
def test_an_answer_is_rows_for_machines_and_words_for_people(
    whole: Installation, form: Format, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    show, keys, words = CASES[name]
    with signed_in(whole, form) as staff:
        show(staff)
    said = capsys.readouterr().out
    if form is Format.TABLE:
        assert words in said
        assert "SYNTHETIC" in said
        return
    rows: list[dict[str, Any]] = json.loads(said)
    assert rows
    assert all(keys <= row.keys() for row in rows)
    assert all(row["origin"] == "SYNTHETIC" for row in rows)


def test_compared_cities_are_taken_along_as_of_a_day_with_their_odds(
    whole: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    with signed_in(whole, Format.CSV) as staff:
        today = civil_date(SystemClock().now())
        analysis.show_comparison(staff, scope_of("", "", "", ""), ["suzhou", "nantong"], today)
    mark, header, *rows = csv.reader(capsys.readouterr().out.lstrip("\ufeff").splitlines())
    assert "SYNTHETIC" in mark[0]
    suzhou, nantong = (dict(zip(header, row, strict=True)) for row in rows)
    assert {each["截至"] for each in (suzhou, nantong)} == {today.isoformat()}
    assert {each["季度"] for each in (suzhou, nantong)} == {quarter_code(today)}
    assert suzhou["比苏州更紧的概率"] == nantong["比南通更紧的概率"] == ""
    odds = float(suzhou["比南通更紧的概率"]), float(nantong["比苏州更紧的概率"])
    assert sum(odds) == pytest.approx(1)


def test_a_file_of_the_map_or_of_a_trend_says_of_which_quarter_its_numbers_are_and_in_what_they_count(
    whole: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    with signed_in(whole, Format.CSV) as staff:
        grid = shortage.fetch_grid(staff, "industry", "city", None, date(2026, 1, 1))
        shortage.show_cells(staff, list(grid.cells), grid.origin, Text("图谱", "map"), grid.as_of_date)
        analysis.show_trend(staff, HYDROGEN, 4)
    files = capsys.readouterr().out.split("\ufeff")[1:]
    cells, points = ([*csv.DictReader(each.splitlines()[1:])] for each in files)
    assert {(each["季度"], each["截至"]) for each in cells} == {("2026Q1", "2026-01-01")}
    assert {"在招（人）", "可得（人，折算）"} <= cells[0].keys() & points[0].keys()
    assert [each["季度"] for each in points] == [
        quarter_code(date.fromisoformat(each["截至"])) for each in points
    ]


@pytest.mark.parametrize("city", ["南京", ""])
def test_a_cell_is_shown_with_who_could_fill_it(
    whole: Installation, city: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with signed_in(whole, Format.TABLE) as staff:
        found = shortage.fetch_cell(staff, scope_of("氢能", "", city, ""))
        shortage.show_cell(staff, found, 0)
    said = capsys.readouterr().out
    assert "全省" in said.partition("指数由各项对数几率")[0]
    people = said.partition("可以填补的人才")[2]
    assert 1 <= people.count("persons/") <= cell_people.SHOWN
    assert "**" in people  # no purpose was stated
    assert "bole match find shortageCells/hydrogen" in people
    assert found.method_version in said


def test_without_a_matcher_a_cell_is_shown_all_the_same(
    talent: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    with signed_in(talent, Format.TABLE) as staff:
        shortage.show_cell(staff, shortage.fetch_cell(staff, HYDROGEN), 0)
    said = capsys.readouterr().out
    assert "单元格与上级" in said
    assert "没有列出可以填补的人才" in said


def test_the_map_is_of_a_day_and_a_scope(whole: Installation) -> None:
    suzhou = scope_of("", "", "苏州", "")
    day = date(2026, 1, 1)
    with signed_in(whole, Format.JSON) as staff:
        grid = shortage.fetch_grid(staff, "industry", "category", suzhou, day)
        ranked = tightest.fetch_tightest(staff, "industry", "category", 5, suzhou)
        with pytest.raises(grpc.RpcError):
            shortage.fetch_grid(staff, "industry", "city", suzhou)
    assert (grid.as_of_date.year, grid.as_of_date.day) == (2026, 1)
    assert {cell.scope.city_code for cell in [*grid.cells, *ranked]} == {"suzhou"}


def test_a_kept_plan_is_shown_again_and_listed(
    whole: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    given = planning.means(3, 0, *NOTHING)
    with signed_in(whole, Format.TABLE) as staff:
        planning.show_allocation(staff, "industry", "city", given, 4, keep=True)
        name = capsys.readouterr().out.strip().splitlines()[-1]
        planning.show_plan(staff, planning.fetch_plan(staff, name.removeprefix("recruitmentPlans/")))
        assert name in capsys.readouterr().out
    with signed_in(whole, Format.JSON) as staff:
        planning.show_plans(staff, 1)
    assert json.loads(capsys.readouterr().out)[0]["name"] == name


@FORMATS
def test_without_history_a_forecast_is_a_sentence(
    whole: Installation, form: Format, capsys: pytest.CaptureFixture[str]
) -> None:
    with signed_in(whole, form) as staff:
        analysis.show_forecast(staff, HYDROGEN, 12, 0)
        planning.show_forecasts(staff, 5)
    assert ("历史不足" in capsys.readouterr().out) == (form is Format.TABLE)


@pytest.mark.parametrize("text", ["tightness", "tightness=much", "="])
def test_a_weight_that_cannot_be_read_is_named(whole: Installation, text: str) -> None:
    with signed_in(whole, Format.JSON) as staff, pytest.raises(InvalidArgument) as caught:
        analysis.show_reweighed(staff, "industry", "city", [text], 5)
    assert caught.value.violations[0].field == "--weight"


def test_an_amount_that_cannot_be_read_is_named() -> None:
    with pytest.raises(InvalidArgument) as caught:
        planning.means(0, 0, "", "a lot", "")
    assert caught.value.violations[0].field == "--recruitment-cost"
