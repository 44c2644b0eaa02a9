"""Columns of a print: as wide as the page together, and no word wider than its own."""

import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from services.kernel.text import Text
from services.paper.document import Column, Section, Table
from services.paper.forms import Form
from services.paper.values import room, unbroken
from services.paper.widths import PAGE, widths
from tests.unit.paper.papers import document, file_of

GOALS = [
    "目标 实际 目标值 单位 本期新增 尚缺 每年需 每年实际 达成概率 灯 达成日 佐证（计/不计） 期限 条款",
    "建设十个未来产业科技园 0 1,000,000 吨（级） +0 1,000,000 58.9 0.0 <1% 灰（到期） — 0/0 2025-12-31 1.2",
]
POLICY = [
    "Direction_of_policy Met Met,_CNY_10,000 Share_of_the_amount Not_met Unknown No_rule Waived No_kept_run Rule",
    "hard_technology 0 0 0% 0 0 0 0 6 the_rule_set's_hard-technology_gate:_R&D,_patents,_staff,_experts",
]


def rows_of(lines: list[str]) -> list[list[str]]:
    """The rows of a table: cells between blanks, blanks of their own written low."""
    return [[cell.replace("_", " ") for cell in line.split(" ")] for line in lines]


_CELL = st.text(st.sampled_from("ab 氢能★"), max_size=60)


def letters(found: float, size: float, inset: float) -> float:
    """How many Latin letters a column so wide holds."""
    return (found - 2 * inset) / (size * 0.5)


@pytest.mark.parametrize("lines", [GOALS, POLICY], ids=["goals", "policy"])
def test_every_word_has_a_column_as_wide_as_itself(lines: list[str]) -> None:
    rows = rows_of(lines)
    laid = widths(rows)
    for column, width in zip(zip(*rows, strict=True), laid.columns, strict=True):
        assert letters(width, laid.size, laid.inset) >= max(unbroken(each) for each in column), column


@given(
    st.integers(1, 16).flatmap(
        lambda n: st.lists(st.lists(_CELL, min_size=n, max_size=n), min_size=1, max_size=5)
    )
)
def test_columns_are_as_wide_as_the_page_together(rows: list[list[str]]) -> None:
    laid = widths(rows)
    assert sum(laid.columns) == pytest.approx(PAGE)
    assert min(laid.columns) > 2 * laid.inset


def test_many_columns_of_few_letters_are_set_as_large_as_few_columns() -> None:
    few = widths([["名"] * 8, ["氢能"] * 8])
    assert widths([["名"] * 12, ["氢能"] * 12]).size == few.size
    assert widths([["名"] * 12, ["紧缺人才图谱"] * 12]).size < few.size


def test_what_is_left_goes_to_the_first() -> None:
    laid = widths([["item", "count"], ["deals", "1"]])
    assert laid.size == 8
    assert laid.columns[0] > 0.9 * PAGE


def test_a_short_name_of_a_row_stands_on_one_line() -> None:
    head = "用途 发布 季度 次 统计时间 单元格 不显示 内容摘要（前_16_位）"
    name = f"shortageReleases/{'x' * 26}"
    row = f"上期（修订后） {name} 2025Q4 1 2026-11-30_21:54 2,658 662 cd212a7a7a1e9630"
    laid = widths(rows_of([head, row]))
    assert letters(laid.columns[0], laid.size, laid.inset) > room("上期（修订后）")


def test_short_texts_stand_on_one_line_before_long_ones_get_what_is_left() -> None:
    long = "常州新型储能未来产业技术研究院培育方案" * 2
    laid = widths(rows_of(["目标 佐证 设区市 文件", f"平台载体 {long} 连云港市 {long}"]))
    assert letters(laid.columns[2], laid.size, laid.inset) > room("连云港市")


def test_a_long_table_of_many_lines_is_set_smaller_and_a_short_one_is_not() -> None:
    head = "Goal Counted_to Record Source_number City Opened,_in_post_or_approved Document Confirmed_by"
    row = (
        "Carrier 2025-12-31 常州新型储能未来产业技术研究院(演示) DEMO-E0003 Changzhou 2025-10-16 "
        "批复文件_DEMO-0003(演示) Provincial_Department_of_Industry_and_Information_Technology"
    )
    short, long = (widths(rows_of([head, *[row] * count])) for count in (5, 50))
    assert long.size < short.size
    assert widths(rows_of(["名 数", *["氢能 1"] * 50])).size == short.size


def test_a_star_is_as_wide_as_a_chinese_character() -> None:
    assert room("★★★★?") == 9
    assert room("氢能A") == 5


def test_words_of_a_printed_row_do_not_lie_over_each_other() -> None:
    head, *values = rows_of(POLICY)
    table = Table(
        "t",
        Text("表", "table"),
        tuple(Column(Text(each, each)) for each in head),
        tuple(tuple(row) for row in values),
        Text("无", "none"),
    )
    made = replace(document(), sections=(Section("s", Text("节", "section"), (), (), (table,)),))
    began: dict[str, float] = {}

    def see(text: str, placed: list[float], at: list[float], *_: object) -> None:
        began.setdefault(text.strip(), placed[4] + at[4] * placed[0])

    for page in PdfReader(io.BytesIO(file_of(Form.PDF, "en", made))).pages:
        page.extract_text(visitor_text=see)
    policy = began["Direction of policy"]
    assert began["Met"] - policy > 60
    assert began["Unknown"] - began["Met"] > 60
