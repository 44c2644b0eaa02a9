"""`bole import …`: what was imported, what became of the rows, and the way back."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import grpc
from google.protobuf.json_format import MessageToDict

from bole.funding.v1 import import_service_pb2 as funding_wire
from bole.funding.v1 import import_service_pb2_grpc as funding_grpc
from bole.talent.v1 import import_pb2, import_service_pb2_grpc
from bole.talent.v1 import import_service_pb2 as wire
from services.cli.answers import wording
from services.cli.answers.columns import Column
from services.cli.session import Session
from services.kernel.errors import InvalidArgument
from services.kernel.text import Text, counted
from services.wording import codes, library

TIMEOUT_SECONDS = 30.0
UNDO_SECONDS = 3600.0
_PAGE = 500
_ASK_EVERY_SECONDS = 2.0
_COLUMNS = (
    Column("time", Text("时间", "time")),
    Column("state", Text("状态", "state")),
    Column("filename", Text("文件", "file"), wraps=True),
    Column("creator", Text("导入人", "by")),
    Column("rows", Text("行数", "rows"), right=True),
    Column("created", Text("新增", "new"), right=True),
    Column("changed", Text("变更", "changed"), right=True),
    Column("refused", Text("拒收", "refused"), right=True),
    Column("name", Text("编号", "resource"), whole=True),
)
_ROW_COLUMNS = (
    Column("sheet", Text("工作表", "sheet")),
    Column("row", Text("行", "row"), right=True),
    Column("outcome", Text("结果", "outcome")),
    Column("resource", Text("记录", "record"), whole=True),
    Column("field", Text("字段", "field")),
    Column("before", Text("原值", "before"), wraps=True),
    Column("after", Text("新值", "after"), wraps=True),
    Column("why", Text("原因与办法", "why, and what to do"), wraps=True),
)
_LIBRARY_COLUMNS = (*_ROW_COLUMNS[:3], Column("source_ref", Text("编号", "ref")), *_ROW_COLUMNS[3:])
_KEPT_COLUMNS = (
    Column("resource", Text("记录", "record"), whole=True),
    Column("row", Text("行", "row"), right=True),
    Column("why", Text("未撤销的原因", "why it was left"), wraps=True),
)


def stub(session: Session, service: str = "talent") -> Any:
    """Imports of the talent or the funding service, whose contracts differ in what a row shows."""
    kinds = {
        "talent": import_service_pb2_grpc.TalentImportServiceStub,
        "funding": funding_grpc.FundingImportServiceStub,
    }
    if service not in kinds:
        raise InvalidArgument.field(
            "--of", "UNKNOWN_SERVICE", "应为 talent（人才）或 funding（资金）", "choose talent or funding"
        )
    return kinds[service](session.channel(service))


def show_list(session: Session, filter_: str, limit: int, service: str) -> None:
    """Imports, newest first."""
    request = messages(service).ListImportsRequest(page_size=limit, filter=filter_)
    found = stub(session, service).ListImports(request, timeout=TIMEOUT_SECONDS)
    title = Text(f"导入 {found.total_size} 次", counted(found.total_size, "import"))
    session.output.rows(title, _COLUMNS, [_import_row(each, session) for each in found.imports])


def show_rows(session: Session, name: str, filter_: str, service: str) -> None:
    """The whole report of an import: a line for every row, and for every field that changed."""
    lines, columns = (_funding_lines, _ROW_COLUMNS) if service == "funding" else (_lines, _LIBRARY_COLUMNS)
    rows = [line for row in rows_of(session, name, filter_, service) for line in lines(row, session)]
    session.output.rows(Text(f"{name} 逐行结果", f"rows of {name}"), columns, rows)


def undo(session: Session, name: str, *, dry_run: bool, skip_changed: bool, service: str) -> None:
    """Take an import back."""
    request = messages(service).UndoImportRequest(
        name=name, validate_only=dry_run, skip_changed=skip_changed, request_id=str(uuid4())
    )
    answer = stub(session, service).UndoImport(request, timeout=UNDO_SECONDS)
    kept = [
        {"resource": each.resource, "row": each.row, "why": wording.say(each.text, session.language)}
        for each in answer.kept
    ]
    if kept:
        session.output.rows(Text("保持不变的记录", "records left as they are"), _KEPT_COLUMNS, kept)
    would = Text("试运行：", "dry run: ") if dry_run else Text("", "")
    session.output.say(
        Text(
            f"{would.zh}移除 {answer.removed_count} · 恢复 {answer.restored_count} · 保留 {answer.kept_count}",
            f"{would.en}removed {answer.removed_count} · restored {answer.restored_count} · kept {answer.kept_count}",
        )
    )


@contextmanager
def progress(session: Session, service: str, name: str, expected_bytes: int) -> Iterator[None]:
    """While an import runs: how many rows have been read, on the stream of messages; silent for small files."""
    done = threading.Event()
    watcher = threading.Thread(target=_watch, args=(session, service, name, done), daemon=True)
    if expected_bytes > 1024 * 1024:
        watcher.start()
    try:
        yield
    finally:
        done.set()
        if watcher.ident is not None:
            watcher.join()


def _watch(session: Session, service: str, name: str, done: threading.Event) -> None:
    told = 0
    while not done.wait(_ASK_EVERY_SECONDS):
        try:
            request = messages(service).GetImportRequest(name=name)
            seen = stub(session, service).GetImport(request, timeout=TIMEOUT_SECONDS)
        except grpc.RpcError:
            continue  # not begun yet, or not reachable for the moment: the import itself will say
        if seen.processed_row_count != told and not done.is_set():
            told = seen.processed_row_count
            session.output.say(Text(f"已处理 {told:,} 行", f"{counted(told, 'row')} so far"))


def messages(service: str) -> Any:
    """The messages of a service's imports."""
    return funding_wire if service == "funding" else wire


