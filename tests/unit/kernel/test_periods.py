"""Quarters as people write them."""

from datetime import date

import pytest

from services.kernel.errors import InvalidArgument
from services.kernel.periods import period_code, quarter_code


@pytest.mark.parametrize(
    "written",
    [
        "2026Q3",
        "2026q3",
        " 2026 Q3 ",
        "2026-Q3",
        "2026/Q3",
        "２０２６Ｑ３",
        "2026年Q3",
        "2026年三季度",
        "2026年第三季度",
        "2026年第3季度",
        "2026 年 3 季度",
        "2026年度第三季度",
        "2026三季度",
        "2026第三季度",
        "2026年3季",
        "Q3 2026",
        "Q3/2026",
    ],
)
def test_a_quarter_has_one_code_however_it_is_written(written: str) -> None:
    assert period_code(written, "quarter") == "2026Q3"


@pytest.mark.parametrize(
    ("written", "code"),
    [("2026年6月", "2026-06"), ("2026年12月份", "2026-12"), ("2025年", "2025"), ("2025年度", "2025")],
)
def test_so_have_months_and_years(written: str, code: str) -> None:
    assert period_code(written, "period") == code


@pytest.mark.parametrize(
    ("written", "example"),
    [
        ("26年三季度", "2026Q3"),
        ("26Q1", "2026Q1"),
        ("三季度", "2026Q3"),
        ("第3季度", "2026Q3"),
        ("Q3", "2026Q3"),
    ],
)
def test_a_quarter_without_its_year_is_refused_with_what_to_write(written: str, example: str) -> None:
    with pytest.raises(InvalidArgument) as refused:
        period_code(written, "quarter")
    [violation] = refused.value.violations
    assert (violation.field, violation.reason) == ("quarter", "PERIOD_WITHOUT_YEAR")
    assert written in violation.text.zh
    assert example in violation.text.zh
    assert example in violation.text.en


@pytest.mark.parametrize(
    "written", ["", "2026", "2026-06", "2026Q5", "2026年5季度", "2026H1", "026Q3", "去年三季度"]
)
def test_what_is_none_is_left_to_whoever_takes_it(written: str) -> None:
    assert period_code(written, "quarter") == written


@pytest.mark.parametrize(
    ("day", "code"),
    [(date(2026, 1, 1), "2026Q1"), (date(2026, 3, 31), "2026Q1"), (date(2026, 12, 31), "2026Q4")],
)
def test_a_day_lies_in_the_quarter_whose_code_it_has(day: date, code: str) -> None:
    assert quarter_code(day) == code
