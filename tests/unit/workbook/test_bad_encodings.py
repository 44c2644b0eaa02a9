"""Encodings and bytes: found, asked about, or refused with their place."""

import io

import pytest

from services.kernel.errors import InvalidArgument
from services.workbook.reading import open_workbook
from services.workbook.tables import Table, Workbook
from tests.unit.workbook.office_files import HEADER, ROW, persons, read, refusal

TRADITIONAL = """編號,姓名,人才類別,所在城市,到崗意願,研究方向,記錄日期
p-1,陳寧,卓越工程師,蘇州,隨時,氧化鎵,2026-06-30
"""
ENGLISH = "Ref,Name,Category,City,Availability,Directions,Observed\n"


def stated(data: bytes, encoding: str) -> Workbook:
    opened = open_workbook(io.BytesIO(data), filename="persons.csv", encoding=encoding)
    table = opened.tables["persons"]
    return Workbook(
        {"persons": Table("persons", table.columns, list(table.rows))}, opened.form, opened.encoding
    )


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


def test_44_a_nul_byte_is_an_error_of_its_row() -> None:
    table = persons(f"{HEADER}\np-0,王\0宁,,,,,\n{ROW}")
    assert [[each.reason for each in row.problems] for row in table.rows] == [["CONTROL_CHARACTER"], []]
