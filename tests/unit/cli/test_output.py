"""Answers for machines: JSON as it is, CSV that no spreadsheet program computes."""

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from rich.cells import cell_len

from services.cli.answers.asking import FIELDS
from services.cli.answers.columns import interval
from services.cli.answers.output import Column, Format, Output
from services.kernel.errors import InvalidArgument
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
    assert [first, second] == ["1 · 编号  a", f"2 · 编号  {long}"]
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
    assert ("1 · 编号  " + row["name"] in said) is not inside
    assert all(value in said for value in row.values())


@pytest.mark.parametrize(("cells", "inside"), [(120, True), (80, False)])
def test_a_text_that_needs_room_stands_below_where_there_is_none(
    cells: int, inside: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(cells))
    columns = (
        Column("name", Text("名称", "name")),
        Column("why", Text("理由", "why"), wraps=True, room=24),
    )
    reasons = ["在招 105 人，可得人才折合 1.9 人", "发布 90 天后仍未招到的概率 60%"]
    rows = [{"name": "单" * 32, "why": reasons}, {"name": "格", "why": reasons[:1]}]
    Output(Format.TABLE, "zh").rows(TITLE, columns, rows)
    lines = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    assert (f"1 · 理由  {reasons[0]}" not in lines) == inside
    if not inside:
        assert lines[-3:] == [f"1 · 理由  {reasons[0]}", f"          {reasons[1]}", f"2 · 理由  {reasons[0]}"]
    assert max(map(cell_len, lines)) <= cells


def test_long_headers_of_numbers_are_broken_before_a_column_vanishes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    headers = ("往期进入下一阶段的比例", "年内出资的比例（95%区间）", "中位天数（95%区间）")
    numbers = tuple(Column(each, Text(each, each), right=True) for each in headers)
    row: dict[str, Any] = {"stage": "已申报"} | dict.fromkeys(headers, "87% (74%)")
    stage = Column("stage", Text("阶段", "stage"), whole=True)
    Output(Format.TABLE, "zh").rows(TITLE, (stage, *numbers), [row])
    lines = capsys.readouterr().out.splitlines()
    shown = [[each.strip() for each in line.split("│")[1:-1]] for line in lines if "已申报" in line]
    assert shown == [["已申报", *["87% (74%)"] * 3]]
    assert max(map(cell_len, lines)) <= 60


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


DEEP: list[dict[str, Any]] = [
    {"name": "甲", "size": 1, "city": "suzhou", "parts": [{"code": "a", "share": 2}], "origin": "SYNTHETIC"},
    {"name": "乙", "size": 2, "city": "wuxi", "parts": [], "origin": "SYNTHETIC"},
]


@pytest.fixture
def wanted() -> Iterator[Callable[[str], None]]:
    """Asks for fields, for this test alone."""
    before = FIELDS.set(())
    yield lambda fields: FIELDS.set(tuple(fields.split(","))) and None
    FIELDS.reset(before)


def test_a_wide_table_has_all_plain_values_and_breaks_none(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    columns = (*COLUMNS, Column("id", Text("编号", "id"), below=True))
    Output(Format.WIDE, "zh").rows(TITLE, columns, [{**each, "id": "things/" + "x" * 60} for each in DEEP])
    said = capsys.readouterr().out.splitlines()
    assert all(word in said[2] for word in ("名称", "数量", "编号", "city", "数据来源"))
    assert "parts" not in said[2]
    [first] = [each for each in said if "甲" in each]
    assert all(word in first for word in ("1", "things/" + "x" * 60, "suzhou"))


def test_chosen_fields_alone_are_written_in_their_order(
    wanted: Callable[[str], None], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    wanted("city,parts.code,name")
    Output(Format.JSON, "zh").rows(TITLE, COLUMNS, DEEP)
    assert json.loads(capsys.readouterr().out) == [
        {"city": "suzhou", "parts": [{"code": "a"}], "name": "甲"},
        {"city": "wuxi", "parts": [], "name": "乙"},
    ]
    file = tmp_path / "out.csv"
    Output(Format.CSV, "zh", file).rows(TITLE, COLUMNS, DEEP)
    with file.open(encoding="utf-8-sig", newline="") as lines:
        mark, header, row, _ = csv.reader(lines)
    assert "SYNTHETIC" in mark[0]
    assert header[:3] == ["city", "parts.code", "名称"]
    assert row[:3] == ["suzhou", "a", "甲"]
    Output(Format.TABLE, "zh").rows(TITLE, COLUMNS, DEEP)
    assert "数量" not in capsys.readouterr().out
    Output(Format.JSON, "zh").document(DEEP[0])
    assert list(json.loads(capsys.readouterr().out)) == ["city", "parts", "name"]


@pytest.mark.parametrize("kind", [Format.JSON, Format.CSV, Format.TABLE])
def test_an_unknown_field_is_refused_by_its_name_with_those_there_are(
    kind: Format, wanted: Callable[[str], None]
) -> None:
    wanted("name,parts.colour")
    with pytest.raises(InvalidArgument) as refused:
        Output(kind, "zh").rows(TITLE, COLUMNS, DEEP)
    assert refused.value.violations[0].reason == "UNKNOWN_FIELD"
    assert refused.value.violations[0].text.zh.startswith(
        "没有字段 parts.colour；可选：name, size, city, parts"
    )
    Output(kind, "zh").rows(TITLE, COLUMNS, [])
