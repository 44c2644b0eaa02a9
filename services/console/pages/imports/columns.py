"""A table of one's own (列对应): which column of the file is which, and what every row says that has no column."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO

from starlette.responses import Response

from services.chassis.rpc.failures import Failure
from services.console.pages import origins
from services.console.pages.imports.sides import Side
from services.console.web.held import Held
from services.console.web.refusals import failure_of
from services.console.web.rendering import render
from services.console.web.visits import Upload, Visit
from services.kernel.errors import BoleError, InvalidArgument
from services.kernel.text import Text
from services.workbook.choices import YES_NO
from services.workbook.columns import Column, Kind
from services.workbook.mapping import Found, Source, guessed, mapped, meant, sheet_of, tables_of
from services.workbook.reading import open_workbook
from services.workbook.sheets import SHEETS
from services.workbook.usual import suggested

_SINGLE = ("ref", "name", "orcid")
_REASONS = frozenset({"COLUMN_MISSING", "SHEET_MISSING"})
"""Why a file is refused that may only need its columns named."""
_UNLIKE = Text(
    "这不是模板的工作表：请在下面说明各列是什么，猜的请核对，再预览。",
    "This is no sheet of the template: say below which column is which, check the guesses, then preview.",
)


@dataclass(frozen=True, slots=True)
class Line:
    """A column of the template: where it is found, the value of rows without one, and the values to choose from.

    `single`: no two rows say the same there, so that there is no value for all; `leads`: but something that stands
    before each. `guess`: the place is suggested by what
    such columns are usually called, and is to be looked at.
    """

    column: Column
    single: bool
    leads: bool
    at: str
    value: str
    choices: Sequence[tuple[str, str]]
    guess: bool


Earlier = Callable[[bytes], Mapping[str, str]]
"""What the form said of the last table of this session with a given header row; empty if there was none."""


def page(
    visit: Visit, side: Side, digest: str, held: Held, earlier: Earlier, problem: Failure | None = None
) -> Response | None:
    """The page; None for a file without a table in it, which nothing can be said about."""
    found = _tables(held)
    if not found:
        return None
    said = {**held.said, **visit.form} if visit.form else {**held.said, **visit.request.query_params}
    table = next((each for each in found if each.title == said.get("table")), None) or _likeliest(found, side)
    before = earlier(header_row(table))
    asked = said.get("sheet", "") or before.get("sheet", "")
    key = asked if asked in side.sheets else sheet_of(table, side.sheets)
    answers = next((each for each in (visit.form, before) if _answers(each, key)), {})
    lines = _lines(visit, table, key, answers)
    return render(
        visit,
        "imports/columns.html",
        400 if problem else 200,
        active=side.section,
        tab="import",
        synthetic=origins.among(visit),
        side=side,
        digest=digest,
        held=held,
        tables=found,
        table=table,
        sheet=key,
        sheets=side.sheets,
        lines=lines,
        earlier=bool(answers) and answers is before,
        problem=problem and told(problem, lines),
    )


def header_row(table: Found) -> bytes:
    """What tables of one layout have in common."""
    return "\n".join(table.headers).encode()


def _answers(form: Mapping[str, str], key: str) -> bool:
    return form.get("sheet") == key and f"at_{SHEETS[key].natural_key}" in form


def unlike(held: Held) -> Failure | None:
    """Why a file would be refused whose columns are called otherwise than the template's; None for any other."""
    file = held.upload
    try:
        open_workbook(BytesIO(file.data), filename=file.filename, sheet=held.said.get("sheet") or None)
    except InvalidArgument as error:
        if {each.reason for each in error.violations} <= _REASONS:
            return failure_of(error)
    return None


