"""`bole report …`: reports on how the future industries fare, and their files."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

from bole.talent.v1 import report_pb2, report_service_pb2_grpc, shortage_release_pb2
from bole.talent.v1 import report_service_pb2 as service
from services.chassis.rpc.wire import date_from_wire, text_from_wire
from services.cli.answers import wording
from services.cli.answers.columns import Column
from services.cli.session import Session
from services.cli.talent import signing
from services.cli.talent.releases import COMPUTING_SECONDS, TIMEOUT_SECONDS, edition_of
from services.kernel.errors import InvalidArgument
from services.kernel.periods import period_code
from services.kernel.text import Language, Text
from services.wording.reports import EDITION_NAMES, STATES, standing
from services.workbook.whole import whole_file

FORMS = {
    "html": report_pb2.REPORT_FORMAT_HTML,
    "docx": report_pb2.REPORT_FORMAT_DOCX,
    "xlsx": report_pb2.REPORT_FORMAT_XLSX,
    "pdf": report_pb2.REPORT_FORMAT_PDF,
}
_DIGEST_SHOWN = 12
_REPORTS = (
    Column("period", Text("期间", "period")),
    Column("edition", Text("版本", "edition")),
    Column("revision", Text("次", "rev."), right=True),
    Column("state", Text("状态", "state")),
    Column("known", Text("编制时间", "known at")),
    Column("hands", Text("经办", "hands"), wraps=True),
    Column("corrected", Text("更正情况", "correction"), wraps=True),
    Column("sha256", Text("内容摘要", "digest"), right=True, show=lambda digest, _: digest[:_DIGEST_SHOWN]),
    Column("id", Text("编号", "report"), below=True),
)


_CALENDAR = (
    Column("title", Text("期间", "period")),
    Column("due", Text("计划发布日", "due")),
    Column("signed", Text("首次签发日", "first signed")),
    Column("standing", Text("情况", "standing")),
    Column("next", Text("下一份", "next"), show=lambda value, _: "←" if value else ""),
)


def stub(session: Session) -> report_service_pb2_grpc.ReportServiceStub:
    """The service of reports."""
    return report_service_pb2_grpc.ReportServiceStub(session.channel("talent"))


def create(session: Session, period: str, edition: str, *, corrects: str, reason: str, trial: bool) -> None:
    """Draft a report; with `trial` only tell what it would be. Raises InvalidArgument for another edition."""
    request = service.CreateReportRequest(
        period=period_code(period, "PERIOD"),
        edition=edition_of(edition),
        corrects=corrects,
        correction_reason=reason,
        request_id=str(uuid4()),
        validate_only=trial,
    )
    _show(session, [stub(session).CreateReport(request, timeout=COMPUTING_SECONDS)])


def step(session: Session, name: str, verb: str, remark: str) -> None:
    """Check, sign or reject a report as it stands now."""
    requests: dict[str, Any] = {
        "Check": service.CheckReportRequest,
        "Sign": service.SignReportRequest,
        "Reject": service.RejectReportRequest,
    }
    now = _get(session, name)
    said = {"reason" if verb == "Reject" else "remark": remark}
    request = requests[verb](name=name, etag=now.etag, request_id=str(uuid4()), **said)
    call = getattr(stub(session), f"{verb}Report")
    _show(session, [call(request, timeout=TIMEOUT_SECONDS)])


def show(session: Session, name: str) -> None:
    """One report: what it says first, who did what, and what comes next."""
    report = _get(session, name)
    said = [text_from_wire(report.title), *(text_from_wire(each) for each in report.highlights)]
    _show(session, [report])
    signing.show_steps(session, report, said)


def show_list(session: Session, filter_: str, limit: int) -> None:
    """Reports by filter."""
    request = service.ListReportsRequest(filter=filter_, page_size=limit)
    _show(session, stub(session).ListReports(request, timeout=TIMEOUT_SECONDS).reports)


def show_calendar(session: Session, edition: str) -> None:
    """By when reports are to be out. Raises InvalidArgument for another edition than the two."""
    request = service.GetReportCalendarRequest()
    if edition:
        request.edition = edition_of(edition)
    found = stub(session).GetReportCalendar(request, timeout=TIMEOUT_SECONDS)
    name = EDITION_NAMES[shortage_release_pb2.StatisticsEdition.Name(found.edition).rpartition("_")[2]]
    rows = [_due(each, found.next_period, session.language) for each in found.dues]
    session.output.rows(Text(f"发布日历（{name.zh}）", f"release calendar ({name.en})"), _CALENDAR, rows)


def recompute(session: Session, name: str) -> int:
    """Compose a report again; 1 if it does not come out as it was drafted."""
    request = service.RecomputeReportRequest(name=name)
    found = stub(session).RecomputeReport(request, timeout=COMPUTING_SECONDS)
    verdict = Text("一致", "as drafted") if found.holds else Text("不一致", "NOT as drafted")
    session.output.say(
        Text(
            f"{name} 由发布与冻结的事实重算：{verdict.zh}（{found.recomputed_sha256}）",
            f"{name} composed again from its release and facts: {verdict.en} ({found.recomputed_sha256})",
        )
    )
    return 0 if found.holds else 1


def download(session: Session, name: str, form: str, path: Path | None) -> Path:
    """Write the file; one that is cut short is removed. Raises InvalidArgument for an unknown form."""
    if form not in FORMS:
        known = ", ".join(FORMS)
        raise InvalidArgument.field(
            "--form", "UNKNOWN_FORM", f"没有格式“{form}”，可选：{known}", f"choose one of {known}"
        )
    request = service.DownloadReportRequest(name=name, format=FORMS[form], language_code=session.language)
    parts = stub(session).DownloadReport(request, timeout=COMPUTING_SECONDS)
    file = next(parts).file
    target = path or Path(Path(file.filename).name)
    with whole_file(target) as opened:
        for part in parts:
            opened.write(part.data)
    session.output.say(
        Text(
            f"{name} 已写入 {target}（{file.size_bytes:,} 字节，SHA-256 {file.sha256}）",
            f"{name} written to {target} ({file.size_bytes:,} bytes, SHA-256 {file.sha256})",
        )
    )
    return target


def _get(session: Session, name: str) -> report_pb2.Report:
    return stub(session).GetReport(service.GetReportRequest(name=name), timeout=TIMEOUT_SECONDS)


def _show(session: Session, reports: Sequence[report_pb2.Report]) -> None:
    rows = [_report(each, session.language) for each in reports]
    session.output.rows(Text("运行情况报告", "reports"), _REPORTS, rows)


def _report(report: report_pb2.Report, language: Language) -> dict[str, Any]:
    edition = shortage_release_pb2.StatisticsEdition.Name(report.edition).rpartition("_")[2]
    state = report_pb2.Report.State.Name(report.state).removeprefix("STATE_")
    return {
        "id": report.name,
        "period": report.period,
        "edition": EDITION_NAMES[edition].to(language),
        "revision": report.revision,
        "state": STATES[state].to(language),
        "known": wording.minute(report.known_time),
        "hands": " → ".join(each.actor for each in report.steps),
        "corrected": _correction(report).to(language),
        "sha256": report.content_sha256,
        "release": report.release,
        "origin": wording.origin(report.origin),
    }


def _correction(report: report_pb2.Report) -> Text:
    said = []
    if report.corrects:
        said.append(Text(f"更正 {report.corrects}", f"corrects {report.corrects}"))
    if report.corrected_by:
        said.append(Text(f"已由 {report.corrected_by} 更正", f"corrected by {report.corrected_by}"))
    return Text("；".join(each.zh for each in said), "; ".join(each.en for each in said))


def _due(due: report_pb2.ReportDue, following: str, language: Language) -> dict[str, Any]:
    signed = due.HasField("sign_date")
    return {
        "period": due.period,
        "title": wording.say(due.title, language),
        "due": date_from_wire(due.due_date).isoformat(),
        "signed": date_from_wire(due.sign_date).isoformat() if signed else None,
        "days_late": due.days_late,
        "standing": standing(due.days_late, signed=signed).to(language),
        "next": due.period == following,
    }
