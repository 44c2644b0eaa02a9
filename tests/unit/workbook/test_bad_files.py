"""Files as they come from offices: what is understood, what is asked about, and what is refused with its place."""

import csv
import datetime
import io
import tracemalloc
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from services.catalogue import load
from services.kernel.errors import InvalidArgument
from services.workbook import cells
from services.workbook.duplicates import SeenRows, find_duplicates
from services.workbook.reading import open_workbook, read_workbook
from services.workbook.rows import RowReader
from services.workbook.sheets import SHEETS
from services.workbook.tables import Limits, Row, Table, Workbook

HEADER = "编号,姓名,人才类别,所在城市,到岗意愿,研究方向,记录日期"
ROW = "p-1,王宁,卓越工程师,苏州,随时,氧化镓,2026-06-30"
TRADITIONAL = """編號,姓名,人才類別,所在城市,到崗意願,研究方向,記錄日期
p-1,陳寧,卓越工程師,蘇州,隨時,氧化鎵,2026-06-30
"""
ENGLISH = "Ref,Name,Category,City,Availability,Directions,Observed\n"


def read(data: str | bytes, filename: str = "persons.csv", **options: object) -> Workbook:
    content = data.encode() if isinstance(data, str) else data
    return read_workbook(content, filename=filename, **options)  # type: ignore[arg-type]


def persons(data: str | bytes, **options: object) -> Table:
    return read(data, **options).tables["persons"]


def stated(data: bytes, encoding: str) -> Workbook:
    opened = open_workbook(io.BytesIO(data), filename="persons.csv", encoding=encoding)
    table = opened.tables["persons"]
    return Workbook(
        {"persons": Table("persons", table.columns, list(table.rows))}, opened.form, opened.encoding
    )


def refusal(data: str | bytes, **options: object) -> InvalidArgument:
    with pytest.raises(InvalidArgument) as caught:
        read(data, **options)
    return caught.value


def row_of(**changes: str) -> Row:
    return Row(2, {**persons(f"{HEADER}\n{ROW}").rows[0].cells, **changes})


def problems(sheet: str = "persons", **given: str) -> set[str]:
    """Rules that a row with these cells breaks, beside what it lacks."""
    with pytest.raises(InvalidArgument) as caught:
        RowReader(SHEETS[sheet], load()).read(Row(2, given))
    return {each.reason for each in caught.value.violations} - {"REQUIRED"}


