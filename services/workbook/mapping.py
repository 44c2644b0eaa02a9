"""A table that was not made from the template (自有表格): somebody says which column is which, and it becomes a CSV
of one sheet that is read like any other. Rows keep their numbers.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest

from services.kernel.errors import InvalidArgument
from services.kernel.text import Text
from services.workbook import delimited, headers
from services.workbook.archive import looks_like_excel
from services.workbook.encodings import find_encoding
from services.workbook.no_records import is_aside
from services.workbook.sheets import SHEETS, Sheet
from services.workbook.spreadsheet import Spreadsheet
from services.workbook.tables import Limits, RawRow
from services.workbook.usual import suggested

_HEADER_WITHIN = 10
_LEAST_CELLS = 2
_RUNNING = frozenset(("序号", "序", "顺序号", "行号", "no", "no.", "#"))
_Rows = Callable[[], Iterator[RawRow]]


@dataclass(frozen=True, slots=True)
class Found:
    """A table of a file. `title`: of its sheet, empty for a CSV; `headers`: the cells of the row that names the
    columns, which is number `row`. Where headings stand in two rows, groups over columns, it is the lower one; what
    it leaves empty is named by the row above, as in cells that are merged over both.
    """

    title: str
    headers: tuple[str, ...]
    row: int


@dataclass(frozen=True, slots=True)
class Source:
    """What a column is filled from: a position in the file, a value for rows that say nothing there, or both.

    In the column by which records are known again the value stands before what each row says, so that numbers which
    other tables have too are this table's own; without a position, before the number of the row.
    """

    at: int | None = None
    value: str = ""


def tables_of(data: bytes) -> list[Found]:
    """The tables of a file, those with a row that names at least two columns. Raises as `open_workbook`."""
    found = []
    for title, rows in _tables(data):
        first = list(islice(rows(), _HEADER_WITHIN))
        header = _header(first)
        if header is not None:
            found.append(Found(title, _named(header, first), header.number))
    return found


def sheet_of(found: Found, among: Sequence[str]) -> str:
    """The sheet that a table most likely is, by how many of its columns it seems to name, and by its title."""
    return max(
        among,
        key=lambda key: (
            meant(found.headers, SHEETS[key]),
            headers.normalise(found.title) in map(headers.normalise, (SHEETS[key].title_zh, key)),
        ),
    )


def meant(cells: Sequence[str], sheet: Sheet) -> int:
    """How many columns of a sheet the cells seem to name, in its words or in usual ones."""
    known = _places(cells, sheet)
    return len(known) + len(suggested(cells, sheet, known))


def guessed(found: Found, sheet: Sheet) -> dict[str, int]:
    """The columns whose names are known, by position; of two of one name the first."""
    return _places(found.headers, sheet)


def _places(cells: Sequence[str], sheet: Sheet) -> dict[str, int]:
    places: dict[str, int] = {}
    for at, cell in enumerate(cells):
        key = headers.key_of(cell, sheet) if cell else None
        if key is not None:
            places.setdefault(key, at)
    return places


def mapped(data: bytes, found: Found, sheet: Sheet, sources: Mapping[str, Source]) -> bytes:
    """The table as a CSV of `sheet`, in UTF-8.

    Raises InvalidArgument: COLUMN_MISSING for required columns without a source, RUNNING_NUMBER where records would be
    known by a number that the next table has too, BAD_CSV_ROW for a row that cannot be
    split, and the reasons of `open_workbook`.
    """
    missing = [each for each in sheet.columns if each.required and each.key not in sources]
    if missing:
        raise InvalidArgument.of(*(headers.missing(sheet, each, ()) for each in missing))
    _require_own(found, sheet, sources.get(sheet.natural_key, Source()))
    columns = [each for each in sheet.columns if each.key in sources]
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    rows = next(rows for title, rows in _tables(data) if title == found.title)
    last = 0
    for row in rows():
        if row.number < found.row:
            continue
        for _ in range(row.number - last - 1):
            writer.writerow([])  # numbers of rows stay what the file shows
        last = row.number
        _require_whole(row)
        if row.number == found.row:
            writer.writerow([each.header_zh for each in columns])
        elif (word := _word_of(row, sheet, sources)) is not None:
            writer.writerow([word if each.key == sheet.natural_key else "" for each in columns])
        elif any(each.strip() for each in row.values):
            writer.writerow(
                [_cell(row, sources[each.key], each.key == sheet.natural_key) for each in columns]
            )
        else:
            writer.writerow([])
    return text.getvalue().encode()


def _word_of(row: RawRow, sheet: Sheet, sources: Mapping[str, Source]) -> str | None:
    """What a row that is no record begins with: nothing is filled in there, so that it is told as one; else None."""
    cells = {key: _said(row, each) for key, each in sources.items()}
    aside = is_aside(row.values, cells, sheet)
    return next(each for each in map(str.strip, row.values) if each) if aside else None


def _said(row: RawRow, source: Source) -> str:
    return row.values[source.at] if source.at is not None and source.at < len(row.values) else ""


def _cell(row: RawRow, source: Source, known_by: bool) -> str:
    said = _said(row, source)
    if known_by and source.value:
        number = said.strip() if source.at is not None else str(row.number)
        return f"{source.value}{number}" if number else ""
    return said if said.strip() else source.value


def _require_own(found: Found, sheet: Sheet, source: Source) -> None:
    header = found.headers[source.at] if source.at is not None else ""
    if headers.normalise(header) in _RUNNING and not source.value:
        name = sheet.column(sheet.natural_key).header_zh
        raise InvalidArgument.field(
            name,
            "RUNNING_NUMBER",
            f"“{header}”在别的表里也有，据此会改到别人的记录；请在{name}前加上本表特有的字样，如“南通2026-”",
            f"other tables have {header!r} too, and by it somebody else's record would be changed; put words of this "
            "table alone before it, such as `nantong-2026-`",
        )


def _require_whole(row: RawRow) -> None:
    if row.problems:
        problem = row.problems[0]
        at = Text(f"第 {row.number} 行：{problem.text.zh}", f"row {row.number}: {problem.text.en}")
        raise InvalidArgument.field("file", problem.reason, at.zh, at.en)


def _header(rows: Sequence[RawRow]) -> RawRow | None:
    """The row that seems to name most columns; where none is known, the first that has two cells."""
    return max(filter(_is_wide, rows), key=_meant, default=None)


def _is_wide(row: RawRow) -> bool:
    return sum(bool(each.strip()) for each in row.values) >= _LEAST_CELLS


def _meant(row: RawRow) -> int:
    return max(meant(row.values[: headers.MOST_NAMES], each) for each in SHEETS.values())


def _named(header: RawRow, rows: Sequence[RawRow]) -> tuple[str, ...]:
    """The cells of the header row, and above those that it leaves empty those of a row of groups."""
    over = next((each.values for each in rows if each.number == header.number - 1 and _is_wide(each)), ())
    both = zip_longest(header.values, over, fillvalue="")
    return tuple(cell.strip() or above.strip() for cell, above in both)


def _tables(data: bytes) -> list[tuple[str, _Rows]]:
    limits, file = Limits(), io.BytesIO(data)
    if looks_like_excel(data[: 64 * 1024]):
        book = Spreadsheet(file, len(data), limits)
        return [(title, lambda title=title: book.rows(title)) for title in book.titles]  # type: ignore[misc]  # a default binds the title of the round
    encoding = find_encoding(file, lambda _: 0)
    separator = delimited.find_separator(delimited.head_of(file, encoding), len)
    return [("", lambda: delimited.records(file, encoding, separator))]
