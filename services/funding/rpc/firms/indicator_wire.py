"""Between the contract of indicators and their domain."""

from collections.abc import Iterable, Sequence

from bole.funding.v1 import indicator_pb2
from bole.funding.v1 import indicator_service_pb2 as wire
from services.chassis.rpc.wire import date_to_wire, instant_to_wire, text_to_wire
from services.funding.domain.indicators.alerts import IndicatorAlert
from services.funding.domain.indicators.answer import IndicatorAnswer
from services.funding.domain.indicators.method import IndicatorMethod
from services.funding.domain.indicators.metrics import Metric, Unit, Values
from services.funding.domain.indicators.report import (
    IndicatorReport,
    KnownValue,
    Source,
    runway,
    standing_of,
    tenths,
)
from services.funding.domain.indicators.requests import IndicatorRequest
from services.funding.rpc.funds.amounts import fen_of, yuan
from services.kernel.errors import InvalidArgument
from services.kernel.text import Text

SOURCES = {indicator_pb2.IndicatorReport.Source.Value(f"SOURCE_{each.name}"): each for each in Source}


def indicator_to_wire(metric: Metric) -> indicator_pb2.Indicator:
    """What an indicator is."""
    definition = metric.definition
    return indicator_pb2.Indicator(
        code=metric.name,
        title=text_to_wire(definition.title),
        description=text_to_wire(definition.description),
        unit=f"UNIT_{definition.unit.name}",
    )


def values_of(given: Iterable[indicator_pb2.IndicatorValue], report: str = "report.") -> Values:
    """Values by indicator; `report`: where the request has them.

    Raises InvalidArgument for an unknown or repeated one, or a value of the wrong kind.
    """
    found: dict[Metric, int] = {}
    for at, each in enumerate(given):
        path = f"{report}values[{at}]."
        if each.code not in Metric.__members__:
            known = ", ".join(Metric.__members__)
            raise InvalidArgument.field(
                f"{path}code",
                "UNKNOWN_INDICATOR",
                f"没有指标 {each.code[:40]}，可用：{known}",
                f"there is no indicator {each.code[:40]!r}; use {known}",
            )
        metric = Metric[each.code]
        if metric in found:
            raise InvalidArgument.field(
                f"{path}code", "INDICATOR_REPEATED", "同一指标只填一次", "an indicator is given twice"
            )
        found[metric] = _value_of(metric, each, path)
    return found


def report_to_wire(
    report: IndicatorReport, reports: Sequence[IndicatorReport], method: IndicatorMethod
) -> indicator_pb2.IndicatorReport:
    """A report among all of its firm."""
    due, late, restates = standing_of(report, reports, method)
    return indicator_pb2.IndicatorReport(
        name=f"firms/{report.firm_id}/indicatorReports/{report.id}",
        period=report.period.name,
        values=[value_to_wire(metric, report.values[metric]) for metric in Metric if metric in report.values],
        source=f"SOURCE_{report.source.name}",
        document=report.document,
        due_date=date_to_wire(due),
        late=late,
        restates=restates,
        create_time=instant_to_wire(report.at),
        actor=report.actor,
    )


def value_to_wire(metric: Metric, value: int) -> indicator_pb2.IndicatorValue:
    """One value."""
    if metric.definition.unit is Unit.MONEY:
        return indicator_pb2.IndicatorValue(code=metric.name, amount=yuan(value))
    return indicator_pb2.IndicatorValue(code=metric.name, number=value)


def series_to_wire(
    firm_id: str, values: Sequence[KnownValue], method: IndicatorMethod
) -> wire.IndicatorSeries:
    """What is known of a firm, with its runway."""
    months = runway(values, method)
    text = Text("现金可用月数未知或无净流出", "the runway is not known, or nothing flows out")
    if months is not None:
        count = method.runway_periods
        text = Text(
            f"现金约可用{tenths(months)}个月（按最近{count}期月均净流出）",
            f"cash lasts about {tenths(months)} months at the mean outflow of the last {count} periods",
        )
    return wire.IndicatorSeries(
        name=f"firms/{firm_id}/indicatorSeries",
        values=[
            indicator_pb2.KnownValue(
                period=each.period.name,
                value=value_to_wire(each.metric, each.value),
                earlier=[value_to_wire(each.metric, value) for value in each.earlier],
                report_time=instant_to_wire(each.at),
            )
            for each in values
        ],
        runway_months="" if months is None else tenths(months),
        runway_text=text_to_wire(text),
    )


def request_to_wire(request: IndicatorRequest) -> indicator_pb2.IndicatorRequest:
    """One expected report."""
    return indicator_pb2.IndicatorRequest(
        firm=f"firms/{request.firm_id}",
        period=request.period.name,
        due_date=date_to_wire(request.due),
        state=f"STATE_{request.state.name}",
        days_late=request.days_late,
    )


def alert_to_wire(alert: IndicatorAlert, answers: Sequence[IndicatorAnswer]) -> indicator_pb2.IndicatorAlert:
    """An alert with what was done about it."""
    return indicator_pb2.IndicatorAlert(
        firm=f"firms/{alert.firm_id}",
        code=alert.code,
        period=alert.period.name,
        text=text_to_wire(alert.text),
        observed=alert.observed,
        limit=alert.limit,
        answers=[
            indicator_pb2.IndicatorAnswer(
                text=each.text, actor=each.actor, answer_time=instant_to_wire(each.at)
            )
            for each in answers
        ],
    )


def _value_of(metric: Metric, given: indicator_pb2.IndicatorValue, path: str) -> int:
    money = metric.definition.unit is Unit.MONEY
    field, other = ("amount", "number") if money else ("number", "amount")
    if not given.HasField(field) or given.HasField(other):
        raise InvalidArgument.field(
            f"{path}{field}",
            "WRONG_UNIT",
            "金额类指标填写 amount，其余填写 number",
            "indicators in money are given as amount, all others as number",
        )
    fen = fen_of(given, "amount", path) if money else None
    return given.number if fen is None else fen
