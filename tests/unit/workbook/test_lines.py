"""Cells with several items, one on each line."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kernel.errors import InvalidArgument
from services.workbook import lines

_PART = st.text(
    st.characters(exclude_characters="|｜", exclude_categories=["Cc", "Cs", "Zl", "Zp", "Zs"]), min_size=1
)


def test_every_form_is_read_with_what_may_be_left_out() -> None:
    assert lines.other_names("WANG Xiaoming | 拉丁转写\n王小明", field="其他姓名") == (
        ("WANG Xiaoming", "LATIN"),
        ("王小明", "ALTERNATIVE"),
    )
    assert lines.affiliations("演示院｜研究员｜2018-09｜2021-02\n\n演示大学", field="任职经历") == (
        ("演示院", "研究员", date(2018, 9, 1), date(2021, 2, 28)),
        ("演示大学", "", None, None),
    )
    assert lines.education("演示大学 | 博士 | | 2012", field="教育经历") == (
        ("演示大学", "DOCTOR", "", 2012),
    )
    assert lines.works("一种装置 | 专利 | 2020 | https://example.cn/1", field="成果明细") == (
        ("一种装置", "PATENT", 2020, "https://example.cn/1"),
    )


@pytest.mark.parametrize(
    ("read", "cell", "reason"),
    [
        (lines.other_names, "| 曾用名", "BAD_LINE"),
        (lines.other_names, "王 | 曾用名 | 多余", "BAD_LINE"),
        (lines.other_names, "王 | 外号", "UNKNOWN_CHOICE"),
        (lines.affiliations, "演示院 | 研究员 | 去年", "BAD_DATE"),
        (lines.affiliations, "演示院 | 研究员 | 2018-13", "BAD_DATE"),
        (lines.education, "演示大学 | 院士", "UNKNOWN_CHOICE"),
        (lines.education, "演示大学 | 博士 | 材料 | 二〇一二", "BAD_INTEGER"),
        (lines.works, "一种装置 | 专利 | 1820", "OUT_OF_RANGE"),
    ],
)
def test_a_line_that_cannot_be_read_names_the_column_and_the_form(read, cell, reason) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InvalidArgument) as caught:
        read(cell, field="某列")
    (violation,) = caught.value.violations
    assert (violation.field, violation.reason) == ("某列", reason)
    assert violation.text.zh
    assert violation.text.en


def test_every_wrong_line_is_named_with_what_may_have_been_meant() -> None:
    with pytest.raises(InvalidArgument) as caught:
        lines.education("演示大学 | 博土\n另一大学 | 学士\n | 硕士", field="教育经历")
    first, second = caught.value.violations
    assert first.text.zh.startswith("第1行：")
    assert first.text.zh.endswith("您是否要填：博士？")
    assert "did you mean Doctor" in first.text.en
    assert second.text.en.startswith("line 3: ")
    with pytest.raises(InvalidArgument) as many:
        lines.other_names("| 曾用名\n" * 500, field="其他姓名")
    assert len(many.value.violations) == 10


@given(
    st.lists(st.tuples(_PART, st.sampled_from(["专利", "论文"]), st.integers(1949, 2026), _PART), max_size=5)
)
def test_what_is_written_is_read_again(items: list[tuple[str, str, int, str]]) -> None:
    cell = lines.written([(title, kind, str(year), link) for title, kind, year, link in items])
    read = lines.works(cell, field="成果明细")
    codes = {"专利": "PATENT", "论文": "PAPER"}
    assert read == tuple((title, codes[kind], year, link) for title, kind, year, link in items)
