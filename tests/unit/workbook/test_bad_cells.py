"""Cells as people write them: dates, numbers, amounts, formulas, numbers that a program damaged."""

import csv
import datetime
import io

import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from services.catalogue import load
from services.kernel.errors import InvalidArgument
from services.workbook import cells
from services.workbook.rows import RowReader
from services.workbook.sheets import SHEETS
from services.workbook.tables import Row
from tests.unit.workbook.office_files import HEADER, ROW, persons, read, sheet_of, workbook


def row_of(**changes: str) -> Row:
    return Row(2, {**persons(f"{HEADER}\n{ROW}").rows[0].cells, **changes})


def problems(sheet: str = "persons", **given: str) -> set[str]:
    """Rules that a row with these cells breaks, beside what it lacks."""
    with pytest.raises(InvalidArgument) as caught:
        RowReader(SHEETS[sheet], load()).read(Row(2, given))
    return {each.reason for each in caught.value.violations} - {"REQUIRED"}


FORMULAS = ["=cmd|' /C calc'!A0", '=HYPERLINK("http://a")', "+cmd|x", "-2+3+cmd", "@SUM(A1)", "＝1", "＋1+a"]


@pytest.mark.parametrize("text", FORMULAS)
def test_48_a_formula_is_kept_as_text_and_flagged(text: str) -> None:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(["p-1", text, "", "", "", "", ""])
    row = persons(f"{HEADER}\n{buffer.getvalue()}").rows[0]
    assert row.cells["name"] == text
    assert [each.reason for each in row.warnings] == ["FORMULA_AS_TEXT"]


@pytest.mark.parametrize("text", ["+8613800000000", "-5", "-3万元", "-"])
def test_48_signed_numbers_and_telephones_are_no_formulas(text: str) -> None:
    assert persons(f"{HEADER}\np-1,{text},,,,,").rows[0].warnings == ()


def test_53_dates_as_serials_in_both_epochs_and_in_words() -> None:
    day = datetime.date(2023, 11, 6)
    for written in ("45236", "2023-11-06", "2023/11/6", "2023年11月6日", "２０２３-１１-０６", "20231106"):
        assert RowReader(SHEETS["persons"], load()).read(row_of(observed=written))["observed"] == day
    for epoch in (None, CALENDAR_MAC_1904):
        book = sheet_of(HEADER.split(","), [*ROW.split(",")[:-1], day])
        if epoch:
            book.epoch = epoch
        assert read(workbook(book), "a.xlsx").tables["persons"].rows[0].cells["observed"] == "2023-11-06"


@pytest.mark.parametrize(
    "written", ["2023/13/01", "1900-02-29", "长期", "06/11/2023", "20231306", "99999999"]
)
def test_53_dates_outside_the_documented_set(written: str) -> None:
    assert problems(observed=written) == {"BAD_DATE"}


@pytest.mark.parametrize(("written", "value"), [("1,000.00", 1000), ("１００", 100), ("12", 12), ("7.0", 7)])
def test_54_numbers_as_people_write_them(written: str, value: int) -> None:
    row = {"ref": "j-1", "title": "a", "employer": "b", "city": "苏州", "direction": "氧化镓"}
    rest = {"category": "卓越工程师", "opened": "2026-01-01", "headcount": written}
    assert RowReader(SHEETS["positions"], load()).read(Row(2, {**row, **rest}))["headcount"] == value


@pytest.mark.parametrize("written", ["1e6", "NaN", "约500", "-", "五百", "1/2", "inf"])
def test_54_numbers_that_are_none(written: str) -> None:
    assert problems("positions", headcount=written) == {"BAD_INTEGER"}


@pytest.mark.parametrize("written", ["500万元", "5,000,000", "５００万", "500.00万元"])
def test_54_amounts_with_their_units(written: str) -> None:
    assert cells.amount(written, field="金额") == 500_000_000


@pytest.mark.parametrize("written", ["NaN", "约500", "-", "1e6元"])
def test_54_amounts_that_are_none(written: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        cells.amount(written, field="金额")
    assert caught.value.reason == "AMOUNT_NOT_UNDERSTOOD"


@pytest.mark.parametrize("written", ["-1", "0", "100001"])
def test_55_heads_below_one_or_beyond_the_limit(written: str) -> None:
    assert problems("positions", headcount=written) == {"OUT_OF_RANGE"}


def test_55_an_unknown_currency() -> None:
    with pytest.raises(InvalidArgument):
        cells.amount("500 USD", field="金额")


@pytest.mark.parametrize("written", ["3.20102E+17", "3.2E17"])
def test_57_a_number_that_excel_damaged(written: str) -> None:
    assert problems(id_number=written) == {"EXCEL_DAMAGED_NUMBER"}


def test_57_a_number_that_excel_stored_as_a_number() -> None:
    header = [*HEADER.split(","), "证件号码"]
    data = workbook(sheet_of(header, [*ROW.split(","), 320102199001011234]))
    read_cells = read(data, "a.xlsx").tables["persons"].rows[0].cells
    assert problems(id_number=read_cells["id_number"]) == {"EXCEL_DAMAGED_NUMBER"}


def test_53_a_day_in_the_future_is_told_with_what_else_is_wrong_and_left_to_the_domain_alone() -> None:
    today = datetime.date(2026, 5, 1)
    reader = RowReader(SHEETS["persons"], load())
    ahead = row_of(observed="2026-05-02")
    assert reader.read(ahead, today)["observed"] == datetime.date(2026, 5, 2)
    for said, wrong in (("2026-05-02", {"DATE_IN_FUTURE"}), ("2026-05-01", set[str]())):
        with pytest.raises(InvalidArgument) as caught:
            reader.read(row_of(observed=said, email="nowhere"), today)
        assert {each.reason for each in caught.value.violations} == {"BAD_EMAIL"} | wrong
