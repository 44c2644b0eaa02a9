"""Reading a workbook: XLSX or CSV in, tables of text rows out; a file not to be trusted is refused."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from services.kernel.errors import InvalidArgument, Violation
from services.kernel.text import Text
from services.workbook import delimited, headers
from services.workbook.archive import looks_like_excel
from services.workbook.cleaning import clean, control_violation, formula_warning, is_formula
from services.workbook.sheets import SHEETS, Column, Sheet
from services.workbook.spreadsheet import Spreadsheet
from services.workbook.tables import Limits, RawRow, Row, Table, Workbook

_HEADER_WITHIN = 10
_LEAST_HEADERS = 2


def read_workbook(
    data: bytes, *, filename: str, sheet: str | None = None, limits: Limits | None = None
) -> Workbook:
    """Read a file by its content (`filename` serves the messages and, for a CSV, to tell the sheet).

    `sheet` restricts the reading to one sheet. Raises InvalidArgument: EMPTY_FILE, UNKNOWN_SHEET,
    SHEET_MISSING, COLUMN_MISSING, DUPLICATE_COLUMN, TOO_MANY_ROWS, UNDECODABLE_TEXT and the reasons of
    `archive.check_archive`. What is wrong with a single row is in `Row.problems`.
    """
    bounds = limits or Limits()
    wanted = _wanted(sheet)
    if not data.strip(b"\x00\t\r\n \xef\xbb\xbf"):
        raise _refuse("EMPTY_FILE", f"文件“{filename}”是空的", f"the file {filename!r} is empty")
    if looks_like_excel(data):
        return _read_spreadsheet(Spreadsheet(data, bounds), wanted, bounds)
    return _read_delimited(data, filename, wanted, bounds)


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


def _read_spreadsheet(book: Spreadsheet, wanted: list[Sheet], limits: Limits) -> Workbook:
    titles = {headers.normalise(title): title for title in book.titles}
    tables: dict[str, Table] = {}
    for sheet in wanted:
        names = map(headers.normalise, (sheet.title_zh, sheet.title_en, sheet.key))
        title = next((titles[name] for name in names if name in titles), None)
        if title is not None:
            table = _table(sheet, book.rows(title), limits)
            if table is not None:
                tables[sheet.key] = table
    if not tables:
        raise _sheet_missing(wanted, book.titles)
    known = {name for s in SHEETS.values() for name in (s.title_zh, s.title_en, s.key)}
    hidden = [title for title in book.hidden if title in known]
    return Workbook(tables, "xlsx", warnings=(book.hidden_warning(hidden),) if hidden else ())


def _sheet_missing(wanted: list[Sheet], found: Sequence[str]) -> InvalidArgument:
    expected = "、".join(sheet.title_zh for sheet in wanted)
    seen = "、".join(found) or "—"
    return _refuse(
        "SHEET_MISSING",
        f"没有找到可识别的工作表（{expected}），文件中有：{seen}；请使用模板",
        f"no known sheet ({expected}) with its header row was found; the file has: {seen}; use the template",
    )


def _read_delimited(data: bytes, filename: str, wanted: list[Sheet], limits: Limits) -> Workbook:
    def recognise(cells: list[str]) -> int:
        return max(headers.recognised(cells, sheet) for sheet in wanted)

    def knows(text: str) -> bool:
        separator = delimited.find_separator(text, recognise)
        head = (row for row, _ in zip(delimited.lines(text, separator), range(_HEADER_WITHIN), strict=False))
        return any(recognise(list(row.values)) >= _LEAST_HEADERS for row in head)

    text, encoding = delimited.decode(data, knows)
    if not knows(text):
        raise _sheet_missing(wanted, [filename])
    separator = delimited.find_separator(text, recognise)
    first = [row for row, _ in zip(delimited.lines(text, separator), range(_HEADER_WITHIN), strict=False)]
    sheet = max(
        wanted, key=lambda s: (max(headers.recognised(row.values, s) for row in first), s.key in filename)
    )
    table = _table(sheet, delimited.lines(text, separator), limits)
    return Workbook({sheet.key: table} if table else {}, "csv", encoding)


def _table(sheet: Sheet, raw: Iterable[RawRow], limits: Limits) -> Table | None:
    """The table below the header row; None when the first rows hold no header row of the sheet."""
    stream = iter(raw)
    header_row = next((row for row in _first(stream, _HEADER_WITHIN) if _is_header(row, sheet)), None)
    if header_row is None:
        return None
    if len(header_row.values) > limits.columns:
        raise _refuse("TOO_MANY_COLUMNS", f"超过{limits.columns}列", f"more than {limits.columns} columns")
    header = headers.match(header_row.values, sheet)
    positions = [(sheet.column(key), position) for key, position in header.positions.items()]
    rows: list[Row] = []
    for line in stream:
        if line.problems or any(value and not value.isspace() for value in line.values):
            rows.append(_row(line, positions))
        if len(rows) > limits.rows:
            raise _refuse(
                "TOO_MANY_ROWS",
                f"“{sheet.title_zh}”表超过{limits.rows:,}行，请拆分后上传",
                f"sheet {sheet.title_en} has more than {limits.rows:,} rows; split the file",
            )
    return Table(sheet.key, tuple(header.positions), rows, tuple(_ignored(header.unknown)))


def _first(stream: Iterator[RawRow], count: int) -> Iterator[RawRow]:
    return chain.from_iterable([row] for _, row in zip(range(count), stream, strict=False))


def _is_header(row: RawRow, sheet: Sheet) -> bool:
    return headers.recognised(row.values, sheet) >= _LEAST_HEADERS


def _ignored(unknown: Sequence[str]) -> Iterator[Text]:
    if unknown:
        names = "、".join(name.splitlines()[0] for name in unknown[:20])
        yield Text(f"以下列未识别，已忽略：{names}", f"columns not recognised and ignored: {names}")


def _row(line: RawRow, positions: Sequence[tuple[Column, int]]) -> Row:
    cells: dict[str, str] = {}
    problems: list[Violation] = list(line.problems)
    warnings: list[Violation] = []
    for column, position in positions:
        value = line.values[position] if position < len(line.values) else ""
        cells[column.key] = text = clean(value) if value else ""
        violation = control_violation(value, column.header_zh) if value and not value.isprintable() else None
        if violation:
            problems.append(violation)
        if text and is_formula(text):
            warnings.append(formula_warning(column.header_zh))
    return Row(line.number, cells, tuple(problems), tuple(warnings))
