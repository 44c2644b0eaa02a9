import csv
import io
from collections.abc import Callable

import pytest

from services.catalogue import load
from services.kernel.errors import InvalidArgument
from services.workbook.duplicates import find_duplicates
from services.workbook.reading import read_workbook
from services.workbook.rows import RowReader
from services.workbook.sheets import SHEETS
from services.workbook.tables import Limits, Row, Table, Workbook

HEADER = "编号*,姓名*,人才类别*,所在城市*,到岗意愿*,研究方向*,记录日期*"
ROW = "p-1,王宁,卓越工程师,苏州,随时,氧化镓,2026-06-30"


def read(text: str | bytes, **options: object) -> Workbook:
    data = text.encode() if isinstance(text, str) else text
    return read_workbook(data, filename="persons.csv", **options)  # type: ignore[arg-type]


def persons(text: str | bytes) -> Table:
    return read(text).tables["persons"]


def refused(call: Callable[[], object]) -> InvalidArgument:
    with pytest.raises(InvalidArgument) as caught:
        call()
    return caught.value


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
        ("utf-16", "utf-16-le"),
    ],
)
def test_encodings_are_found_and_named(encoding: str, name: str) -> None:
    book = read(f"{HEADER}\n{ROW}\n".encode(encoding))
    assert book.encoding == name
    assert book.tables["persons"].rows[0].cells["name"] == "王宁"


def test_a_bad_byte_in_a_utf8_file_is_named_not_guessed() -> None:
    data = f"{HEADER}\n{ROW}\n".encode() * 1 + b"p-2,\xff\xfe"
    error = refused(lambda: read(data))
    assert error.reason == "UNDECODABLE_TEXT"
    assert f"{len(data) - 2:,}" in error.text.zh


@pytest.mark.parametrize("separator", [",", ";", "\t", "|", "，", "；"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends(separator: str, line_end: str) -> None:
    text = f"{HEADER}{line_end}{ROW}".replace(",", separator)
    assert persons(text).rows[0].cells["observed"] == "2026-06-30"


@pytest.mark.parametrize(
    "header",
    [
        "ref,name,category,city,availability,directions,observed",
        "Ref , NAME,Category,City,Availability,Directions,Observed",
        "編號,姓名,人才類別,所在城市,到崗意願,研究方向,記錄日期",
        "编号（必填）,姓 名,人才类别＊,所在城市,到岗意愿,研究方向,记录日期",
        '"编号*\nRef","姓名*\nName",人才类别,所在城市,到岗意愿,研究方向,记录日期',
    ],
)
def test_columns_are_found_by_name(header: str) -> None:
    assert persons(f"{header}\n{ROW}").rows[0].cells["city"] == "苏州"


def test_columns_may_stand_in_any_order_below_a_cover_line() -> None:
    names, values = HEADER.split(",")[::-1], ROW.split(",")[::-1]
    table = persons(f"演示数据 SYNTHETIC\n\n{','.join(names)}\n{','.join(values)}\n")
    assert table.rows[0].cells["ref"] == "p-1"
    assert table.rows[0].number == 4


def test_missing_and_doubled_columns_are_all_named() -> None:
    error = refused(lambda: read("编号,姓名,姓名,城市名\np-1,a,b,c"))
    reasons = {(v.field, v.reason) for v in error.violations}
    assert ("姓名", "DUPLICATE_COLUMN") in reasons
    assert ("所在城市", "COLUMN_MISSING") in reasons
    assert "城市名" in error.text.zh


def test_an_absent_column_differs_from_an_empty_cell() -> None:
    table = persons(f"{HEADER},手机\n{ROW},")
    assert "phone" in table.columns
    assert table.rows[0].cells["phone"] == ""
    assert "email" not in table.columns
    assert "email" not in table.rows[0].cells


def test_unknown_columns_are_ignored_with_a_remark() -> None:
    assert "星座" in persons(f"{HEADER},星座\n{ROW},狮子").warnings[0].zh


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b" \r\n \n"])
def test_empty_files(data: bytes) -> None:
    assert refused(lambda: read(data)).reason == "EMPTY_FILE"


