"""FirmReportService: what firms report of themselves, and its confirmation."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bole.funding.v1 import firm_report_pb2, firm_report_service_pb2_grpc
from bole.funding.v1 import firm_report_service_pb2 as wire
from services.chassis.house import House
from services.chassis.rpc.call import Call, current_call
from services.chassis.rpc.wire import check_etag
from services.chassis.storage.listing import Query
from services.funding.domain.firm.firm import Firm
from services.funding.domain.firm.firm_report import FirmReport, ReportKind
from services.funding.rpc.deals.acting import require_records
from services.funding.rpc.firms.property_wire import child_of_firm
from services.funding.rpc.firms.report_wire import report_to_wire, stated_in, stated_of
from services.funding.rpc.firms.seeing_firms import FirmSight
from services.funding.rpc.once import audit, once
from services.funding.rpc.recording import Recorder
from services.funding.rpc.seeing import Sight, denied
from services.funding.rpc.wire import id_of
from services.funding.service.firms.firm_reports import FirmReports
from services.funding.store import lists, schema

KEEPERS = ("fund_manager", "fund_analyst")
_ALL = "firms/-"


@dataclass(frozen=True)
class FirmReportRoom(firm_report_service_pb2_grpc.FirmReportServiceServicer):
    """The servicer."""

    house: House
    reports: FirmReports
    recorder: Recorder

    def CreateFirmReport(
        self, request: wire.CreateFirmReportRequest, context: Any
    ) -> firm_report_pb2.FirmReport:
        """Report something of one's own firm."""
        call = current_call()

        def act(session: Session) -> FirmReport:
            firm = FirmSight(call).find(session, request.parent, "parent")
            _require_speaker(call, firm)
            stated, actor = stated_of(request.report), call.principal.subject
            record = self.recorder.of(session, firm, request.report, actor, "report.")
            return self.reports.report(session, firm, stated, record, actor)

        return self._once(call, "report-firm", request, act)

    def GetFirmReport(self, request: wire.GetFirmReportRequest, context: Any) -> firm_report_pb2.FirmReport:
        """One report."""
        firm_id, id_ = child_of_firm(request.name, "reports", "name")
        with self.house.database.read() as session:
            FirmSight(current_call()).open(session, f"firms/{firm_id}")
            return report_to_wire(self.reports.get(session, firm_id, id_))

    def ListFirmReports(
        self, request: wire.ListFirmReportsRequest, context: Any
    ) -> wire.ListFirmReportsResponse:
        """Reports, newest first."""
        call, table = current_call(), schema.firm_report
        query = Query(request.filter, "", request.page_size, request.page_token, {"parent": request.parent})
        sight, subject = FirmSight(call), call.principal.subject
        with self.house.database.read() as session:
            where = list(sight.rows(session, table.c.firm_id))
            if request.parent != _ALL:
                where.append(table.c.firm_id == sight.open(session, request.parent, "parent").id)
            page = lists.firm_reports().page(session, FirmReport, query, self.house.pages, subject, *where)
            found = [report_to_wire(each, whole=False) for each in page.items]
        return wire.ListFirmReportsResponse(
            reports=found, next_page_token=page.next_page_token, total_size=page.total
        )

    def ConfirmFirmReport(
        self, request: wire.ConfirmFirmReportRequest, context: Any
    ) -> firm_report_pb2.FirmReport:
        """Put a report on record."""
        call = current_call()

        def act(session: Session) -> FirmReport:
            report = self._mine(session, call, request)
            firm = session.get_one(Firm, report.firm_id)
            record = self.recorder.of(session, firm, stated_in(report), report.reporter, "report.")
            self.reports.confirm(session, report, record, call.principal.subject)
            return report

        return self._once(call, "confirm-report", request, act)

    def RejectFirmReport(
        self, request: wire.RejectFirmReportRequest, context: Any
    ) -> firm_report_pb2.FirmReport:
        """Do not confirm a report."""
        call = current_call()

        def act(session: Session) -> FirmReport:
            report = self._mine(session, call, request)
            self.reports.reject(session, report, request.reason, call.principal.subject)
            return report

        return self._once(call, "reject-report", request, act)

    def WithdrawFirmReport(
        self, request: wire.WithdrawFirmReportRequest, context: Any
    ) -> firm_report_pb2.FirmReport:
        """Take a report back."""
        call = current_call()

        def act(session: Session) -> FirmReport:
            firm_id, id_ = child_of_firm(request.name, "reports", "name")
            _require_speaker(call, FirmSight(call).find(session, f"firms/{firm_id}"))
            report = self.reports.get(session, firm_id, id_)
            check_etag(request.etag, report.version, request.name)
            self.reports.withdraw(session, report, request.reason, call.principal.subject)
            return report

        return self._once(call, "withdraw-report", request, act)

    def _mine(self, session: Session, call: Call, request: Any) -> FirmReport:
        """The report, for who keeps the records of its firm."""
        firm_id, id_ = child_of_firm(request.name, "reports", "name")
        firm = FirmSight(call).find(session, f"firms/{firm_id}")
        require_records(session, call, KEEPERS, firm)
        report = self.reports.get(session, firm_id, id_)
        check_etag(request.etag, report.version, request.name)
        if report.kind is ReportKind.DOCUMENT:
            Sight.of(call).open(session, id_of(stated_in(report).document.deal, "deals"))
        return report

    def _once(
        self,
        call: Call,
        action: str,
        request: Any,
        act: Callable[[Session], FirmReport],
    ) -> firm_report_pb2.FirmReport:
        def answer(session: Session) -> firm_report_pb2.FirmReport:
            made = report_to_wire(act(session), whole=False)
            audit(self.house, session, call, action, made.name)
            return made

        kind, id_ = firm_report_pb2.FirmReport, request.request_id
        return once(self.house, call, request, id_, kind, answer, fields={})


def _require_speaker(call: Call, firm: Firm) -> None:
    """Raise PermissionDenied unless the caller's grant names the firm."""
    if firm.id not in Sight.of(call).firms:
        raise denied()
