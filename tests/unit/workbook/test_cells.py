import datetime
from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalogue import load
from services.kernel.errors import InvalidArgument
from services.workbook import cells, contacts
from services.workbook.choices import AVAILABILITY, DEAL_STATE, PURPOSE, STAGE
from services.workbook.rows import RowReader
from services.workbook.sheets import SHEETS
from services.workbook.tables import Row


def reason(call: Callable[[], object]) -> str:
    with pytest.raises(InvalidArgument) as caught:
        call()
    assert caught.value.violations[0].field == "列"
    assert caught.value.text.zh
    assert caught.value.text.en
    return caught.value.reason


@pytest.mark.parametrize(
    "text",
    [
        "2026-06-30",
        "2026/6/30",
        "2026.6.30",
        "2026年6月30日",
        "2026 年 6 月 30 日",
        "２０２６年６月３０日",
        "20260630",
        "２０２６０６３０",
        "2026-06-30 00:00:00",
        "2026/6/30 0:00",
        "Jun 30, 2026",
        "June 30 2026",
        "30 Jun. 2026",
        "30-JUN-2026",
        "46203",
    ],
)
def test_dates_are_read_in_every_documented_form(text: str) -> None:
    assert cells.date(text, field="列") == datetime.date(2026, 6, 30)


@pytest.mark.parametrize(
    ("text", "why"), [("1987不详", "BAD_INTEGER"), ("19877", "OUT_OF_RANGE"), ("198713", "OUT_OF_RANGE")]
)
def test_what_is_wrong_with_a_year_of_birth_is_said_without_it(text: str, why: str) -> None:
    column = SHEETS["persons"].column("birth_year")
    reader = RowReader(SHEETS["persons"], load())
    with pytest.raises(InvalidArgument) as caught:
        reader.read(Row(2, {"birth_year": text}))
    (found,) = [each for each in caught.value.violations if each.field == column.header_zh]
    assert found.reason == why
    assert "1987" not in found.text.zh + found.text.en


@pytest.mark.parametrize(
    "text",
    [
        "30/06/2026",
        "2026-02-30",
        "20260230",
        "30062026",
        "Feb 30, 2026",
        "Juno 30, 2026",
        "2026-06-30 08:15",
        "2023/13/01",
        "长期",
        "2026-06",
        "06-30-2026",
        "9",
    ],
)
def test_other_dates_are_refused(text: str) -> None:
    assert reason(lambda: cells.date(text, field="列")) == "BAD_DATE"


@pytest.mark.parametrize(
    "text",
    [
        "1987",
        "1987年",
        "1987.7",
        "1987.10",
        "1987年3月",
        "1987-11",
        "1987/5/2",
        "１９８７．７",
        "198707",
        "19870702",
        "1987-07-02 00:00:00",
        "1987.0",
    ],
)
def test_a_year_is_read_from_a_month_or_a_day_in_it(text: str) -> None:
    assert cells.year(text, field="列", minimum=1900, maximum=2100) == 1987


@pytest.mark.parametrize("text", ["2019.7", "2019年7月", "2019-07"])
def test_a_month_is_no_date_and_is_told_that_its_day_is_missing(text: str) -> None:
    with pytest.raises(InvalidArgument, match="补上日"):
        cells.date(text, field="列")


def test_a_day_first_date_gets_a_hint_instead_of_a_guess() -> None:
    with pytest.raises(InvalidArgument, match="不猜测"):
        cells.date("30/06/2026", field="列")


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("5000000", 500_000_000),
        ("500万", 500_000_000),
        ("２,０００万元", 2_000_000_000),
        ("1.5亿", 15_000_000_000),
        ("19999999.99", 1_999_999_999),
    ],
)
def test_amounts_become_fen(text: str, fen: int) -> None:
    assert cells.amount(text, field="列") == fen


@pytest.mark.parametrize("text", ["约500", "两万五", "NaN", "1e6", "-", "USD 5", "500万美元", "0.001", "inf"])
def test_amounts_that_need_guessing_are_refused(text: str) -> None:
    assert reason(lambda: cells.amount(text, field="列")).startswith("AMOUNT_")


def test_negative_amounts_only_where_allowed() -> None:
    assert reason(lambda: cells.amount("-5", field="列")) == "OUT_OF_RANGE"
    assert cells.amount("-5", field="列", minimum=-1000) == -500