def test_files_without_a_known_sheet() -> None:
    assert refused(lambda: read("颜色,大小\n红,1")).reason == "SHEET_MISSING"
    assert refused(lambda: read(f"{HEADER}\n{ROW}", sheet="deals")).reason == "SHEET_MISSING"
    assert persons(HEADER).rows == []


def test_the_number_of_rows_is_bounded() -> None:
    text = HEADER + f"\n{ROW}" * 5
    assert refused(lambda: read(text, limits=Limits(rows=4))).reason == "TOO_MANY_ROWS"
    assert len(persons(text).rows) == 5


def test_a_huge_field_spoils_its_row_only() -> None:
    table = persons(f"{HEADER}\np-0,{'长' * 140_000},,,,,\n{ROW}")
    assert [v.reason for v in table.rows[0].problems] == ["FIELD_TOO_LONG"]
    assert table.rows[1].cells["name"] == "王宁"


def test_a_stray_quote_and_control_characters_spoil_their_rows_only() -> None:
    table = persons(f'{HEADER}\np-0,"王"宁,,,,,\np-1,王\0宁,,,,,\np-2,王\u202e宁,,,,,\n{ROW}')
    assert [[v.reason for v in row.problems] for row in table.rows] == [
        ["BAD_CSV_ROW"],
        ["CONTROL_CHARACTER"],
        ["CONTROL_CHARACTER"],
        [],
    ]


def test_a_formula_is_taken_as_text_with_a_remark() -> None:
    row = persons(f'{HEADER}\np-1,"=HYPERLINK(""http://a"")",,,,,').rows[0]
    assert row.cells["name"] == '=HYPERLINK("http://a")'
    assert [v.reason for v in row.warnings] == ["FORMULA_AS_TEXT"]


def test_invisible_characters_and_composed_forms_are_normalised() -> None:
    assert persons(f"{HEADER}\n\u200b p-1 ,Jose\u0301,,,,,").rows[0].cells["name"] == "José"
    assert persons(f"{HEADER}\n\u200b p-1 ,Jose\u0301,,,,,").rows[0].cells["ref"] == "p-1"


def test_a_row_becomes_typed_values_or_all_its_violations() -> None:
    reader = RowReader(SHEETS["persons"], load())
    values = reader.read(persons(f"{HEADER}\n{ROW}").rows[0])
    assert values["directions"] == {"ga2o3": 1}
    assert values["city"] == "suzhou"
    assert values["purposes"] == ()
    wrong = Row(2, {"ref": "p-1", "city": "苏洲", "observed": "30/06/2026"})
    reasons = {(v.field, v.reason) for v in refused(lambda: reader.read(wrong)).violations}
    assert reasons == {
        ("姓名", "REQUIRED"),
        ("人才类别", "REQUIRED"),
        ("所在城市", "UNKNOWN_CITY"),
        ("到岗意愿", "REQUIRED"),
        ("研究方向", "REQUIRED"),
        ("记录日期", "BAD_DATE"),
    }


def test_doubled_rows_and_conflicting_refs() -> None:
    other = ROW.replace("王宁", "李宁")
    found = find_duplicates(persons(f"{HEADER}\n{ROW}\n{ROW}\n{other}\n{ROW.replace('p-1', 'p-2')}"))
    assert found.same == {3: 2}
    assert {row: v.reason for row, v in found.conflicting.items()} == {4: "DUPLICATE_REF"}


def test_a_csv_library_reads_what_we_call_rows() -> None:
    text = f'{HEADER}\np-1,"王,宁","a""b",,,,\n'
    row = persons(text).rows[0]
    assert list(csv.reader(io.StringIO(text)))[1][1:3] == [row.cells["name"], row.cells["category"]]
