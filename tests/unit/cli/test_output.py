"""Answers for machines: JSON as it is, CSV that no spreadsheet program computes."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from services.cli.answers.columns import interval
from services.cli.answers.output import Column, Format, Output
from services.kernel.text import Text

TITLE = Text("表", "table")
COLUMNS = (Column("name", Text("名称", "name")), Column("size", Text("数量", "size"), right=True))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_csv_never_starts_a_text_as_a_formula(start: str, tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    Output(Format.CSV, "zh", file).rows(TITLE, COLUMNS, [{"name": f"{start}cmd()", "size": 1}])
    with file.open(encoding="utf-8-sig", newline="") as lines:
        header, row = csv.reader(lines)
    assert header[:2] == ["名称", "数量"]
    assert row[0].startswith("'")
    assert row[0].endswith("cmd()")


def test_csv_has_the_byte_order_mark_that_spreadsheet_programs_need(tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    Output(Format.CSV, "en", file).rows(TITLE, COLUMNS, [])
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")


def test_a_long_name_stands_below_the_table_by_its_row(capsys: pytest.CaptureFixture[str]) -> None:
    columns = (Column("name", Text("名称", "name")), Column("id", Text("编号", "id"), below=True))
    long = "things/" + "x" * 150
    Output(Format.TABLE, "zh").rows(TITLE, columns, [{"name": "甲", "id": "a"}, {"name": "乙", "id": long}])
    *table, first, second = capsys.readouterr().out.splitlines()
    assert not any("things/" in line for line in table)
    assert [first, second] == ["编号 1  a", f"编号 2  {long}"]
    Output(Format.JSON, "zh").rows(TITLE, columns, [{"name": "甲", "id": "a"}])
    assert json.loads(capsys.readouterr().out) == [{"name": "甲", "id": "a"}]


@pytest.mark.parametrize(("cells", "inside"), [(120, True), (80, False)])
def test_where_there_is_no_room_names_stand_below_and_no_column_vanishes(
    cells: int, inside: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(cells))
    columns = (
        Column("state", Text("状态", "state")),
        Column("paid", Text("已付", "paid"), right=True),
        Column("name", Text("编号", "resource"), whole=True),
    )
    row = {"state": "在管", "paid": "1" * 30, "name": "investments/" + "x" * 40}
    Output(Format.TABLE, "zh").rows(TITLE, columns, [row])
    said = capsys.readouterr().out
    assert ("编号 1  " + row["name"] in said) is not inside
    assert all(value in said for value in row.values())


def test_json_is_one_document_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    output = Output(Format.JSON, "zh")
    output.say(Text("说明", "a message"))
    output.rows(TITLE, COLUMNS, [{"name": "氢", "size": 3}])
    written = capsys.readouterr()
    assert json.loads(written.out) == [{"name": "氢", "size": 3}]
    assert "说明" in written.err


SPANS = (COLUMNS[0], interval("span", Text("区间", "range"), 1))


@pytest.mark.parametrize("kind", [Format.CSV, Format.XLSX])
def test_an_interval_is_two_numbers_in_a_file_and_one_span_for_people(
    kind: Format, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows: list[dict[str, Any]] = [{"name": "甲", "span": [12.25, 48]}, {"name": "乙", "span": None}]
    file = tmp_path / f"out.{kind}"
    Output(kind, "zh", file).rows(TITLE, SPANS, rows)
    capsys.readouterr()
    if kind is Format.CSV:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            read: list[list[Any]] = list(csv.reader(lines))
        wanted: list[Any] = ["12.25", "48"]
    else:
        read = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()
        wanted = [12.25, 48.0]
    assert read == [["名称", "区间下限", "区间上限"], ["甲", *wanted], ["乙", "", ""]]
    Output(Format.TABLE, "zh").rows(TITLE, SPANS, rows)
    assert "12.2–48.0" in capsys.readouterr().out