@given(st.integers(0, 10**15))
def test_amounts_written_in_yuan_and_fen_are_exact(fen: int) -> None:
    assert cells.amount(f"{fen // 100}.{fen % 100:02d}元", field="列") == fen


@pytest.mark.parametrize(("text", "number"), [("12", 12), ("１２", 12), ("1,200", 1200), ("3.0", 3)])
def test_integers(text: str, number: int) -> None:
    assert cells.integer(text, field="列") == number


@pytest.mark.parametrize("text", ["1.5", "十二", "12人", "NaN", "1e3", "1,2", "--1"])
def test_what_is_no_integer(text: str) -> None:
    assert reason(lambda: cells.integer(text, field="列")) == "BAD_INTEGER"


def test_integers_out_of_range() -> None:
    assert reason(lambda: cells.integer("-2", field="列", minimum=1)) == "OUT_OF_RANGE"


@pytest.mark.parametrize("text", ["20%", "0.2", "1/5", "２０％", "20.00 %"])
def test_ratios_are_exact(text: str) -> None:
    assert cells.ratio(text, field="列") == Fraction(1, 5)


@pytest.mark.parametrize("text", ["20", "120%", "-0.1", "1/0", "nan", "20%%"])
def test_what_is_no_ratio(text: str) -> None:
    assert reason(lambda: cells.ratio(text, field="列")) == "BAD_RATIO"


def test_choices_by_code_label_alias_and_width() -> None:
    assert cells.choice("半年内", field="列", choices=AVAILABILITY) == "HALF_YEAR"
    assert cells.choice("early_growth", field="列", choices=STAGE) == "EARLY_GROWTH"
    assert cells.choice("Due Diligence", field="列", choices=DEAL_STATE) == "DUE_DILIGENCE"
    assert cells.choice("统计", field="列", choices=PURPOSE) == "statistics"
    assert cells.choices("数据统计；人岗匹配;数据统计", field="列", choices=PURPOSE) == (
        "statistics",
        "match-position",
    )
    assert reason(lambda: cells.choice("马上", field="列", choices=AVAILABILITY)) == "UNKNOWN_CHOICE"
    assert cells.yes_no("是", field="列") is True
    assert cells.yes_no("FALSE", field="列") is False


def test_identifiers_damaged_by_excel() -> None:
    assert reason(lambda: contacts.id_number("3.20102E+17", field="列")) == "EXCEL_DAMAGED_NUMBER"
    assert reason(lambda: cells.identifier("1.38E+10", field="列")) == "EXCEL_DAMAGED_NUMBER"
    assert reason(lambda: contacts.uscc("9.132E+17", field="列")) == "EXCEL_DAMAGED_NUMBER"


def test_contacts() -> None:
    assert contacts.phone("+86 100 0000 0001", field="列") == "+8610000000001"
    assert reason(lambda: contacts.phone("打办公室", field="列")) == "BAD_PHONE"
    assert contacts.email("a@b.invalid", field="列") == "a@b.invalid"
    assert reason(lambda: contacts.email("a@b", field="列")) == "BAD_EMAIL"
    assert contacts.id_number("11010519491231002x", field="列") == "11010519491231002X"
    assert reason(lambda: contacts.id_number("110105194912310021", field="列")) == "BAD_ID_NUMBER"


@pytest.mark.parametrize(
    "mobile", ["138 1234 5679", "１３８１２３４５６７９", "138-1234-5679", "+86 13812345679"]
)
def test_a_mobile_number_is_read_as_people_write_it(mobile: str) -> None:
    assert contacts.phone(mobile, field="列").replace("-", "").endswith("13812345679")


@pytest.mark.parametrize("cut", ["1381234567", "138 1234 567", "138123456790"])
def test_a_mobile_number_with_a_digit_too_few_or_too_many_is_refused(cut: str) -> None:
    assert reason(lambda: contacts.phone(cut, field="列")) == "BAD_PHONE"
    assert contacts.phone("10086", field="列") == "10086"


def test_a_document_number_is_never_repeated_in_a_message() -> None:
    with pytest.raises(InvalidArgument) as caught:
        contacts.id_number("110105194912310021", field="列")
    assert "110105194912310021" not in str(caught.value)