def read(visit: Visit, side: Side, held: Held) -> tuple[Upload, bytes]:
    """The file as the form says that it is to be read, and the header row that it had. Raises InvalidArgument."""
    sheet = SHEETS.get(visit.form.get("sheet", ""))
    found = next((each for each in _tables(held) if each.title == visit.form.get("table", "")), None)
    if sheet is None or sheet.key not in side.sheets or found is None:
        raise InvalidArgument.field(
            "sheet", "UNKNOWN_SHEET", "请选择这是哪张表", "choose which sheet this table is"
        )
    sources = {}
    for column in sheet.columns:
        at, value = visit.form.get(f"at_{column.key}", ""), visit.form.get(f"all_{column.key}", "")
        position = int(at) if at in map(str, range(len(found.headers))) else None
        if position is not None or value:
            sources[column.key] = Source(position, value)
    made = mapped(held.upload.data, found, sheet, sources)
    return Upload(held.upload.filename, made), header_row(found)


def told(problem: Failure, lines: Sequence[Line]) -> Text:
    """What is wrong; of columns that are missing, their names alone, those that are guessed below apart; of a sheet,
    what to do here about it.
    """
    if {each.reason for each in problem.violations} == {"SHEET_MISSING"}:
        return _UNLIKE
    fields = {each.field for each in problem.violations if each.reason == "COLUMN_MISSING"}
    missing = [each for each in lines if each.column.header_zh in fields]
    if not missing or len(fields) < len(problem.violations):
        return problem.text
    guesses, absent = ([each.column for each in missing if each.guess is guess] for guess in (True, False))
    said = [
        Text(
            f"{zh}：{'、'.join(each.header_zh for each in columns)}",
            f"{en}: {', '.join(each.header_en for each in columns)}",
        )
        for zh, en, columns in (
            ("还缺必填列", "Required columns are still missing", absent),
            ("猜出的列，请核对", "Guessed, to be checked", guesses),
        )
        if columns
    ]
    return Text("；".join(each.zh for each in said), ". ".join(each.en for each in said))


def _tables(held: Held) -> list[Found]:
    try:
        return tables_of(held.upload.data)
    except BoleError:
        return []  # no table in it that could be read; the service says why


def _likeliest(found: Sequence[Found], side: Side) -> Found:
    return max(found, key=lambda each: meant(each.headers, SHEETS[sheet_of(each, side.sheets)]))


def _lines(visit: Visit, table: Found, key: str, answers: Mapping[str, str]) -> list[Line]:
    """Required columns first; what was answered before, else what can be guessed."""
    known = guessed(table, SHEETS[key])
    meant = suggested(table.headers, SHEETS[key], known)
    places: Mapping[str, int] = {**known, **meant}
    lines = [
        Line(
            column,
            column.key in (*_SINGLE, SHEETS[key].natural_key)
            or column.kind in (Kind.IDENTIFIER, Kind.PHONE, Kind.EMAIL),
            column.key == SHEETS[key].natural_key and column.kind is Kind.REF,
            answers.get(f"at_{column.key}", "") if answers else str(places.get(column.key, "")),
            answers.get(f"all_{column.key}", ""),
            _choices(visit, column),
            column.key in meant and not answers,
        )
        for column in SHEETS[key].columns
    ]
    return sorted(lines, key=lambda each: not each.column.required)


def _choices(visit: Visit, column: Column) -> list[tuple[str, str]]:
    """What a cell of the column may say, with what it is called; empty where anything may stand."""
    known = visit.catalogue
    if column.kind in (Kind.CHOICE, Kind.CHOICES):
        return [(each.zh, visit.say(each.zh, each.en)) for each in column.choices]
    if column.kind is Kind.YES_NO:
        return [(each.zh, visit.say(each.zh, each.en)) for each in YES_NO]
    if column.kind is Kind.CATEGORY:
        return [(each.name_zh, visit.text(each.name)) for each in known.categories]
    if column.kind in (Kind.CITY, Kind.CITY_OR_OUTSIDE):
        return [(each.name_zh, visit.say(each.short_zh, each.pinyin)) for each in known.cities]
    if column.kind is Kind.DIRECTION:
        return [(each.name_zh, visit.text(each.name)) for each in known.leaves]
    return []