def rows_of(session: Session, name: str, filter_: str, service: str = "talent") -> Iterator[Any]:
    """The rows of an import that a filter admits, sheet by sheet and in the order of the file."""
    token = ""
    while True:
        request = messages(service).ListImportRowsRequest(
            parent=name, page_size=_PAGE, page_token=token, filter=filter_
        )
        page = stub(session, service).ListImportRows(request, timeout=TIMEOUT_SECONDS)
        yield from page.rows
        token = page.next_page_token
        if not token:
            return


def _import_row(each: Any, session: Session) -> dict[str, Any]:
    sheets = each.sheets
    return {
        "time": wording.minute(each.create_time),
        "state": library.IMPORT_STATES[import_pb2.Import.State.Name(each.state)].to(session.language),
        "filename": each.filename,
        "creator": each.creator,
        "rows": each.processed_row_count,
        "created": sum(sheet.created_count for sheet in sheets),
        "changed": sum(sheet.changed_count for sheet in sheets),
        "refused": sum(sheet.refused_count for sheet in sheets),
        "name": each.name,
    }


def _lines(row: import_pb2.ImportRow, session: Session) -> Iterator[dict[str, Any]]:
    common = {
        "sheet": codes.SHEETS[row.sheet].to(session.language),
        "row": row.row,
        "outcome": library.ROW_OUTCOMES[import_pb2.ImportRow.Outcome.Name(row.outcome)].to(session.language),
        "source_ref": row.source_ref,
        "resource": row.resource,
    }
    for problem in row.problems:
        yield {**common, "field": problem.field, "why": wording.say(problem.text, session.language)}
    kind = row.sheet.removesuffix("s")
    before, after = (
        MessageToDict(getattr(row, f"{kind}_{side}"), preserving_proto_field_name=True)
        for side in ("before", "after")
    )
    for name in row.changed_fields:
        yield {**common, "field": name, "before": _text(before.get(name)), "after": _text(after.get(name))}
    if not row.problems and not row.changed_fields:
        why = [_resemblance(each).to(session.language) for each in row.resemblances]
        if row.outcome == import_pb2.ImportRow.OUTCOME_CHANGED:
            why.append(library.ROW_OVERRULED.to(session.language))
        yield {**common, "why": "\n".join(why)}


def _resemblance(found: import_pb2.RowResemblance) -> Text:
    """Whom a new row may be about, and why; without the evidence where it may not be seen."""
    other = (
        Text(found.person, found.person)
        if found.person
        else Text(f"本文件编号 {found.ref}", f"row {found.ref}")
    )
    evidence = [each.text for each in found.evidence[1:]]
    zh, en = "；".join(each.zh for each in evidence), "; ".join(each.en for each in evidence)
    return Text(
        f"可能与 {other.zh} 重复" + (f"（{zh}）" if zh else ""),
        f"may be {other.en}" + (f" ({en})" if en else ""),
    )


def _funding_lines(row: Any, session: Session) -> Iterator[dict[str, Any]]:
    common = {
        "sheet": codes.SHEETS[row.sheet].to(session.language),
        "row": row.row,
        "outcome": library.ROW_OUTCOMES[import_pb2.ImportRow.Outcome.Name(row.outcome)].to(session.language),
        "resource": row.resource,
    }
    for problem in row.problems:
        yield {**common, "field": problem.field, "why": wording.say(problem.text, session.language)}
    for remark in row.remarks:
        yield {**common, "why": wording.say(remark, session.language)}
    for change in row.changes:
        field = wording.say(change.field, session.language)
        yield {**common, "field": field, "before": change.before, "after": change.after}
    read = [f"{each.column} {each.written} → {each.text}" for each in row.amounts]
    if not row.problems and not row.changes:
        yield {**common, "after": read}


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return "-".join(str(part) for part in value.values())
    if isinstance(value, list):
        return "、".join(_text(each) for each in value)
    return "" if value is None else str(value)
