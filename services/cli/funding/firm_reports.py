"""`bole firm-report …`: what firms report of themselves, and who confirms it."""

from pathlib import PurePath
from typing import Any
from uuid import uuid4

from bole.funding.v1 import firm_report_pb2, firm_report_service_pb2_grpc
from bole.funding.v1 import firm_report_service_pb2 as service
from services.chassis.rpc.wire import date_from_wire
from services.cli.answers import wording
from services.cli.answers.columns import Column
from services.cli.session import Session
from services.kernel.errors import InvalidArgument
from services.kernel.text import Language, Text, counted

TIMEOUT_SECONDS = 30.0
_PAGE = 500
STATES = {
    "REPORTED": Text("待确认", "reported"),
    "CONFIRMED": Text("已确认", "confirmed"),
    "REJECTED": Text("未确认", "rejected"),
    "WITHDRAWN": Text("已撤回", "withdrawn"),
}
_KINDS = {
    "snapshot": Text("数据快照", "figures"),
    "indicator_report": Text("投后指标", "indicators"),
    "document": Text("材料", "document"),
}
_COLUMNS = (
    Column("kind", Text("内容", "what")),
    Column("about", Text("说明", "about"), wraps=True),
    Column("state", Text("状态", "state")),
    Column("reporter", Text("填报", "by")),
    Column("reported", Text("填报时间", "reported")),
    Column("decider", Text("经办", "decided by")),
    Column("reason", Text("理由", "why"), wraps=True),
    Column("made", Text("登记为", "became"), whole=True),
    Column("id", Text("编号", "resource"), whole=True),
)


def stub(session: Session) -> firm_report_service_pb2_grpc.FirmReportServiceStub:
    """What firms report."""
    return firm_report_service_pb2_grpc.FirmReportServiceStub(session.channel("funding"))


def report(session: Session, firm: str, stated: firm_report_pb2.FirmReport, *, check_only: bool) -> None:
    """Report something of one's own firm."""
    request = service.CreateFirmReportRequest(
        parent=firm, report=stated, validate_only=check_only, request_id=str(uuid4())
    )
    made = stub(session).CreateFirmReport(request, timeout=TIMEOUT_SECONDS)
    if check_only:
        session.output.say(Text("检查通过，未写入", "nothing is wrong with it; nothing was written"))
    else:
        _show(session, [made], Text("已填报，待基金确认", "reported; a fund has to confirm it"))


def show_list(session: Session, firm: str, state: str, limit: int) -> None:
    """Reports of a firm or of all, newest first. Raises InvalidArgument for an unknown state."""
    if state and state.upper() not in STATES:
        known = "、".join(STATES)
        raise InvalidArgument.field("--state", "UNKNOWN_STATE", f"可用：{known}", f"use one of {known}")
    request = service.ListFirmReportsRequest(
        parent=firm, filter=f"state = {state.upper()}" if state else "", page_size=min(limit, _PAGE)
    )
    found = stub(session).ListFirmReports(request, timeout=TIMEOUT_SECONDS)
    reports = list(found.reports)
    while found.next_page_token and len(reports) < limit:
        request.page_token = found.next_page_token
        found = stub(session).ListFirmReports(request, timeout=TIMEOUT_SECONDS)
        reports.extend(found.reports)
    _show(session, reports[:limit], Text(f"企业自报 {found.total_size}", counted(found.total_size, "report")))


def confirm(session: Session, name: str) -> None:
    """Put a report on record."""
    request = service.ConfirmFirmReportRequest(name=name, etag=_etag(session, name), request_id=str(uuid4()))
    made = stub(session).ConfirmFirmReport(request, timeout=TIMEOUT_SECONDS)
    _show(session, [made], Text("已确认", "confirmed"))


def reject(session: Session, name: str, reason: str) -> None:
    """Do not confirm a report."""
    request = service.RejectFirmReportRequest(
        name=name, etag=_etag(session, name), reason=reason, request_id=str(uuid4())
    )
    made = stub(session).RejectFirmReport(request, timeout=TIMEOUT_SECONDS)
    _show(session, [made], Text("未确认", "rejected"))


def withdraw(session: Session, name: str, reason: str) -> None:
    """Take a report back."""
    request = service.WithdrawFirmReportRequest(
        name=name, etag=_etag(session, name), reason=reason, request_id=str(uuid4())
    )
    made = stub(session).WithdrawFirmReport(request, timeout=TIMEOUT_SECONDS)
    _show(session, [made], Text("已撤回", "withdrawn"))


def _etag(session: Session, name: str) -> str:
    request = service.GetFirmReportRequest(name=name)
    return stub(session).GetFirmReport(request, timeout=TIMEOUT_SECONDS).etag


def _show(session: Session, reports: list[firm_report_pb2.FirmReport], title: Text) -> None:
    session.output.rows(title, _COLUMNS, [_row(each, session.language) for each in reports])


def _row(report: firm_report_pb2.FirmReport, language: Language) -> dict[str, Any]:
    state = firm_report_pb2.FirmReport.State.Name(report.state).removeprefix("STATE_")
    return {
        "kind": _KINDS[report.WhichOneof("content") or "snapshot"].to(language),
        "about": _about(report),
        "state": STATES[state].to(language),
        "reporter": report.reporter,
        "reported": wording.minute(report.report_time),
        "decider": report.decider,
        "reason": report.reason,
        "made": report.made,
        "id": report.name,
    }


def _about(report: firm_report_pb2.FirmReport) -> str:
    if report.HasField("snapshot"):
        return date_from_wire(report.snapshot.as_of_date).isoformat()
    if report.HasField("indicator_report"):
        return report.indicator_report.period
    return report.document.document.title or PurePath(report.document.document.file_name).name
