"""What the firm of a holding reports (投后指标): values by period, a report put on record, an alert answered."""

from collections import defaultdict
from typing import Any
from uuid import uuid4

from starlette.responses import RedirectResponse, Response

from bole.funding.v1 import (
    indicator_pb2,
    indicator_service_pb2_grpc,
    investment_pb2,
    investment_service_pb2,
)
from bole.funding.v1 import indicator_service_pb2 as service
from services.chassis.rpc.wire import money_to_wire
from services.console.backend import SECONDS
from services.console.pages.beside import beside, together
from services.console.pages.holdings import one
from services.console.web.refusals import answered
from services.console.web.visits import Visit, whole_number
from services.kernel.errors import InvalidArgument
from services.kernel.money import parse_amount
from services.kernel.periods import period_code

_PERIODS = 6


def of_firm(visit: Visit, held: investment_pb2.Investment) -> dict[str, Any]:
    """What stands in the section: the indicators, the last periods of their values, alerts of the firm."""
    stub, firm = _stub(visit), held.firm
    to_series = service.GetIndicatorSeriesRequest(name=f"{firm}/indicatorSeries")
    to_alerts = service.ListIndicatorAlertsRequest(parent=held.fund)
    defined, series, alerts = together(
        lambda: beside(lambda: stub.ListIndicators(service.ListIndicatorsRequest(), timeout=SECONDS)),
        lambda: beside(lambda: stub.GetIndicatorSeries(to_series, timeout=SECONDS)),
        lambda: beside(lambda: list(stub.ListIndicatorAlerts(to_alerts, timeout=SECONDS).alerts)),
    )
    values = defaultdict[str, dict[str, indicator_pb2.KnownValue]](dict)
    for each in series.answer.values if series.answer else ():
        values[each.value.code][each.period] = each
    periods = sorted({period for known in values.values() for period in known})[-_PERIODS:]
    return {
        "defined": defined,
        "series": series,
        "values": values,
        "periods": periods,
        "alerts": [each for each in alerts.answer or () if each.firm == firm],
        "money": indicator_pb2.Indicator.UNIT_MONEY,
    }


def report(visit: Visit) -> Response:
    """Put a report on record as the manager's, and show the holding."""

    def send() -> Response:
        stub, firm = _stub(visit), _held(visit).firm
        defined = stub.ListIndicators(service.ListIndicatorsRequest(), timeout=SECONDS).indicators
        made = indicator_pb2.IndicatorReport(
            period=period_code(visit.form.get("period", ""), "period"),
            values=[value for each in defined if (value := _value(visit, each)) is not None],
            source=indicator_pb2.IndicatorReport.SOURCE_MANAGER,
            document=visit.form.get("document", ""),
        )
        request = service.CreateIndicatorReportRequest(parent=firm, report=made, request_id=str(uuid4()))
        stub.CreateIndicatorReport(request, timeout=SECONDS)
        return _back(visit, "REPORTED")

    return answered(send, lambda failure: one.page(visit, failure))


def answer(visit: Visit) -> Response:
    """Put down what was done about an alert, and show the holding."""

    def send() -> Response:
        code, _, period = visit.form.get("alert", "").partition(" ")
        request = service.AnswerIndicatorAlertRequest(
            firm=_held(visit).firm,
            code=code,
            period=period,
            text=visit.form.get("text", ""),
            request_id=str(uuid4()),
        )
        _stub(visit).AnswerIndicatorAlert(request, timeout=SECONDS)
        return _back(visit, "ANSWERED")

    return answered(send, lambda failure: one.page(visit, failure))


def _value(visit: Visit, asked: indicator_pb2.Indicator) -> indicator_pb2.IndicatorValue | None:
    """What the form says of an indicator; None for an empty field. Raises InvalidArgument."""
    given = visit.form.get(asked.code, "").strip()
    if not given:
        return None
    if asked.unit == indicator_pb2.Indicator.UNIT_MONEY:
        amount = money_to_wire(parse_amount(given, field=asked.code))
        return indicator_pb2.IndicatorValue(code=asked.code, amount=amount)
    number = whole_number(given)
    if number is None:
        raise InvalidArgument.field(asked.code, "NOT_A_NUMBER", "应为整数", "must be a whole number")
    return indicator_pb2.IndicatorValue(code=asked.code, number=number)


def _held(visit: Visit) -> investment_pb2.Investment:
    name = f"investments/{visit.part('id')}"
    request = investment_service_pb2.GetInvestmentRequest(name=name)
    return one.stub_of(visit).GetInvestment(request, timeout=SECONDS)


def _back(visit: Visit, done: str) -> Response:
    return RedirectResponse(f"/investments/{visit.part('id')}?done={done}#monitoring", 303)


def _stub(visit: Visit) -> indicator_service_pb2_grpc.IndicatorServiceStub:
    return visit.stub(indicator_service_pb2_grpc.IndicatorServiceStub)
