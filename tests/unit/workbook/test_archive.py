"""Hostile and broken archives: each is refused with a reason of its own before any parser sees it."""

import contextlib
import io
import struct
import tracemalloc
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.kernel.errors import InvalidArgument
from services.workbook import sheet_rows
from services.workbook.reading import read_workbook
from services.workbook.tables import Limits
from services.workbook.writing import write_xlsx

Parts = dict[str, bytes]


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("book") / "good.xlsx"
    write_xlsx(path, {"persons": [{"ref": "p-1", "name": "王宁"}]})
    return path.read_bytes()


def parts_of(data: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(parts: Parts, extra: list[tuple[str, bytes]] | None = None) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, content in [*parts.items(), *(extra or [])]:
            archive.writestr(name, content)
    return buffer.getvalue()


def reason(data: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(InvalidArgument) as caught:
        read_workbook(data, filename="上传.xlsx", limits=limits)
    return caught.value.reason


SHEET = "xl/worksheets/sheet1.xml"


def far_cell(parts: Parts) -> Parts:
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    return {**parts, SHEET: parts[SHEET].replace(b"</sheetData>", far)}


def doctype(parts: Parts) -> Parts:
    bomb = b'<!DOCTYPE a [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]>'
    return {**parts, SHEET: parts[SHEET].replace(b"<worksheet", bomb + b"<worksheet", 1)}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda p: {**p, "xl/media/a.bin": b"\0" * 60_000_000}, "ZIP_BOMB"),
        (lambda p: {**p, "xl/vbaProject.bin": b"x"}, "MACRO_WORKBOOK"),
        (lambda p: {**p, "../../etc/passwd": b"x"}, "UNSAFE_ARCHIVE"),
        (lambda p: {**p, "C:\\x": b"x"}, "UNSAFE_ARCHIVE"),
        (lambda p: {**p, "xl/embeddings/a.bin": pack(p)}, "UNSAFE_ARCHIVE"),
        (lambda p: {"inner.xlsx": pack(p)}, "NOT_A_WORKBOOK"),
        (lambda p: {**p, "XL/workbook.xml": b"x"}, "UNSAFE_ARCHIVE"),
        (lambda p: {"content.xml": b"x", "mimetype": b"opendocument"}, "NOT_A_WORKBOOK"),
        (lambda p: {**p, "xl/workbook.bin": b"x"}, "OLD_EXCEL_FORMAT"),
        (lambda p: {**p, SHEET: p[SHEET].decode().encode("utf-16")}, "UNSAFE_XML"),
        (lambda p: {**p, SHEET: b"<worksheet><sheetData><row"}, "NOT_A_WORKBOOK"),
        (doctype, "UNSAFE_XML"),
        (far_cell, "SHEET_TOO_LARGE"),
    ],
)
def test_hostile_archives(good: bytes, change: Callable[[Parts], Parts], expected: str) -> None:
    packed = pack(change(parts_of(good)))
    tracemalloc.start()
    assert reason(packed) == expected
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 2_000_000 + 3 * len(packed)


def test_a_part_that_stands_twice(good: bytes) -> None:
    assert reason(pack(parts_of(good), [(SHEET, b"x")])) == "UNSAFE_ARCHIVE"


def test_too_many_parts_and_too_much_content(good: bytes) -> None:
    assert reason(good, Limits(entries=3)) == "ARCHIVE_TOO_LARGE"
    assert reason(good, Limits(inflated_bytes=100)) == "ARCHIVE_TOO_LARGE"


def test_a_part_that_lies_about_its_size(good: bytes) -> None:
    parts = parts_of(good)
    honest = pack({**parts, "xl/media/a.bin": b"\0" * 90_000})
    forged = honest.replace(struct.pack("<I", 90_000), struct.pack("<I", 90))
    assert reason(forged) == "UNSAFE_ARCHIVE"


def test_one_long_text_repeated_beyond_all_measure(good: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_rows, "_TEXT_BUDGET", 9_000_000)
    parts = parts_of(good)
    strings = parts["xl/sharedStrings.xml"].replace(
        b"</sst>", b"<si><t>" + b"x" * 60_000 + b"</t></si></sst>"
    )
    index = strings.count(b"<si>") - 1
    rows = b"".join(
        b'<row r="%d"><c r="A%d" t="s"><v>%d</v></c></row>' % (n, n, index) for n in range(10, 200)
    )
    sheet = parts[SHEET].replace(b"</sheetData>", rows + b"</sheetData>")
    assert reason(pack({**parts, "xl/sharedStrings.xml": strings, SHEET: sheet})) == "ZIP_BOMB"


def test_encrypted_and_old_office_files() -> None:
    ole = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600
    assert reason(ole + "EncryptedPackage".encode("utf-16-le")) == "ENCRYPTED_WORKBOOK"
    assert reason(ole) == "OLD_EXCEL_FORMAT"


def test_an_upload_cut_in_half(good: bytes) -> None:
    assert reason(good[: len(good) // 2]) == "NOT_A_WORKBOOK"


def test_an_upload_that_lost_bytes_after_its_beginning(good: bytes) -> None:
    """Its directory points to before the file."""
    assert reason(good[:4] + good[300:]) == "NOT_A_WORKBOOK"


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused_but_never_breaks(good: bytes, data: st.DataObject) -> None:
    position = data.draw(st.integers(0, len(good) - 1))
    value = data.draw(st.integers(0, 255))
    damaged = good[:position] + bytes([value]) + good[position + 1 :]
    with contextlib.suppress(InvalidArgument):
        assert read_workbook(damaged, filename="x.xlsx").tables


def test_the_good_file_is_read(good: bytes, tmp_path: Path) -> None:
    with pytest.raises(InvalidArgument, match="没有名为"):
        read_workbook(good, filename="x.xlsx", sheet="nonsense")
    assert read_workbook(good, filename="x.docx").tables["persons"].rows[0].cells["name"] == "王宁"
