"""Answers as tables, JSON, CSV and XLSX."""

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest
import yaml
from rich.cells import cell_len

from services.cli.answers.columns import Column, number, tick
from services.cli.answers.exports import sheet_name
from services.cli.answers.output import SYNTHETIC, Format, Output
from services.kernel.errors import InvalidArgument
from services.kernel.money import Money
from services.kernel.text import Text

COLUMNS = (
    Column("name", Text("名称", "name"), wraps=True),
    Column("score", Text("得分", "score"), right=True, show=number(1)),
)
TITLE = Text("企业/列表", "firms")


def written(capsys: pytest.CaptureFixture[str], format_: Format, rows: list[dict[str, object]]) -> str:
    Output(format_, "zh").rows(TITLE, COLUMNS, rows)
    return capsys.readouterr().out


def test_every_line_of_a_table_is_equally_wide(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    rows = [{"name": "苏州市晞骁试样科技有限公司，固态储氢材料及关键技术 ABC" * 2, "score": 3.25}]
    lines = [line for line in written(capsys, Format.TABLE, rows).splitlines() if line[:1] in "┏┃┡│└"]
    assert {cell_len(line) for line in lines} == {60}
    assert "…" not in "".join(lines)


def test_an_empty_table_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert "没有符合条件的记录" in written(capsys, Format.TABLE, [])


def test_sample_data_carry_their_mark_in_every_format(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    rows = [{"name": "甲", "score": 1.0, "origin": "SYNTHETIC"}]
    assert SYNTHETIC.zh in written(capsys, Format.TABLE, rows)
    assert "SYNTHETIC" in written(capsys, Format.CSV, rows).splitlines()[0]
    assert json.loads(written(capsys, Format.JSON, rows))[0]["origin"] == "SYNTHETIC"
    Output(Format.XLSX, "zh", tmp_path / "x.xlsx").rows(TITLE, COLUMNS, rows)
    assert SYNTHETIC.zh in str(openpyxl.load_workbook(tmp_path / "x.xlsx").active["A1"].value)


def test_yaml_says_what_json_says(capsys: pytest.CaptureFixture[str]) -> None:
    rows: list[dict[str, object]] = [
        {"name": "苏州：甲", "score": 1.5, "origin": "SYNTHETIC"},
        {"name": "0012"},
    ]
    told = written(capsys, Format.YAML, rows)
    assert "苏州：甲" in told
    assert yaml.safe_load(told) == json.loads(written(capsys, Format.JSON, rows))


def test_real_data_carry_no_mark(capsys: pytest.CaptureFixture[str]) -> None:
    rows: list[dict[str, object]] = [{"name": "甲", "score": 1.0, "origin": "REAL"}]
    assert SYNTHETIC.zh not in written(capsys, Format.TABLE, rows)
    assert written(capsys, Format.CSV, rows).splitlines()[0].lstrip("\ufeff") == "名称,得分,数据来源"


def test_json_keeps_numbers_and_exact_money(capsys: pytest.CaptureFixture[str]) -> None:
    [row] = json.loads(
        written(capsys, Format.JSON, [{"name": "甲", "score": 0.123456, "ask": Money(300_000_001)}])
    )
    assert row == {"name": "甲", "score": 0.123456, "ask": "3000000.01"}


def test_csv_holds_no_formula(capsys: pytest.CaptureFixture[str]) -> None:
    rows: list[dict[str, object]] = [{"name": '=HYPERLINK("http://x")', "score": -1.5}]
    text = written(capsys, Format.CSV, rows).lstrip("\ufeff")
    [_, row] = list(csv.reader(io.StringIO(text)))
    assert row == ['\'=HYPERLINK("http://x")', "-1.5"]


def test_xlsx_holds_texts_numbers_and_no_formula(tmp_path: Path) -> None:
    path = tmp_path / "out" / "x.xlsx"
    Output(Format.XLSX, "zh", path).rows(TITLE, COLUMNS, [{"name": "=1+1", "score": 2.5}])
    sheet = openpyxl.load_workbook(path).active
    assert sheet.title == "企业-列表"
    assert [cell.value for cell in sheet[2]] == ["=1+1", 2.5]
    assert [cell.data_type for cell in sheet[2]] == ["s", "n"]
    assert sheet["A2"].quotePrefix


def test_xlsx_says_codes_and_pairs_in_words_and_keeps_numbers(tmp_path: Path) -> None:
    columns = (
        Column(
            "state",
            Text("状态", "state"),
            show=lambda code, language: {"OPEN": Text("招聘中", "open")}[code].to(language),
        ),
        Column("range", Text("区间", "range"), show=lambda pair, _: f"{pair[0]:.0f}\u2060–{pair[1]:.0f}"),
        Column("score", Text("得分", "score"), show=number(1)),
        Column("ask", Text("拟融资", "ask"), show=Money.rounded),
        Column("fits", Text("合适", "fits"), show=tick),
        Column("none", Text("无", "none"), show=number(1)),
    )
    row = {
        "state": "OPEN",
        "range": [1.2, 3.4],
        "score": 2.345,
        "ask": Money(300),
        "fits": True,
        "none": None,
    }
    Output(Format.XLSX, "zh", tmp_path / "x.xlsx").rows(TITLE, columns, [row])
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx").active
    assert [cell.value for cell in sheet[2]] == ["招聘中", "1–3", 2.345, 3, True, None]


def test_a_workbook_is_read_summed_and_printed_as_it_opens(tmp_path: Path) -> None:
    columns = (*COLUMNS, Column("ask", Text("拟投", "ticket"), show=Money.rounded))
    name = "苏州市晞骁试样科技有限公司"
    rows = [
        {"name": name, "score": 2.123456, "ask": Money(2_000_000_001)},
        {"name": "乙", "ask": Money(9 * 10**15)},
    ]
    Output(Format.XLSX, "zh", tmp_path / "x.xlsx").rows(TITLE, columns, rows)
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx").active
    assert (sheet["C2"].value, sheet["C2"].number_format) == (20_000_000.01, "#,##0.00")
    assert sheet["C3"].value == "90000000000000.00"  # of more digits than a spreadsheet's number keeps
    assert sheet["B2"].number_format == "0.00##"
    assert sheet.column_dimensions["A"].width >= cell_len(name)
    assert (sheet.auto_filter.ref, sheet.freeze_panes, sheet["A1"].font.bold) == ("A1:C3", "A2", True)
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)


def test_xlsx_needs_a_file() -> None:
    with pytest.raises(InvalidArgument, match="--file"):
        Output(Format.XLSX, "zh").rows(TITLE, COLUMNS, [])


@pytest.mark.parametrize("title", ["deals/1 可做什么?", "a" * 60, "[x]:*", ""])
def test_any_title_makes_a_sheet_name(title: str) -> None:
    assert 0 < len(sheet_name(title)) <= 31
    assert not set("[]:*?/\\'") & set(sheet_name(title))
