"""Reading a workbook: XLSX or CSV in, tables of text rows out; a file not to be trusted is refused."""

import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import BinaryIO

from services.kernel.errors import InvalidArgument
from services.kernel.text import Text
from services.workbook import delimited, headers
from services.workbook.archive import looks_like_excel, refuse_others
from services.workbook.cleaning import RowCleaner
from services.workbook.encodings import find_encoding
from services.workbook.no_records import Aside, is_aside
from services.workbook.sheets import SHEETS, Sheet
from services.workbook.spreadsheet import Spreadsheet
from services.workbook.tables import Limits, RawRow, Row, Table, TableStream, Workbook, WorkbookStream

_HEADER_WITHIN = 10
_LEAST_HEADERS = 2
_MAGIC_BYTES = 64 * 1024


def read_workbook(
    data: bytes, *, filename: str, sheet: str | None = None, limits: Limits | None = None
) -> Workbook:
    """Read a whole file into memory: as `open_workbook`, at most `limits.rows` rows of each sheet."""
    return hold(open_workbook(io.BytesIO(data), filename=filename, sheet=sheet, limits=limits), limits)


def hold(opened: WorkbookStream, limits: Limits | None = None) -> Workbook:
    """All rows of an opened file in memory. Raises InvalidArgument (TOO_MANY_ROWS) over `limits.rows`."""
    most = (limits or Limits()).rows
    tables = {
        key: Table(key, each.columns, list(_bounded(SHEETS[key], each.rows, most)), each.remarks)
        for key, each in opened.tables.items()
    }
    return Workbook(tables, opened.form, opened.encoding, opened.warnings, opened.separator)


def open_workbook(
    file: BinaryIO,
    *,
    filename: str,
    sheet: str | None = None,
    limits: Limits | None = None,
    encoding: str = "",
) -> WorkbookStream:
    """Open a file by its content (`filename` serves the messages and, for a CSV, to tell the sheet).

    The rows are read as they are asked for, in memory that does not grow with the file. `sheet` restricts the
    reading to one sheet; `encoding` is the caller's word on a CSV's encoding. Raises InvalidArgument: EMPTY_FILE,
    NOT_A_TABLE, UNKNOWN_SHEET, SHEET_MISSING, COLUMN_MISSING, DUPLICATE_COLUMN, TOO_MANY_COLUMNS and the reasons of
    `archive.check_archive` and `encodings.find_encoding`; TOO_MANY_ROWS and the reasons of `SheetRows.read` while
    the rows are read. What is wrong with a single row is in `Row.problems`.
    """
    bounds = limits or Limits()
    wanted = _wanted(sheet)
    file.seek(0)
    head = file.read(_MAGIC_BYTES)
    if not head.strip(b"\x00\t\r\n \xef\xbb\xbf") and not file.read(1):
        raise _refuse("EMPTY_FILE", f"文件“{filename}”是空的", f"the file {filename!r} is empty")
    if looks_like_excel(head):
        return _open_spreadsheet(_archive(file, bounds), wanted, bounds)
    refuse_others(head)
    return _open_delimited(file, filename, wanted, bounds, encoding)


def _refuse(reason: str, zh: str, en: str) -> InvalidArgument:
    return InvalidArgument.field("file", reason, zh, en)


def _wanted(sheet: str | None) -> list[Sheet]:
    if sheet is None:
        return list(SHEETS.values())
    if sheet not in SHEETS:
        names = ", ".join(SHEETS)
        raise InvalidArgument.field(
            "sheet",
            "UNKNOWN_SHEET",
            f"没有名为“{sheet}”的表，可选：{names}",
            f"no sheet {sheet!r}; choose {names}",
        )
    return [SHEETS[sheet]]


def _archive(file: BinaryIO, limits: Limits) -> Spreadsheet:
    size = file.seek(0, io.SEEK_END)
    if size > limits.archive_bytes:
        most = limits.archive_bytes // 1024 // 1024
        raise _refuse(
            "ARCHIVE_TOO_LARGE",
            f"XLSX文件超过{most}MiB，请拆分，或另存为CSV后导入（CSV不受此限）",
            f"the XLSX file is over {most} MiB; split it, or save it as CSV, which has no such limit",
        )
    return Spreadsheet(file, size, limits)


