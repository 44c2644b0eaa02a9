"""Files as they come from offices: what is understood, what is asked about, and what is refused with its place."""

import io
import tracemalloc
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl.comments import Comment

from services.kernel.errors import InvalidArgument, Violation
from services.workbook.duplicates import SeenRows, find_duplicates
from services.workbook.reading import open_workbook
from services.workbook.sheets import SHEETS
from services.workbook.tables import Limits, Row
from tests.unit.workbook.office_files import HEADER, ROW, persons, read, refusal, sheet_of, workbook


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

    seen, same, conflicting = SeenRows(SHEETS["persons"]), 0, dict[int, Violation]()
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


def test_59_links_to_other_workbooks_are_told_and_not_followed() -> None:
    linked = io.BytesIO(workbook(sheet_of(HEADER.split(","), ROW.split(","))))
    with zipfile.ZipFile(linked, "a") as archive:
        archive.writestr("xl/externalLinks/externalLink1.xml", b"<externalLink/>")
    found = read(linked.getvalue(), "a.xlsx")
    assert len(found.tables["persons"].rows) == 1
    (told,) = found.warnings
    assert "链接未打开" in told.zh
    assert "no link was followed" in told.en


def _with_part(data: bytes, name: str, old: bytes, new: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(buffer, "w") as target:
        for entry in source.infolist():
            content = source.read(entry)
            target.writestr(entry, content.replace(old, new, 1) if entry.filename == name else content)
    return buffer.getvalue()
