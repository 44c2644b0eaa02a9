"""IndicatorService: what firms report after an investment."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bole.funding.v1 import indicator_pb2, indicator_service_pb2_grpc
from bole.funding.v1 import indicator_service_pb2 as wire
from services.chassis.house import House
from services.chassis.rpc.call import Call, current_call
from services.chassis.rpc.wire import instant_from_wire, text_to_wire
from services.funding.domain.firm.firm import Firm
from services.funding.domain.fund.fund import Fund
from services.funding.domain.indicators.metrics import Metric
from services.funding.domain.indicators.periods import parse_period
from services.funding.domain.indicators.report import known_values
from services.funding.domain.indicators.requests import RequestState
from services.funding.rpc.deals.acting import require_records
from services.funding.rpc.firms.indicator_wire import (
    SOURCES,
    alert_to_wire,
    indicator_to_wire,
    report_to_wire,
    request_to_wire,
    series_to_wire,
    values_of,
)
from services.funding.rpc.firms.seeing_firms import FirmSight
from services.funding.rpc.once import audit, once
from services.funding.rpc.seeing import Sight
from services.funding.rpc.wire import id_of
from services.funding.service.firms.indicators import METHOD, Indicators
from services.funding.store.firms import indicators
from services.kernel.errors import InvalidArgument

KEEPERS = ("fund_manager", "fund_analyst")
_OPEN = (RequestState.LATE, RequestState.DUE)


@dataclass(frozen=True)
class IndicatorRoom(indicator_service_pb2_grpc.IndicatorServiceServicer):
    """The servicer."""

    house: House
    indicators: Indicators

    def ListIndicators(
        self, request: wire.ListIndicatorsRequest, context: Any
    ) -> wire.ListIndicatorsResponse:
        """The ten, and the method."""
        return wire.ListIndicatorsResponse(
            indicators=[indicator_to_wire(each) for each in Metric],
            method=[text_to_wire(each) for each in METHOD.note()],
        )

    def CreateIndicatorReport(
        self, request: wire.CreateIndicatorReportRequest, context: Any
    ) -> indicator_pb2.IndicatorReport:
        """Record a report."""
        call, stated = current_call(), request.report

        def act(session: Session) -> indicator_pb2.IndicatorReport:
            firm = _mine(session, call, request.parent, "parent")
            made = self.indicators.report(
                session,
                firm.id,
                parse_period(stated.period),
                values_of(stated.values),
                SOURCES[stated.source],
                stated.document,
                call.principal.subject,
            )
            answer = report_to_wire(made, indicators.reports(session, [firm.id])[firm.id], METHOD)
            audit(self.house, session, call, "report-indicators", answer.name)
            return answer

        return once(
            self.house,
            call,
            request,
            request.request_id,
            indicator_pb2.IndicatorReport,
            act,
            fields=fields_of(stated),
        )

    def ListIndicatorReports(
        self, request: wire.ListIndicatorReportsRequest, context: Any
    ) -> wire.ListIndicatorReportsResponse:
        """Reports of a firm."""
        with self.house.database.read() as session:
            firm = FirmSight(current_call()).open(session, request.parent, "parent")
            found = indicators.reports(session, [firm.id]).get(firm.id, [])
        return wire.ListIndicatorReportsResponse(
            reports=[report_to_wire(each, found, METHOD) for each in found]
        )

    def GetIndicatorSeries(
        self, request: wire.GetIndicatorSeriesRequest, context: Any
    ) -> wire.IndicatorSeries:
        """Values as they were known."""
        known = instant_from_wire(request.known_time) if request.HasField("known_time") else None
        parent, _, last = request.name.rpartition("/")
        if last != "indicatorSeries":
            raise InvalidArgument.field(
                "name",
                "INVALID_NAME",
                "名称应写成 firms/编号/indicatorSeries",
                "the name must read firms/{id}/indicatorSeries",
            )
        with self.house.database.read() as session:
            firm = FirmSight(current_call()).open(session, parent)
            reports = indicators.reports(session, [firm.id]).get(firm.id, [])
        return series_to_wire(firm.id, known_values(reports, known), METHOD)

    def ListIndicatorRequests(
        self, request: wire.ListIndicatorRequestsRequest, context: Any
    ) -> wire.ListIndicatorRequestsResponse:
        """What is due, late and received."""
        with self.house.database.read() as session:
            if request.parent.startswith("firms/"):
                firm = FirmSight(current_call()).open(session, request.parent, "parent")
                found = self.indicators.requests_of(session, firm)
            else:
                found = self.indicators.requests(session, *_seen(session, request.parent))
        shown = [each for each in found if not request.open_only or each.state in _OPEN]
        return wire.ListIndicatorRequestsResponse(requests=[request_to_wire(each) for each in shown])

    def ListIndicatorAlerts(
        self, request: wire.ListIndicatorAlertsRequest, context: Any
    ) -> wire.ListIndicatorAlertsResponse:
        """What asks for an answer."""
        with self.house.database.read() as session:
            found = self.indicators.alerts(session, *_seen(session, request.parent))
        return wire.ListIndicatorAlertsResponse(alerts=[alert_to_wire(*each) for each in found])

    def AnswerIndicatorAlert(
        self, request: wire.AnswerIndicatorAlertRequest, context: Any
    ) -> indicator_pb2.IndicatorAlert:
        """What was done."""
        call = current_call()

        def act(session: Session) -> indicator_pb2.IndicatorAlert:
            firm = _mine(session, call, request.firm, "firm")
            subject = call.principal.subject
            answered = self.indicators.answer(
                session, firm, request.code, request.period, request.text, subject
            )
            audit(self.house, session, call, "answer-alert", request.firm)
            return alert_to_wire(*answered)

        return once(
            self.house, call, request, request.request_id, indicator_pb2.IndicatorAlert, act, fields={}
        )


def fields_of(stated: indicator_pb2.IndicatorReport) -> dict[str, str]:
    """Fields of a request that states a report, by those of the domain."""
    values = {
        f"values.{each.code}": f"report.values[{at}].{'amount' if each.HasField('amount') else 'number'}"
        for at, each in enumerate(stated.values)
    }
    return {**values, **{name: f"report.{name}" for name in ("values", "period", "document")}}


def _mine(session: Session, call: Call, name: str, field: str) -> Firm:
    firm = FirmSight(call).find(session, name, field)
    require_records(session, call, KEEPERS, firm)
    return firm


def _seen(session: Session, name: str) -> tuple[Fund, frozenset[str] | None]:
    """The fund, and which of its holdings the caller sees; None for all of them."""
    sight, id_ = Sight.of(current_call()), id_of(name, "funds", field="parent")
    return sight.fund(session, id_), sight.of_fund(session, id_)
