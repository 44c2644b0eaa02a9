"""The helper sheet of the template: its formulas are worked out, and what they give is read."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.cell import coordinate_from_string
from openpyxl.worksheet.worksheet import Worksheet

from services.catalogue import load
from services.workbook import lines
from services.workbook.helper import BLOCKS, TITLE
from services.workbook.template import write_template

_TOKEN = re.compile(r'"(?:[^"])*"|[A-Z]+\(|[A-Z]+[0-9]+|[0-9]+|<=|[=&,()*+-]')
TOP = 5


@pytest.fixture
def page(tmp_path: Path) -> Worksheet:
    path = tmp_path / "template.xlsx"
    write_template(path, load())
    return openpyxl.load_workbook(path)[TITLE]


def worked_out(formula: str, value: Callable[[str], Any]) -> Any:
    """A formula of IF, CHAR, `&`, `=` over texts and cells."""
    pieces = _TOKEN.findall(formula.removeprefix("="))
    at = 0

    def take(wanted: str = "") -> str:
        nonlocal at
        piece = pieces[at]
        assert wanted in ("", piece)
        at += 1
        return str(piece)

    def atom() -> Any:
        piece = take()
        if piece.startswith('"'):
            return piece[1:-1]
        if piece == "IF(":
            chosen = equals()
            take(",")
            yes = equals()
            take(",")
            no = equals()
            take(")")
            return yes if chosen else no
        if piece == "CHAR(":
            number = int(take())
            take(")")
            return chr(number)
        return value(piece)

    def joined() -> Any:
        found = atom()
        while at < len(pieces) and pieces[at] == "&":
            take()
            found = f"{found}{atom()}"
        return found

    def equals() -> Any:
        left = joined()
        if at < len(pieces) and pieces[at] == "=":
            take()
            return left == joined()
        return left

    return equals()


def filled(page: Worksheet, header: str, items: list[tuple[str, ...]]) -> str:
    """What the result cell of a block shows once these items are filled in."""
    left = next(cell.column for cell in page[TOP - 2] if cell.value == header)
    parts = len(next(block for block in BLOCKS if block.header == header).parts)
    for row, item in enumerate(items, TOP):
        for column, part in enumerate(item, left):
            page.cell(row, column, part)

    def value(name: str) -> Any:
        column, row = coordinate_from_string(name)
        found = page[f"{column}{row}"].value or ""
        return worked_out(found, value) if str(found).startswith("=") else found

    return str(worked_out(str(page.cell(TOP + 10, left + parts).value), value))


def test_what_it_makes_is_what_the_import_reads(page: Worksheet) -> None:
    made = filled(page, "任职经历", [("演示院", "研究员", "2018-09", "2021-02"), ("演示大学", "", "", "")])
    assert made == "演示院 | 研究员 | 2018-09 | 2021-02\n演示大学"
    assert lines.affiliations(made, field="任职经历") == (
        ("演示院", "研究员", date(2018, 9, 1), date(2021, 2, 28)),
        ("演示大学", "", None, None),
    )
    made = filled(
        page, "教育经历", [("演示大学", "博士", "", "2012"), ("", "", "", ""), ("另一大学", "学士")]
    )
    assert lines.education(made, field="教育经历") == (
        ("演示大学", "DOCTOR", "", 2012),
        ("另一大学", "BACHELOR", "", None),
    )
    assert lines.other_names(filled(page, "其他姓名", [("WANG", "拉丁转写")]), field="其他姓名") == (
        ("WANG", "LATIN"),
    )
    made = filled(page, "成果明细", [("一种装置", "专利", "2020", "https://example.cn/1")])
    assert lines.works(made, field="成果明细")[0][1] == "PATENT"
    assert filled(page, "研究方向", [("氧化镓", "0.6"), ("金刚石", "0.4")]) == "氧化镓:0.6;金刚石:0.4"
    assert filled(page, "可流动城市", [("南通",), ("苏州",)]) == "南通;苏州"
    assert filled(page, "同意用途", []) == ""


def test_every_part_that_has_a_list_offers_it(page: Worksheet) -> None:
    rules = [str(rule.formula1) for rule in page.data_validations.dataValidation]
    for offered in ("博士", "专利", "拉丁转写", "人岗匹配"):
        assert any(offered in each for each in rules)
    assert sum("!" in each for each in rules) == 2
