"""`bole export …`: files of records, and the register of who took them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bole.funding.v1 import export_service_pb2 as funding_wire
from bole.funding.v1 import export_service_pb2_grpc as funding_grpc
from bole.talent.v1 import export_service_pb2 as wire
from bole.talent.v1 import export_service_pb2_grpc
from services.cli.answers import wording
from services.cli.answers.columns import Column
from services.cli.session import Session
from services.kernel.errors import InvalidArgument
from services.kernel.text import Text, counted
from services.wording import codes
from services.workbook.whole import whole_file

TIMEOUT_SECONDS = 3600.0
FORMATS = {
    "csv": wire.EXPORT_FORMAT_CSV_UTF8,
    "csv-gb18030": wire.EXPORT_FORMAT_CSV_GB18030,
    "xlsx": wire.EXPORT_FORMAT_XLSX,
}
_COLUMNS = (
    Column("time", Text("时间", "time")),
    Column("creator", Text("导出人", "by")),
    Column("sheet", Text("工作表", "sheet")),
    Column("rows", Text("条数", "records"), right=True),
    Column("purpose", Text("用途", "purpose"), show=wording.purpose),
    Column("reason", Text("事由", "why"), wraps=True),
    Column("filter", Text("筛选", "filter"), wraps=True),
    Column("name", Text("编号", "resource"), whole=True),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be exported. `form` is csv, csv-gb18030 or xlsx; `words` of persons and positions alone."""

    sheet: str
    form: str
    reason: str
    filter: str = ""
    columns: Sequence[str] = ()
    fund: str = ""
    order_by: str = ""
    words: str = ""


FUNDING = ("firms", "funds", "deals")


def stub(session: Session, service: str = "talent") -> Any:
    """Exports of the talent or the funding service."""
    kinds = {
        "talent": export_service_pb2_grpc.TalentExportServiceStub,
        "funding": funding_grpc.FundingExportServiceStub,
    }
    if service not in kinds:
        raise InvalidArgument.field(
            "--of", "UNKNOWN_SERVICE", "应为 talent（人才）或 funding（资金）", "choose talent or funding"
        )
    return kinds[service](session.channel(service))


def _request(wanted: Wanted) -> Any:
    common: dict[str, Any] = {
        "sheet": wanted.sheet,
        "format": FORMATS[wanted.form],
        "reason": wanted.reason,
        "filter": wanted.filter,
        "columns": wanted.columns,
        "order_by": wanted.order_by,
    }
    if wanted.sheet in FUNDING:
        return funding_wire.ExportRecordsRequest(**common, fund=wanted.fund)
    return wire.ExportRecordsRequest(**common, query=wanted.words)


def take(session: Session, wanted: Wanted, path: Path) -> Any:
    """Write the file; a file that is cut short is removed. Raises InvalidArgument for an unknown form, and for words of
    records that are not found by them.
    """
    if wanted.form not in FORMATS:
        known = "、".join(FORMATS)
        raise InvalidArgument.field(
            "--form",
            "UNKNOWN_FORMAT",
            f"没有格式“{wanted.form}”，可选：{known}",
            f"choose one of {', '.join(FORMATS)}",
        )
    service = "funding" if wanted.sheet in FUNDING else "talent"
    if wanted.words and service == "funding":
        raise InvalidArgument.field(
            "--words",
            "WORDS_NOT_SEARCHED",
            "只有人才与岗位可按文字查找导出；企业与项目请用 --filter 'firm_words:\"苏州\"'",
            "only persons and positions are found by words; of firms and deals, use --filter 'firm_words:\"…\"'",
        )
    parts = stub(session, service).ExportRecords(_request(wanted), timeout=TIMEOUT_SECONDS)
    entry = next(parts).export
    with whole_file(path) as file:
        for part in parts:
            file.write(part.data)
    session.output.say(
        Text(
            f"{entry.name}：{entry.row_count} 条，已写入 {path}（SHA-256 {entry.sha256}）",
            f"{entry.name}: {counted(entry.row_count, 'record')} written to {path} (SHA-256 {entry.sha256})",
        )
    )
    return entry


def show_list(session: Session, filter_: str, limit: int, service: str = "talent") -> None:
    """The register, newest first."""
    messages: Any = funding_wire if service == "funding" else wire
    request = messages.ListExportsRequest(page_size=limit, filter=filter_)
    found = stub(session, service).ListExports(request, timeout=30.0)
    title = Text(f"导出 {found.total_size} 次", counted(found.total_size, "export"))
    session.output.rows(title, _COLUMNS, [_row(each, session) for each in found.exports])


def _row(each: Any, session: Session) -> dict[str, Any]:
    return {
        "time": wording.minute(each.create_time),
        "creator": each.creator,
        "sheet": codes.SHEETS[each.sheet].to(session.language),
        "rows": each.row_count,
        "purpose": each.purpose,
        "reason": each.reason,
        "filter": each.filter,
        "name": each.name,
    }
