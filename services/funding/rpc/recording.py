"""Puts on record what a firm reports of itself, by the same use cases as what the staff record."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bole.funding.v1 import firm_report_pb2
from services.funding.domain.deal.deal import Deal
from services.funding.domain.firm.firm import Firm
from services.funding.domain.indicators.periods import parse_period
from services.funding.domain.indicators.report import Source
from services.funding.rpc.deals.documents import document_name, stated_of
from services.funding.rpc.firms.firm_wire import figures_of, in_words_of_the_request, record_to_wire
from services.funding.rpc.firms.indicator_wire import values_of
from services.funding.rpc.firms.indicators import fields_of
from services.funding.rpc.wire import id_of
from services.funding.service.deals.documents import Documents
from services.funding.service.firms.firms import Firms
from services.funding.service.firms.indicators import Indicators
from services.kernel.errors import BoleError, InvalidArgument


@dataclass(frozen=True)
class Recorder:
    """The use cases that take what firms report."""

    firms: Firms
    indicators: Indicators
    documents: Documents

    def of(
        self, session: Session, firm: Firm, stated: firm_report_pb2.FirmReport, actor: str, path: str
    ) -> Callable[[], str]:
        """What puts this report on record. It raises what the use cases do, in the words of the request."""

        def record() -> str:
            if stated.HasField("snapshot"):
                return self._figures(session, firm, stated, actor, path)
            if stated.HasField("indicator_report"):
                return self._indicators(session, firm, stated, actor, path)
            return self._document(session, firm, stated, actor, path)

        return record

    def _figures(
        self, session: Session, firm: Firm, stated: firm_report_pb2.FirmReport, actor: str, path: str
    ) -> str:
        if stated.snapshot.verified:
            raise InvalidArgument.field(
                f"{path}snapshot.verified",
                "FIRM_CANNOT_VERIFY",
                "企业自报数据不能自行标为已核验",
                "a firm does not verify its own figures",
            )
        with in_words_of_the_request(path):
            figures = figures_of(stated.snapshot, f"{path}snapshot.")
            made = self.firms.add_figures(session, firm, figures, stated.snapshot.source, actor)
        return record_to_wire(made).name

    def _indicators(
        self, session: Session, firm: Firm, stated: firm_report_pb2.FirmReport, actor: str, path: str
    ) -> str:
        given = stated.indicator_report
        fields = {
            name: field.replace("report.", f"{path}indicator_report.", 1)
            for name, field in fields_of(given).items()
        }
        try:
            made = self.indicators.report(
                session,
                firm.id,
                parse_period(given.period),
                values_of(given.values, f"{path}indicator_report."),
                Source.FIRM,
                given.document,
                actor,
            )
        except BoleError as error:
            raise error.renamed(fields) from None
        return f"firms/{firm.id}/indicatorReports/{made.id}"

    def _document(
        self, session: Session, firm: Firm, stated: firm_report_pb2.FirmReport, actor: str, path: str
    ) -> str:
        given = stated.document
        deal = session.get(Deal, id_of(given.deal, "deals", field=f"{path}document.deal"))
        if deal is None or deal.firm_id != firm.id:
            raise InvalidArgument.field(
                f"{path}document.deal",
                "OTHER_FIRM",
                "该项目不是本企业的项目",
                "the deal is not one of this firm's",
            )
        try:
            made = self.documents.register(session, deal, stated_of(given.document, given.content), actor)
        except BoleError as error:
            renamed = {each.field: f"{path}document.{each.field}" for each in error.violations}
            raise error.renamed(renamed) from None
        return document_name(made)
