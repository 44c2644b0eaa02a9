"""ComplianceService: waivers, and runs of the checks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from google.protobuf.message import Message
from sqlalchemy.orm import Session

from bole.funding.v1 import compliance_pb2, compliance_service_pb2_grpc
from bole.funding.v1 import compliance_service_pb2 as wire
from services.chassis.audit.reveals import entry_of
from services.chassis.house import House
from services.chassis.rpc.call import current_call
from services.chassis.rpc.wire import date_from_wire
from services.chassis.storage.paging import page_size
from services.funding.domain.checks.run import VERSION
from services.funding.domain.deal.deal import Deal
from services.funding.domain.deal.waiver import Waiver
from services.funding.rpc.deals.acting import require_acting
from services.funding.rpc.deals.compliance_wire import (
    numbered,
    report_to_wire,
    verdict_to_wire,
    waiver_to_wire,
)
from services.funding.rpc.seeing import Sight
from services.funding.rpc.wire import id_of
from services.funding.service.deals.compliance import Compliance
from services.funding.store.deals import reports, waivers
from services.funding.store.deals.reports import Report, recompute
from services.kernel.clock import civil_date
from services.kernel.errors import BoleError, NotFound

M = TypeVar("M", bound=Message)
_ROLES = ("fund_manager", "fund_analyst", "committee_secretary", "supervisor")
_FIELDS = {
    "code": "waiver.code",
    "document": "waiver.document",
    "reason": "waiver.reason",
    "until": "waiver.until_date",
}


@dataclass(frozen=True)
class ComplianceRoom(compliance_service_pb2_grpc.ComplianceServiceServicer):
    """The servicer."""

    house: House
    compliance: Compliance

    def GrantWaiver(self, request: wire.GrantWaiverRequest, context: Any) -> compliance_pb2.Waiver:
        """Accept a breach."""
        stated = request.waiver

        def act(session: Session, deal: Deal, actor: str) -> tuple[str, compliance_pb2.Waiver]:
            until = date_from_wire(stated.until_date)
            asked = Waiver(stated.code, stated.document, actor, until, stated.reason)
            number, waiver = self.compliance.waive(session, deal, asked)
            made = waiver_to_wire(deal.id, number, waiver, in_force=True)
            return made.name, made

        return self._once(request, "waive", compliance_pb2.Waiver, act)

    def ListWaivers(self, request: wire.ListWaiversRequest, context: Any) -> wire.ListWaiversResponse:
        """Waivers of a deal."""
        with self.house.database.read() as session:
            deal = self._open(session, id_of(request.parent, "deals", field="parent"))
            found = waivers.of_deals(session, [deal.id]).get(deal.id, ())
        today = civil_date(self.house.clock.now())
        newest = {each.code: number for number, each in enumerate(found, start=1)}
        return wire.ListWaiversResponse(
            waivers=[
                waiver_to_wire(
                    deal.id, number, each, in_force=today <= each.until and newest[each.code] == number
                )
                for number, each in enumerate(found, start=1)
            ]
        )

    def CreateComplianceReport(
        self, request: wire.CreateComplianceReportRequest, context: Any
    ) -> compliance_pb2.ComplianceReport:
        """Run all checks and keep the run."""

        def act(session: Session, deal: Deal, actor: str) -> tuple[str, compliance_pb2.ComplianceReport]:
            made = report_to_wire(self.compliance.report(session, deal, actor))
            return made.name, made

        return self._once(request, "report-compliance", compliance_pb2.ComplianceReport, act)

    def GetComplianceReport(
        self, request: wire.GetComplianceReportRequest, context: Any
    ) -> compliance_pb2.ComplianceReport:
        """One run."""
        return report_to_wire(self._report(request.name))

    def ListComplianceReports(
        self, request: wire.ListComplianceReportsRequest, context: Any
    ) -> wire.ListComplianceReportsResponse:
        """Runs of a deal, newest first."""
        subject, method = current_call().principal.subject, "ListComplianceReports"
        size, bound = page_size(request.page_size, 20, 100), {"parent": request.parent}
        cursor = self.house.pages.read(request.page_token, method=method, query=bound, subject=subject)
        below = int(str(cursor[0])) if cursor else None
        with self.house.database.read() as session:
            deal = self._open(session, id_of(request.parent, "deals", field="parent"))
            found = reports.of_deal(session, deal.id, below, size + 1)
        token = ""
        if len(found) > size:
            last = [found[size - 1].number]
            token = self.house.pages.issue(last, method=method, query=bound, subject=subject)
        return wire.ListComplianceReportsResponse(
            compliance_reports=[report_to_wire(each) for each in found[:size]], next_page_token=token
        )

    def RecomputeComplianceReport(
        self, request: wire.RecomputeComplianceReportRequest, context: Any
    ) -> wire.RecomputeComplianceReportResponse:
        """Make a run again."""
        kept = self._report(request.name)
        again = recompute(kept)
        return wire.RecomputeComplianceReportResponse(
            same=again.same,
            sha256=again.digest,
            kept_sha256=kept.digest,
            differing_codes=again.differing,
            rules_version=again.rules_version,
            current_rules_version=VERSION,
            changed_codes=again.changed,
        )

    def VerifyComplianceReports(
        self, request: wire.VerifyComplianceReportsRequest, context: Any
    ) -> wire.VerifyComplianceReportsResponse:
        """Make the runs of a fund again, page by page."""
        call, method = current_call(), "VerifyComplianceReports"
        bound, subject = {"parent": request.parent}, call.principal.subject
        size, pages = page_size(request.page_size, 100, 500), self.house.pages
        cursor = pages.read(request.page_token, method=method, query=bound, subject=subject)
        after = (str(cursor[0]), int(str(cursor[1]))) if cursor else ("", 0)
        with self.house.database.read() as session:
            [fund] = Sight.of(call).whole_funds(session, [id_of(request.parent, "funds", field="parent")])
            found = reports.of_fund(session, fund, after, size + 1)
        token = ""
        if len(found) > size:
            last = found[size - 1]
            token = pages.issue([last.deal_id, last.number], method=method, query=bound, subject=subject)
        return wire.VerifyComplianceReportsResponse(
            verdicts=[verdict_to_wire(each) for each in found[:size]],
            current_rules_version=VERSION,
            next_page_token=token,
        )

    def _report(self, name: str) -> Report:
        deal_id, number = numbered(name, "complianceReports")
        with self.house.database.read() as session:
            self._open(session, deal_id)
            found = reports.one(session, deal_id, number)
        if found is None:
            raise NotFound.resource(name)
        return found

    def _open(self, session: Session, deal_id: str) -> Deal:
        """The deal, for a caller who may read its file."""
        return Sight.of(current_call()).open(session, deal_id)

    def _once(
        self,
        request: Any,
        action: str,
        answer_type: type[M],
        act: Callable[[Session, Deal, str], tuple[str, M]],
    ) -> M:
        call = current_call()
        try:
            with self.house.database.write() as session:
                deal = require_acting(session, call, _ROLES, id_of(request.parent, "deals", field="parent"))

                def answer() -> M:
                    name, made = act(session, deal, call.principal.subject)
                    self.house.audit.append(session, entry_of(call, action, name, "done", {}))
                    return made

                caller = (call.principal.subject, call.method)
                return self.house.requests.once(
                    session, caller, request.request_id, request, answer_type, answer
                )
        except BoleError as error:
            raise error.renamed(_FIELDS) from None