def workbook(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def sheet_of(*rows: list[object], title: str = "人才") -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = title
    for row in rows:
        page.append(row)
    return book


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
        ("utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
def test_41_the_encoding_is_found_and_stated(encoding: str, found: str) -> None:
    book = read(f"{HEADER}\n{ROW}\n".encode(encoding))
    assert (book.encoding, book.tables["persons"].rows[0].cells["name"]) == (found, "王宁")


def test_41_big5_is_asked_about_and_read_when_stated() -> None:
    data = TRADITIONAL.encode("big5")
    error = refusal(data)
    assert error.reason == "ENCODING_QUESTION"
    assert "big5" in error.text.en
    assert stated(data, "big5").tables["persons"].rows[0].cells["name"] == "陳寧"


def test_41_shift_jis_is_asked_about_and_read_when_stated() -> None:
    header = "編號,姓名,人才類別,所在城市,研究方向,Availability,Observed\n"
    data = f"{header}p-1,山田,卓越,蘇州,水素,NOW,2026-06-30\n".encode("cp932")
    error = refusal(data)
    assert error.reason == "ENCODING_QUESTION"
    assert "shift-jis" in error.text.en
    assert stated(data, "shift-jis").tables["persons"].rows[0].cells["name"] == "山田"


def test_41_english_headers_do_not_hide_big5_content() -> None:
    text = ENGLISH + "p-1,陳寧,卓越工程師,蘇州,隨時,氧化鎵與儲氫材料之製備技術,2026-06-30\n"
    assert refusal(text.encode("big5")).reason == "ENCODING_QUESTION"
    for name in ("王宁", "欧阳演示", "諸葛孔明", "𠮷野"):
        assert read((ENGLISH + ROW.replace("王宁", name) + "\n").encode("gb18030")).encoding == "gb18030"


def test_41_an_encoding_that_nobody_knows() -> None:
    with pytest.raises(InvalidArgument) as caught:
        stated(b"x", "klingon")
    assert caught.value.reason == "UNKNOWN_ENCODING"


def test_42_a_bad_byte_in_row_9000_is_named_by_offset_and_line() -> None:
    good = (f"{HEADER}\n" + f"{ROW}\n" * 8_998).encode()
    error = refusal(good + b"p-9000,\xff\xfe,\n" + f"{ROW}\n".encode() * 100)
    assert error.reason == "UNDECODABLE_TEXT"
    assert f"{len(good) + 7:,}" in error.text.en
    assert "9,000" in error.text.en


def test_42_a_bad_byte_of_gb18030_behind_the_first_megabyte() -> None:
    good = (f"{HEADER}\n" + f"{ROW}\n" * 30_000).encode("gb18030")
    error = refusal(good + b"\xff\xff\n")
    assert (error.reason, f"{len(good):,}" in error.text.en) == ("UNDECODABLE_TEXT", True)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|", "，"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_43_separators_and_line_ends(separator: str, end: str) -> None:
    book = read(f"{HEADER}{end}{ROW}{end}{ROW.replace('p-1', 'p-2')}".replace(",", separator))
    assert [row.cells["ref"] for row in book.tables["persons"].rows] == ["p-1", "p-2"]
    assert book.separator == separator


def test_43_mixed_line_ends_and_no_last_one() -> None:
    text = f"{HEADER}\r\n{ROW}\r{ROW.replace('p-1', 'p-2')}\n{ROW.replace('p-1', 'p-3')}"
    assert [(row.number, row.cells["ref"]) for row in persons(text).rows] == [
        (2, "p-1"),
        (3, "p-2"),
        (4, "p-3"),
    ]


def test_43_a_lone_quote_spoils_its_row_only() -> None:
    table = persons(f'{HEADER}\np-0,"王"宁,,,,,\n{ROW}')
    assert [[each.reason for each in row.problems] for row in table.rows] == [["BAD_CSV_ROW"], []]


def test_43_a_quote_across_ten_thousand_lines_names_its_row() -> None:
    table = persons(f'{HEADER}\n{ROW}\np-2,"王宁,,,,\n' + f"{ROW}\n" * 10_000)
    assert [each.reason for each in table.rows[1].problems] == ["FIELD_TOO_LONG"]
    assert table.rows[1].number == 3


def test_43_a_file_that_never_breaks_its_line() -> None:
    assert refusal(b"a" * (9 * 1024 * 1024)).reason == "LINE_TOO_LONG"


def test_44_a_nul_byte_is_an_error_of_its_row() -> None:
    table = persons(f"{HEADER}\np-0,王\0宁,,,,,\n{ROW}")
    assert [[each.reason for each in row.problems] for row in table.rows] == [["CONTROL_CHARACTER"], []]


def test_45_a_field_of_200_kilobytes_is_an_error_of_its_row() -> None:
    table = persons(f"{HEADER}\np-0,{'x' * 200_000},,,,,\n{ROW}")
    assert [[each.reason for each in row.problems] for row in table.rows] == [["FIELD_TOO_LONG"], []]


@pytest.mark.parametrize(
    "header",
    [
        "记录日期,研究方向,到岗意愿,所在城市,人才类别,姓名,编号",
        "記錄日期,研究方向,到崗意願,所在城市,人才類別,姓名,編號",
        " 记录日期 ,研究方向　,到岗意愿*,所在城市（设区市）,人才类别, 姓名,编号 ",
    ],
)
def test_46_headers_are_found_by_name_in_any_order_and_script(header: str) -> None:
    line = ",".join(reversed(ROW.split(",")))
    assert persons(f"{header}\n{line}").rows[0].cells["name"] == "王宁"


def test_46_missing_renamed_and_repeated_headers_are_named() -> None:
    error = refusal("编号,姓名,姓名,城市名,到岗意愿\np-1,a,b,c,d")
    found = {(each.field, each.reason) for each in error.violations}
    assert {("姓名", "DUPLICATE_COLUMN"), ("所在城市", "COLUMN_MISSING")} <= found
    assert "城市名" in error.text.zh


def test_46_merged_header_cells_leave_a_column_missing() -> None:
    book = sheet_of(HEADER.split(","), ROW.split(","))
    book["人才"].merge_cells("B1:C1")
    error = refusal(workbook(book), filename="a.xlsx")
    assert [(each.field, each.reason) for each in error.violations] == [("人才类别", "COLUMN_MISSING")]


def test_46_no_header_at_all() -> None:
    assert refusal(f"{ROW}\n{ROW}").reason == "SHEET_MISSING"


def test_47_empty_header_only_one_column_and_too_many() -> None:
    assert refusal(b"").reason == "EMPTY_FILE"
    assert persons(HEADER).rows == []
    assert refusal("编号\np-1").reason == "SHEET_MISSING"
    assert refusal(f"{HEADER},{',' * 20_000}\n{ROW}").reason == "TOO_MANY_COLUMNS"


def test_47_more_rows_than_the_limit() -> None:
    stream = open_workbook(
        io.BytesIO(f"{HEADER}\n{ROW}\n{ROW}\n{ROW}".encode()),
        filename="persons.csv",
        limits=Limits(streamed_rows=2),
    ).tables["persons"]
    with pytest.raises(InvalidArgument) as caught:
        list(stream.rows)
    assert caught.value.reason == "TOO_MANY_ROWS"


def test_47_many_rows_are_read_in_memory_that_does_not_grow(tmp_path: Path) -> None:
    def peak(rows: int) -> int:
        path = tmp_path / f"{rows}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            file.write(f"{HEADER}\n")
            file.writelines(f"{ROW.replace('p-1', f'p-{n}')}\n" for n in range(rows))
        with path.open("rb") as file:
            tracemalloc.start()
            stream = open_workbook(file, filename=path.name).tables["persons"]
            assert sum(1 for _ in stream.rows) == rows
            most = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return most

    small, large = peak(40_000), peak(120_000)
    assert large < small + 1_000_000


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


def test_51_an_entity_in_the_sheet_is_refused_before_any_parser() -> None:
    data = workbook(sheet_of(HEADER.split(","), ROW.split(",")))
    bomb = b'<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet'
    assert refusal(_with_part(data, "xl/worksheets/sheet1.xml", b"<worksheet", bomb)).reason == "UNSAFE_XML"


def test_52_a_sheet_that_claims_a_million_rows_and_has_three_cells() -> None:
    data = workbook(sheet_of(HEADER.split(","), ROW.split(",")))
    claimed = _with_part(
        data, "xl/worksheets/sheet1.xml", b'<dimension ref="A1:G2"', b'<dimension ref="A1:XFD1048576"'
    )
    assert len(read(claimed, "a.xlsx").tables["persons"].rows) == 1


def test_53_dates_as_serials_in_both_epochs_and_in_words() -> None:
    day = datetime.date(2023, 11, 6)
    for written in ("45236", "2023-11-06", "2023/11/6", "2023年11月6日", "２０２３-１１-０６"):
        assert RowReader(SHEETS["persons"], load()).read(row_of(observed=written))["observed"] == day
    for epoch in (None, CALENDAR_MAC_1904):
        book = sheet_of(HEADER.split(","), [*ROW.split(",")[:-1], day])
        if epoch:
            book.epoch = epoch
        assert read(workbook(book), "a.xlsx").tables["persons"].rows[0].cells["observed"] == "2023-11-06"


@pytest.mark.parametrize(
    "written", ["2023/13/01", "1900-02-29", "长期", "06/11/2023", "20231106", "99999999"]
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


def test_56_the_same_row_twice_and_the_same_number_with_other_content() -> None:
    other = ROW.replace("王宁", "李宁")
    found = find_duplicates(persons(f"{HEADER}\n{ROW}\n{ROW}\n{other}\n{ROW.upper()}"))
    assert found.same == {3: 2}
    assert {row: each.reason for row, each in found.conflicting.items()} == {
        4: "DUPLICATE_REF",
        5: "DUPLICATE_REF",
    }


def test_56_repetitions_far_apart_are_found_and_name_the_first_row() -> None:
    def rows() -> Iterator[Row]:
        for number in range(2, 50_002):
            yield Row(number, {"ref": f"p-{number % 30_000}", "name": "a" if number < 40_000 else "b"})

    seen, same, conflicting = SeenRows(SHEETS["persons"]), 0, {}
    chunk: list[Row] = []
    for row in rows():
        chunk.append(row)
        if len(chunk) == 997:
            found = seen.compare(chunk)
            same += len(found.same)
            conflicting |= dict(found.conflicting)
            chunk = []
    found = seen.compare(chunk)
    same += len(found.same)
    conflicting |= dict(found.conflicting)
    assert same == 40_000 - 30_002
    assert len(conflicting) == 10_002
    assert "第10000行" in conflicting[40_000].text.zh


@pytest.mark.parametrize("written", ["3.20102E+17", "3.2E17"])
def test_57_a_number_that_excel_damaged(written: str) -> None:
    assert problems(id_number=written) == {"EXCEL_DAMAGED_NUMBER"}


def test_57_a_number_that_excel_stored_as_a_number() -> None:
    header = [*HEADER.split(","), "证件号码"]
    data = workbook(sheet_of(header, [*ROW.split(","), 320102199001011234]))
    read_cells = read(data, "a.xlsx").tables["persons"].rows[0].cells
    assert problems(id_number=read_cells["id_number"]) == {"EXCEL_DAMAGED_NUMBER"}


def test_59_hidden_sheets_are_not_read_and_hidden_rows_and_comments_are_told() -> None:
    book = sheet_of(HEADER.split(","), ROW.split(","))
    hidden = book.create_sheet("岗位")
    hidden.append(["编号", "岗位名称"])
    hidden.sheet_state = "hidden"
    page = book["人才"]
    page.row_dimensions[2].hidden = True
    page["B2"].comment = Comment("手机 13800000000", "某人")
    found = read(workbook(book), "a.xlsx")
    assert set(found.tables) == {"persons"}
    told = " ".join(each.en for each in found.warnings)
    assert "hidden sheets were not read: 岗位" in told
    assert "comments" in told
    assert "hidden rows or columns" in told
    assert "13800000000" not in told


def _with_part(data: bytes, name: str, old: bytes, new: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(buffer, "w") as target:
        for entry in source.infolist():
            content = source.read(entry)
            target.writestr(entry, content.replace(old, new, 1) if entry.filename == name else content)
    return buffer.getvalue()
