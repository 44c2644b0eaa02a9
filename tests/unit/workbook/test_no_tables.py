"""Files that are no tables, whatever they are called: said in a moment, and said what they are."""

import gzip
from collections.abc import Iterator

import pytest

from services.workbook import headers
from tests.unit.workbook.office_files import HEADER, ROW, read, refusal


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The cells that were compared with names of columns."""
    seen: list[str] = []
    normalise = headers.normalise

    def noting(name: str) -> str:
        seen.append(name)
        return normalise(name)

    monkeypatch.setattr(headers, "normalise", noting)
    headers._names.cache_clear()
    yield seen
    headers._names.cache_clear()


@pytest.mark.parametrize(
    ("data", "zh", "en"),
    [
        (b"%PDF-1.7\n", "PDF", "a PDF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "图片", "a picture"),
        (b"\xff\xd8\xff\xe0" + bytes(100), "图片", "a picture"),
        (gzip.compress(HEADER.encode()), "gzip", "gzip"),
        (b"Rar!\x1a\x07\x01\x00", "RAR", "RAR"),
        (b"7z\xbc\xaf\x27\x1c", "7z", "7z"),
        (b"<html><table><tr><td>a</td></tr></table>", "网页", "page of the web"),
        (b'\xef\xbb\xbf\r\n<?xml version="1.0"?><Workbook/>', "XML", "XML"),
    ],
)
def test_what_is_no_table_is_told_what_it_is(data: bytes, zh: str, en: str) -> None:
    told = refusal(data)
    assert told.reason == "NOT_A_TABLE"
    assert zh in told.text.zh
    assert en in told.text.en
    assert "XLSX" in told.text.zh


def test_a_row_of_thirty_thousand_cells_is_not_compared_cell_by_cell(looked_at: list[str]) -> None:
    refusal(",".join(f"c{number}" for number in range(30_000)).encode())
    assert len(looked_at) < 60_000  # before: over a million, for each separator and each sheet all of them


def test_a_table_whose_first_cell_begins_like_something_else_is_one() -> None:
    assert read(f"{HEADER}\n{ROW.replace('p-1', 'GIF8')}").tables["persons"]
