"""ReportService: reports on how the future industries fare."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bole.talent.v1 import report_pb2, report_service_pb2_grpc
from bole.talent.v1 import report_service_pb2 as wire
from services.chassis.audit.reveals import entry_of
from services.chassis.house import House
from services.chassis.rpc.call import Call, current_call
from services.chassis.rpc.exporting import PIECE
from services.chassis.rpc.wire import check_etag
from services.chassis.storage.listing import Query
from services.kernel.clock import CIVIL_ZONE, civil_date
from services.kernel.text import Language, Text
from services.paper.document import Imprint, Value
from services.paper.forms import Form, made
from services.paper.geography import Map
from services.talent.domain.disclosure.rules import Edition
from services.talent.domain.release.lifecycle import Action, ReleaseState
from services.talent.domain.report.report import Report
from services.talent.rpc.reports.editions import edition_asked, edition_for
from services.talent.rpc.reports.release_wire import edition_from_wire
from services.talent.rpc.reports.report_wire import (
    COLLECTION,
    calendar_to_wire,
    form_from_wire,
    language_from_wire,
    report_to_wire,
)
from services.talent.rpc.wire import id_of
from services.talent.service.shortage.reports.reports import Asked, Draft, Reports
from services.talent.store.shortage import reports as store

_WATERMARKS = {
    ReleaseState.DRAFT: Text("草稿，未核稿、未签发", "DRAFT: neither checked nor signed"),
    ReleaseState.CHECKED: Text("已核稿，未签发", "CHECKED, not signed"),
    ReleaseState.REJECTED: Text("已退回", "TURNED DOWN"),
}
_HANDS = {
    Action.DRAFT: Text("起草", "drafted by"),
    Action.CHECK: Text("核稿", "checked by"),
    Action.SIGN: Text("签发", "signed by"),
    Action.REJECT: Text("退回", "turned down by"),
}
_SIGNED = Text("签发", "signed")


@dataclass(frozen=True)
class ReportRoom(report_service_pb2_grpc.ReportServiceServicer):
    """The servicer."""

    house: House
    reports: Reports
    drawn: Map

    def CreateReport(self, request: wire.CreateReportRequest, context: Any) -> report_pb2.Report:
        """Draft a report. It is composed before the writing transaction, which must not last for seconds."""
        call, edition = current_call(), edition_from_wire(request.edition)
        corrects = id_of(request.corrects, COLLECTION, field="corrects") if request.corrects else None
        asked = Asked(request.period, edition, corrects, request.correction_reason.strip())
        with self.house.database.read() as session:
            draft = self.reports.draft(session, asked, call.principal.subject)
        if request.validate_only:
            return report_to_wire(draft.report, draft.document, None, call)
        return self._once(call, "draft", request, lambda session: self._kept(session, draft))

    def GetReport(self, request: wire.GetReportRequest, context: Any) -> report_pb2.Report:
        """One report."""
        with self.house.database.read() as session:
            return self._wire(session, self._seen(session, request.name), current_call())

    def ListReports(self, request: wire.ListReportsRequest, context: Any) -> wire.ListReportsResponse:
        """Reports by filter."""
        call = current_call()
        limits = [] if edition_for(call.clearance) is Edition.INTERNAL else [store.EDITIONS.published()]
        query = Query(request.filter, "", request.page_size, request.page_token)
        with self.house.database.read() as session:
            page = store.EDITIONS.listing("ListReports").page(
                session, store.StoredReport, query, self.house.pages, call.principal.subject, *limits
            )
            ids = [each.id for each in page.items]
            found, corrected = store.by_ids(session, ids), store.corrected_by(session, ids)
            documents = store.documents(session, ids)
        return wire.ListReportsResponse(
            reports=[
                report_to_wire(each, documents[each.id], corrected.get(each.id), call) for each in found
            ],
            next_page_token=page.next_page_token,
            total_size=page.total,
        )

    def GetReportCalendar(
        self, request: wire.GetReportCalendarRequest, context: Any
    ) -> report_pb2.ReportCalendar:
        """By when reports are due."""
        edition = edition_asked(request.edition, current_call().clearance)
        today = civil_date(self.house.clock.now())
        with self.house.database.read() as session:
            planned = self.reports.gathering.planned(session, edition, today)
        return calendar_to_wire(planned, edition, today)

    def CheckReport(self, request: wire.CheckReportRequest, context: Any) -> report_pb2.Report:
        """Check a draft."""
        return self._step(request, Action.CHECK, request.remark)

    def SignReport(self, request: wire.SignReportRequest, context: Any) -> report_pb2.Report:
        """Sign a checked report."""
        return self._step(request, Action.SIGN, request.remark)

    def RejectReport(self, request: wire.RejectReportRequest, context: Any) -> report_pb2.Report:
        """Turn a report down."""
        return self._step(request, Action.REJECT, request.reason)

    def RecomputeReport(
        self, request: wire.RecomputeReportRequest, context: Any
    ) -> wire.RecomputeReportResponse:
        """Compose a report again."""
        with self.house.database.read() as session:
            report = self._seen(session, request.name)
            again, stands = self.reports.recomputed(session, report)
        return wire.RecomputeReportResponse(
            holds=stands and again == report.content_sha256,
            recomputed_sha256=again,
            content_sha256=report.content_sha256,
        )

    async def DownloadReport(
        self, request: wire.DownloadReportRequest, context: Any
    ) -> AsyncIterator[wire.DownloadReportResponse]:
        """A file, made whole and audited, then sent piece by piece."""
        form, language = form_from_wire(request.format), language_from_wire(request.language_code)
        file, data = await asyncio.to_thread(self._file, request.name, form, language, current_call())
        yield wire.DownloadReportResponse(file=file)
        for start in range(0, len(data), PIECE):
            yield wire.DownloadReportResponse(data=data[start : start + PIECE])

    def _file(self, name: str, form: Form, language: Language, call: Call) -> tuple[wire.ReportFile, bytes]:
        with self.house.database.read() as session:
            report = self._seen(session, name)
            document = store.content(session, report.id).document
        data = made(document, _imprint(report), self.drawn, form, language)
        file = wire.ReportFile(
            filename=f"bole-report-{report.period}-{report.edition.value.lower()}-{report.revision}-{language}"
            f".{form.value.lower()}",
            media_type=form.media_type,
            size_bytes=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
        )
        detail: dict[str, object] = {"format": form.value, "language": language, "sha256": file.sha256}
        with self.house.database.write() as session:
            self.house.audit.append(session, entry_of(call, "download", report.name, "done", detail))
        return file, data

    def _seen(self, session: Session, name: str) -> Report:
        return self.reports.get(session, id_of(name, COLLECTION), edition_for(current_call().clearance))

    def _kept(self, session: Session, draft: Draft) -> Report:
        return self.reports.keep(session, draft)

    def _step(self, request: Any, action: Action, remark: str) -> report_pb2.Report:
        call = current_call()

        def act(session: Session) -> Report:
            report = self._seen(session, request.name)
            check_etag(request.etag, report.life.version, request.name)
            return self.reports.step(session, report, action, call.principal.subject, remark)

        return self._once(call, action.value.lower(), request, act)

    def _once(self, call: Call, action: str, request: Any, act: Any) -> report_pb2.Report:
        with self.house.database.write() as session:

            def answer() -> report_pb2.Report:
                report = act(session)
                detail: dict[str, object] = {"sha256": report.content_sha256}
                self.house.audit.append(session, entry_of(call, action, report.name, "done", detail))
                return self._wire(session, report, call)

            caller = (call.principal.subject, call.method)
            return self.house.requests.once(
                session, caller, request.request_id, request, report_pb2.Report, answer
            )

    def _wire(self, session: Session, report: Report, call: Call) -> report_pb2.Report:
        document = store.documents(session, [report.id])[report.id]
        corrected = store.corrected_by(session, [report.id]).get(report.id)
        return report_to_wire(report, document, corrected, call)


def _imprint(report: Report) -> Imprint:
    """Accounts stand in the internal edition alone; the public one says when it was signed."""
    lines: list[tuple[Text, Value]] = [(Text("内容摘要 SHA-256", "content SHA-256"), report.content_sha256)]
    internal = report.edition is Edition.INTERNAL
    for step in report.life.steps:
        if internal or step.action is Action.SIGN:
            at = step.at.astimezone(CIVIL_ZONE).strftime("%Y-%m-%d %H:%M")
            lines.append((_HANDS[step.action], f"{step.actor} · {at}") if internal else (_SIGNED, at))
    return Imprint(report.name, tuple(lines), _WATERMARKS.get(report.life.state))
