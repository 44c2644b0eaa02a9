"""Send a workbook to the services that own its sheets, and show what they say of each row."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from rich.text import Text as RichText

from bole.common.v1 import workbook_import_pb2 as wire
from services.cli.answers import wording
from services.cli.answers.columns import Column
from services.cli.answers.formats import Format
from services.cli.answers.output import Output
from services.cli.session import Session
from services.cli.workbooks import imports
from services.cli.workbooks.following import carried_through
from services.cli.workbooks.own_table import matched
from services.kernel.errors import InvalidArgument
from services.kernel.text import Language, Text, counted
from services.wording import codes

PIECE_BYTES = 512 * 1024
TIMEOUT_SECONDS = 3600.0
OWNERS = {
    "talent": ("persons", "teams", "positions", "outcomes", "training", "moves", "evidence"),
    "funding": ("firms", "funds", "deals"),
}
Mode = wire.ImportMode


def _red(value: int, _: Language) -> RichText:
    return RichText(str(value), style="red" if value else "")


_COUNT_COLUMNS = (
    Column("sheet", Text("工作表", "sheet")),
    Column("rows", Text("行数", "rows"), right=True),
    Column("created", Text("新增", "new"), right=True),
    Column("changed", Text("变更", "changed"), right=True),
    Column("same", Text("未变", "same"), right=True),
    Column("refused", Text("拒收", "refused"), right=True, show=_red),
    Column("aside", Text("合计、说明", "no record"), right=True),
)
_PROBLEM_COLUMNS = (
    Column("sheet", Text("工作表", "sheet")),
    Column("row", Text("行", "row"), right=True),
    Column("field", Text("列", "column")),
    Column("reason", Text("规则", "rule")),
    Column("text", Text("原因与办法", "why, and what to do"), wraps=True),
)


def send(
    session: Session,
    service: str,
    path: Path,
    mode: "wire.ImportMode",
    sheet: str = "",
    encoding: str = "",
    source: str = "",
) -> wire.ImportReport:
    """Stream the file to `talent` or `funding`. Raises grpc.RpcError as the service decides."""
    header = wire.ImportHeader(
        filename=path.name,
        mode=mode,
        sheet=sheet,
        request_id=str(uuid4()),
        encoding=encoding,
        source_list=source,
        size_bytes=path.stat().st_size,
    )
    name, call = f"imports/{header.request_id}", imports.stub(session, service).ImportWorkbook

    def send_it() -> wire.ImportReport:
        report: wire.ImportReport = call(_parts(service, header, path), timeout=TIMEOUT_SECONDS)
        return report

    with imports.progress(session, service, name, header.size_bytes):
        return carried_through(session, service, name, send_it)


def _parts(service: str, header: wire.ImportHeader, path: Path) -> Iterator[Any]:
    part = imports.messages(service).ImportWorkbookRequest
    yield part(header=header)
    with path.open("rb") as file:
        while piece := file.read(PIECE_BYTES):
            yield part(data=piece)


def show_counts(output: Output, reports: Sequence[wire.ImportReport], title: Text) -> None:
    """Rows read, new, changed, same and refused, per sheet."""
    rows = [_named(each, output.language) for report in reports for each in _counts(report)]
    output.rows(title, _COUNT_COLUMNS, rows)


def show_problems(output: Output, reports: Sequence[wire.ImportReport]) -> None:
    """The refused rows, with the rule and the remedy; nothing if there is none."""
    language = output.language
    rows = [_named(each, language) for report in reports for each in _problems(report, language)]
    if rows:
        output.rows(Text("拒收的行", "refused rows"), _PROBLEM_COLUMNS, rows)


def _counts(report: wire.ImportReport) -> list[dict[str, Any]]:
    return [
        {
            "sheet": each.sheet,
            "rows": each.row_count,
            "created": each.created_count,
            "changed": each.changed_count,
            "same": each.same_count,
            "refused": each.refused_count,
            "aside": each.aside_count,
            "possible_duplicates": each.possible_duplicate_count,
            "origin": "SYNTHETIC" if each.synthetic_count else "",
        }
        for each in report.sheets
    ]


def _problems(report: wire.ImportReport, language: Language) -> list[dict[str, Any]]:
    return [
        {
            "sheet": each.sheet,
            "row": each.row,
            "field": each.field,
            "reason": each.reason,
            "text": wording.say(each.text, language),
        }
        for each in report.problems
    ]


def _named(row: dict[str, Any], language: Language) -> dict[str, Any]:
    """A row whose sheet is called as people call it."""
    return {**row, "sheet": codes.SHEETS[row["sheet"]].to(language)}


@dataclass(frozen=True, slots=True)
class Wish:
    """How a file is to be imported. `errors` names a file for the refused rows: .csv, .json or .xlsx; `maps` and
    `fills` are as `own_table.matched` takes them.
    """

    mode: "wire.ImportMode"
    sheet: str = ""
    errors: Path | None = None
    encoding: str = ""
    source: str = ""
    maps: Sequence[str] = ()
    fills: Sequence[str] = ()


def mode_of(*, dry_run: bool, all_or_nothing: bool) -> "wire.ImportMode":
    """The mode that two switches ask for; a dry run comes first."""
    if dry_run:
        return Mode.IMPORT_MODE_DRY_RUN
    return Mode.IMPORT_MODE_ALL_OR_NOTHING if all_or_nothing else Mode.IMPORT_MODE_GOOD_ROWS


def import_file(session: Session, service: str, path: Path, wish: Wish) -> int:
    """Import and show the report; the exit status.

    0: every row is good. 2: some rows were refused, the good ones written unless it was a dry run. 1: nothing
    was written because all or nothing was asked for.
    """
    errors_as = _errors_format(wish.errors)
    with matched(path, wish.sheet, OWNERS[service], wish.maps, wish.fills) as (sent, sheet):
        report = send(session, service, sent, wish.mode, sheet, wish.encoding, wish.source)
        if sent != path:
            report.ClearField("encoding")  # of what was made of the file, which the reader has not seen
    dry, title = wish.mode == Mode.IMPORT_MODE_DRY_RUN, Text("未写入", "nothing written")
    if report.committed:
        title = Text("已写入", "written")
    elif dry:
        title = Text("试运行（未写入）", "dry run (nothing written)")
    _show(session.output, report, title)
    if wish.errors is not None and errors_as is not None and report.problems:
        show_problems(Output(errors_as, session.language, wish.errors), [report])
    _say_how_it_was_read(session.output, report)
    session.output.say(_summary(report))
    if not report.problems:
        return 0
    return 2 if report.committed or dry else 1


def _show(output: Output, report: wire.ImportReport, title: Text) -> None:
    """The answer: tables for people, one document for programs, the counts alone in a file of one table."""
    if output.for_programs:
        output.document(
            {
                "import": report.import_name,
                "written": report.committed,
                "sheets": _counts(report),
                "refused": _problems(report, output.language),
            }
        )
        return
    show_counts(output, [report], title)
    if output.for_people:
        show_problems(output, [report])
    elif report.problems:
        output.say(
            Text(
                "拒收的行不在此文件中：用 --errors 另存，或用 -o json",
                "the refused rows are not in this file: write them by --errors, or use -o json",
            )
        )


def _say_how_it_was_read(output: Output, report: wire.ImportReport) -> None:
    if report.import_name:
        name = report.import_name
        of = _owner_option(report)
        output.say(
            Text(f"{name}（逐行结果：bole import rows {name}{of}）", f"{name}: bole import rows {name}{of}")
        )
    if doubtful := sum(each.possible_duplicate_count for each in report.sheets):
        output.say(
            Text(
                f"其中 {doubtful} 行可能与库中人员或本文件另一行重复，见逐行结果",
                f"{counted(doubtful, 'row')} may be about somebody known, or in another row of the file: see the rows",
            )
        )
    if report.earlier_import_name:
        name = report.earlier_import_name
        output.say(Text(f"同一文件此前已导入：{name}", f"the same file was imported before: {name}"))
    for each in report.amounts:
        sheet = codes.SHEETS[each.sheet]
        output.say(
            Text(
                f"金额核对：{sheet.zh}·{each.column} 共{each.amount_count}笔，合计 {each.sum_text}；最大 "
                f"{each.largest_text}（第{each.largest_row}行写作“{each.largest_written}”）",
                f"amounts: {sheet.en} · {each.column}: {each.amount_count}, in all {each.sum_text}; the largest is "
                f"{each.largest_text} (row {each.largest_row} says {each.largest_written!r})",
            )
        )
    for warning in report.warnings:
        output.say(Text(warning.zh, warning.en))
    if report.encoding:
        separator = {"\t": "Tab"}.get(report.separator, report.separator)
        output.say(
            Text(
                f"按 {report.encoding.upper()} 编码、分隔符“{separator}”读取",
                f"read as {report.encoding}, separated by {separator!r}",
            )
        )


def _owner_option(report: wire.ImportReport) -> str:
    """The option that tells whose import it is; none for the talent service."""
    own = any(each.sheet in OWNERS["funding"] for each in report.sheets)
    return " --of funding" if own else ""


def _errors_format(path: Path | None) -> Format | None:
    if path is None:
        return None
    kind = path.suffix.lower().removeprefix(".")
    if kind not in (Format.CSV, Format.JSON, Format.XLSX):
        raise InvalidArgument.field(
            "--errors",
            "UNKNOWN_FORMAT",
            f"“{path.name}”应以 .csv、.json 或 .xlsx 结尾",
            f"{path.name!r} should end in .csv, .json or .xlsx",
        )
    return Format(kind)


def _summary(report: wire.ImportReport) -> Text:
    new, changed, same, refused = (
        sum(getattr(sheet, f"{name}_count") for sheet in report.sheets)
        for name in ("created", "changed", "same", "refused")
    )
    return Text(
        f"新增 {new} · 更新 {changed} · 未变 {same} · 拒收 {refused}",
        f"new {new} · changed {changed} · same {same} · refused {refused}",
    )
