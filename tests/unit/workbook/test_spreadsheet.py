"""XLSX files as they are streamed: the same cells as another reader sees, in memory that does not grow."""

import io
import random
import re
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from services.kernel.errors import InvalidArgument
from services.workbook import parts, shared_strings
from services.workbook.cleaning import as_text
from services.workbook.number_formats import MOMENT, NUMBER, SPAN, kind_of, text_of
from services.workbook.reading import open_workbook
from services.workbook.spreadsheet import Spreadsheet
from services.workbook.tables import Limits, RawRow
from tests.unit.workbook.office_files import HEADER, ROW, sheet_of, workbook

DAYS = st.dates(date(1900, 3, 1), date(2199, 1, 1))
MOMENTS = st.builds(datetime.combine, DAYS, st.times().map(lambda at: at.replace(microsecond=0)))
CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**14), 10**14),
    st.decimals(-1_000_000, 1_000_000, places=3).map(float),
    MOMENTS,
    DAYS,
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn", "Co")), max_size=12).filter(
        lambda text: not text.startswith("=") and not re.search("_x[0-9A-Fa-f]{4}_", text)
    ),
)


def rows_of(data: bytes, title: str = "人才") -> list[RawRow]:
    return list(Spreadsheet(io.BytesIO(data), len(data), Limits()).rows(title))


def shared_texts(lines: list[list[Any]]) -> bytes:
    """A workbook whose texts stand apart from its sheet."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        page = book.add_worksheet("人才")
        formats = {
            datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
            date: book.add_format({"num_format": 'yyyy"年"m"月"d"日"'}),
        }
        for row, line in enumerate(lines):
            for column, value in enumerate(line):
                if type(value) in formats:
                    page.write_datetime(row, column, value, formats[type(value)])
                elif isinstance(value, str):
                    page.write_string(row, column, value)
                else:
                    page.write(row, column, value)
    return buffer.getvalue()


def changed(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name == part else content)
    return buffer.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=1, max_size=6), min_size=1, max_size=5))
def test_another_reader_sees_the_same_cells(lines: list[list[Any]]) -> None:
    data = shared_texts(lines)
    other = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name("人才")
    expected = {
        (row, column): text
        for row, line in enumerate(other.to_python(skip_empty_area=False), 1)
        for column, value in enumerate(line, 1)
        if (text := value if isinstance(value, str) else as_text(value))
    }
    found = {
        (row.number, column): text
        for row in rows_of(data)
        for column, text in enumerate(row.values, 1)
        if text
    }
    assert found == expected


def test_rich_texts_readings_and_escaped_characters_are_what_is_read_on_the_screen() -> None:
    sheet = '<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>9</v></c></row>'
    data = changed(shared_texts([["甲"]]), SHEET, lambda old: re.sub(b"<row.*</row>", sheet.encode(), old))
    strings = (
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        "<si><r><t>王</t></r><r><t>宁</t></r><rPh><t>wangning</t></rPh></si><si><t>一_x000D_二</t></si></sst>"
    )
    [row] = rows_of(changed(data, "xl/sharedStrings.xml", lambda _: strings.encode()))
    assert row.values == ["王宁", "一\r二", ""]


def test_inline_texts_prefixes_and_cells_without_references() -> None:
    sheet = (
        '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData><x:row>'
        '<x:c t="inlineStr"><x:is><x:t>甲</x:t></x:is></x:c><x:c><x:v>7</x:v></x:c><x:c r="E1"><x:v>9</x:v></x:c>'
        "</x:row></x:sheetData></x:worksheet>"
    )
    [row] = rows_of(changed(workbook(sheet_of(["甲"])), SHEET, lambda _: sheet.encode()))
    assert (row.number, list(row.values)) == (1, ["甲", "7", "", "", "9"])


def test_an_error_of_a_formula_spoils_its_row_by_the_name_of_the_cell() -> None:
    data = workbook(sheet_of(HEADER.split(","), ROW.split(","), ["p-2", "#REF!"]))
    table = open_workbook(io.BytesIO(data), filename="a.xlsx").tables["persons"]
    good, bad = table.rows
    assert not good.problems
    assert [(each.field, each.reason) for each in bad.problems] == [("B3", "CELL_ERROR")]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ('yyyy"年"m"月"d"日"', MOMENT),
        ("[$-409]d/mmm/yy", MOMENT),
        ("h:mm", MOMENT),
        ("[h]:mm", SPAN),
        ('#,##0.00"元"', NUMBER),
        ('0"days"', NUMBER),
        ("[Red]0.0", NUMBER),
        ("General", NUMBER),
    ],
)
def test_a_format_says_what_a_number_is(code: str, kind: str) -> None:
    assert kind_of(code) == kind


@pytest.mark.parametrize(
    ("serial", "kind", "since_1904", "text"),
    [
        (45231, MOMENT, False, "2023-11-01"),
        (43769, MOMENT, True, "2023-11-01"),
        (1, MOMENT, False, "1900-01-01"),
        (61, MOMENT, False, "1900-03-01"),
        (45231.5, MOMENT, False, "2023-11-01 12:00:00"),
        (0.25, MOMENT, False, "06:00:00"),
        (1.25, SPAN, False, "1 day, 6:00:00"),
        (-5, MOMENT, False, "-5"),
        (1e9, MOMENT, False, "1000000000"),
        (0.2, NUMBER, False, "0.2"),
    ],
)
def test_days_are_counted_from_either_epoch(serial: float, kind: str, since_1904: bool, text: str) -> None:
    assert text_of(serial, kind, since_1904=since_1904) == text


def test_a_workbook_of_1904_is_read_by_its_epoch() -> None:
    book = sheet_of([date(2026, 6, 30), time(8, 30), timedelta(hours=30)])
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    assert rows_of(workbook(book))[0].values[0] == "2026-06-30"


def test_a_row_that_holds_more_than_any_spreadsheet_writes_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(parts, "_MOST_AT_ONCE", 1_000)
    endless = b'<row r="1">' + b"<c><v>1</v></c>" * 20_000
    data = changed(
        workbook(sheet_of(["甲"])), SHEET, lambda old: old.replace(b"<sheetData>", b"<sheetData>" + endless)
    )
    with pytest.raises(InvalidArgument) as caught:
        rows_of(data)
    assert caught.value.reason == "SHEET_TOO_LARGE"


def test_memory_does_not_grow_with_the_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_strings, "_IN_MEMORY", 1)
    chance = random.Random(1)

    def peak(count: int) -> int:
        data = shared_texts([[f"{chance.getrandbits(900):x}", n, n / 7] for n in range(count)])
        file = io.BytesIO(data)
        tracemalloc.start()
        rows = Spreadsheet(file, len(data), Limits()).rows("人才")
        assert sum(1 for _ in rows) == count
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    small, large = peak(2_000), peak(4_000)
    assert large < small + 200_000, (small, large)