def _open_spreadsheet(book: Spreadsheet, wanted: list[Sheet], limits: Limits) -> WorkbookStream:
    titles = {headers.normalise(title): title for title in book.titles}
    tables: dict[str, TableStream] = {}
    for sheet in wanted:
        names = map(headers.normalise, (sheet.title_zh, sheet.title_en, sheet.key))
        title = next((titles[name] for name in names if name in titles), None)
        if title is not None:
            table = _table(sheet, book.rows(title), limits.columns, limits.rows)
            if table is not None:
                tables[sheet.key] = table
    if not tables:
        raise _sheet_missing(wanted, book.titles)
    known = {name for s in SHEETS.values() for name in (s.title_zh, s.title_en, s.key)}
    return WorkbookStream(tables, "xlsx", warnings=book.remarks(known))


def _sheet_missing(wanted: list[Sheet], found: Sequence[str]) -> InvalidArgument:
    expected = "、".join(sheet.title_zh for sheet in wanted)
    seen = "、".join(found) or "—"
    return _refuse(
        "SHEET_MISSING",
        f"没有找到可识别的工作表（{expected}），文件中有：{seen}；请使用模板",
        f"no known sheet ({expected}) with its header row was found; the file has: {seen}; use the template",
    )


def _open_delimited(
    file: BinaryIO, filename: str, wanted: list[Sheet], limits: Limits, stated: str
) -> WorkbookStream:
    def recognise(cells: list[str]) -> int:
        return headers.recognised(cells, *wanted)

    def first(text: str) -> list[RawRow]:
        separator = delimited.find_separator(text, recognise)
        return list(islice(delimited.lines(io.StringIO(text, newline=""), separator), _HEADER_WITHIN))

    def knows(text: str) -> int:
        most = max((recognise(list(row.values)) for row in first(text)), default=0)
        return most if most >= _LEAST_HEADERS else 0

    encoding = find_encoding(file, knows, stated)
    text = delimited.head_of(file, encoding)
    if not knows(text):
        raise _sheet_missing(wanted, [filename])
    separator, head = delimited.find_separator(text, recognise), first(text)
    sheet = max(
        wanted, key=lambda s: (max(headers.recognised(row.values, s) for row in head), s.key in filename)
    )
    rows = delimited.records(file, encoding, separator)
    table = _table(sheet, rows, limits.columns, limits.streamed_rows)
    return WorkbookStream(
        {sheet.key: table} if table else {}, "csv", encoding.name, separator=separator, warnings=()
    )


def _table(sheet: Sheet, raw: Iterable[RawRow], columns: int, rows: int) -> TableStream | None:
    """The table below the header row; None when the first rows hold no header row of the sheet."""
    stream = iter(raw)
    header_row = next((row for row in islice(stream, _HEADER_WITHIN) if _is_header(row, sheet)), None)
    if header_row is None:
        return None
    if len(header_row.values) > columns:
        raise _refuse("TOO_MANY_COLUMNS", f"超过{columns}列", f"more than {columns} columns")
    header = headers.match(header_row.values, sheet)
    cleaner = RowCleaner([(sheet.column(key), position) for key, position in header.positions.items()])
    aside = Aside(sheet)
    found = _bounded(sheet, _rows(stream, cleaner, aside), rows)
    return TableStream(sheet.key, tuple(header.positions), found, tuple(_ignored(header.unknown)), aside)


def _rows(stream: Iterator[RawRow], cleaner: RowCleaner, aside: Aside) -> Iterator[Row]:
    for line in stream:
        if line.problems or any(line.values):
            row = cleaner.row(line)
            if row is None:
                continue
            if not row.problems and is_aside(line.values, row.cells, aside.sheet):
                aside.add(row.number)
            else:
                yield row


def _bounded(sheet: Sheet, rows: Iterator[Row], most: int) -> Iterator[Row]:
    yield from islice(rows, most)
    if next(rows, None) is not None:
        raise _refuse(
            "TOO_MANY_ROWS",
            f"“{sheet.title_zh}”表超过{most:,}行，请拆分后上传",
            f"sheet {sheet.title_en} has more than {most:,} rows; split the file",
        )


def _is_header(row: RawRow, sheet: Sheet) -> bool:
    return headers.recognised(row.values, sheet) >= _LEAST_HEADERS


def _ignored(unknown: Sequence[str]) -> Iterator[Text]:
    if unknown:
        names = "、".join(name.splitlines()[0] for name in unknown[:20])
        yield Text(f"以下列未识别，已忽略：{names}", f"columns not recognised and ignored: {names}")
