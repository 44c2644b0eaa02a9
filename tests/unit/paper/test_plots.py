"""The charts of a workbook: drawn by the spreadsheet program from numbers that stand beside them."""

import io

import openpyxl
import pytest

from services.kernel.text import Language, Text
from services.paper.document import Chart, Document, Drawn, Mark, Section
from services.paper.forms import Form
from services.paper.geography import TILES
from services.paper.shades import shade
from tests.unit.paper.papers import COURSE, EVIL, file_of

CITIES = tuple(
    Mark(code, Text(f"市{code}", code), 20.0 + 6 * at, 10.0, 99.0) for at, code in enumerate(TILES)
)
BARS = (
    Mark("a", Text("氢能", "hydrogen"), 70.52, 64.4, 75.9),
    Mark("b", Text(EVIL, EVIL), 30.0),
    Mark("c", Text("量子", "quantum"), said="c"),
)


def sheet_of(language: Language, *charts: Chart) -> "openpyxl.worksheet.worksheet.Worksheet":
    section = Section("s", Text("节", "section"), charts=charts)
    document = Document(Text("报告", "Report"), Text("季", "Q"), (), (section,))
    book = openpyxl.load_workbook(io.BytesIO(file_of(Form.XLSX, language, document)))
    return book[{"zh": "图", "en": "Charts"}[language]]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_city_is_a_tile_in_the_shade_of_its_value(language: Language) -> None:
    sheet = sheet_of(language, Chart(Drawn.MAP, Text("图", "map"), 1, CITIES))
    top = 2
    for mark in CITIES:
        column, row = TILES[mark.code]
        cell = sheet.cell(top + row, 2 + column)
        assert cell.value == f"{mark.name.to(language)}\n{mark.value:.1f}"
        assert cell.fill.start_color.rgb == "FF" + shade(mark.value)[0][1:].upper()


def test_a_place_without_a_tile_is_not_lost() -> None:
    sheet = sheet_of(
        "en", Chart(Drawn.MAP, Text("图", "map"), 0, (*CITIES, Mark("x", Text("外", "elsewhere"), 5.0)))
    )
    assert "elsewhere\n5" in {cell.value for row in sheet.iter_rows() for cell in row}


def test_bars_are_drawn_from_numbers_beside_them() -> None:
    sheet = sheet_of("zh", Chart(Drawn.BARS, Text("条形", "bars"), 1, BARS))
    rows = [[cell.value for cell in row[:4]] for row in sheet.iter_rows(min_row=2, max_row=5)]
    assert rows == [
        ["名称", "数值", "下限", "上限"],
        ["氢能", 70.52, 64.4, 75.9],
        [EVIL, 30, None, None],
        ["量子", "c", None, None],
    ]
    [chart] = sheet._charts
    [series] = chart.series
    assert series.val.numRef.f == "图!$B$3:$B$5"
    assert (series.errBars.plus.numRef.f, series.errBars.minus.numRef.f) == (
        "'图'!$E$3:$E$5",
        "'图'!$F$3:$F$5",
    )
    assert [sheet.cell(3, column).value for column in (5, 6)] == pytest.approx([5.38, 6.12])
    assert {sheet.cell(row, column).value for row in (4, 5) for column in (5, 6)} == {None}


def test_a_line_is_drawn_from_numbers_beside_it_and_leaves_out_what_is_not_known() -> None:
    sheet = sheet_of("en", Chart(Drawn.LINE, Text("历季", "by quarter"), 1, COURSE))
    rows = [[cell.value for cell in row[:4]] for row in sheet.iter_rows(min_row=3, max_row=6)]
    assert rows[0] == ["2025Q2", 48.2, 44, 52.5]
    assert rows[2] == ["2025Q4", "–", None, None]
    [chart] = sheet._charts
    assert chart.tagname == "lineChart"
    [series] = chart.series
    assert series.cat.strRef.f == "Charts!$A$3:$A$6"
    assert series.errBars.minus.numRef.f == "'Charts'!$F$3:$F$6"
    assert [sheet.cell(row, 6).value for row in range(3, 7)] == [
        pytest.approx(4.2),
        pytest.approx(3.9),
        None,
        pytest.approx(4.4),
    ]
    assert (chart.y_axis.scaling.min, chart.y_axis.scaling.max) == (40, 70)


def test_a_document_without_charts_has_no_sheet_of_them() -> None:
    with pytest.raises(KeyError):
        sheet_of("zh")
