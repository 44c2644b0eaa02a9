"""`bole indicator …`: what firms report after an investment."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from bole.funding.v1 import indicator_pb2, indicator_service_pb2_grpc
from bole.funding.v1 import indicator_service_pb2 as service
from services.chassis.rpc.wire import date_from_wire, instant_from_wire, money_from_wire, money_to_wire
from services.cli.answers import wording
from services.cli.answers.columns import Column, tick
from services.cli.session import Session
from services.kernel.clock import civil_date
from services.kernel.errors import InvalidArgument
from services.kernel.money import Money, parse_amount
from services.kernel.periods import period_code
from services.kernel.text import Language, Text
from services.wording.holdings import REPORTS

TIMEOUT_SECONDS = 30.0
_LIST = (
    Column("title", Text("指标", "indicator")),
    Column("description", Text("口径", "what it means"), wraps=True),
    Column("code", Text("代码", "code")),
)


def _value_text(value: Any, language: Language) -> str:
    return value.rounded(language) if isinstance(value, Money) else str(value)


_SERIES = (
    Column("period", Text("期间", "period")),
    Column("title", Text("指标", "indicator")),
    Column("value", Text("数值", "value"), right=True, show=_value_text),
    Column("earlier", Text("更正前", "before restating"), wraps=True),
    Column("reported", Text("报告日", "reported")),
)
_SOURCES = {
    "SOURCE_FIRM": Text("企业", "firm"),
    "SOURCE_MANAGER": Text("管理人", "manager"),
}
_REPORTS = (
    Column("period", Text("期间", "period")),
    Column("source", Text("填报方", "by whom")),
    Column("count", Text("指标数", "values"), right=True),
    Column("due", Text("应报日", "due")),
    Column("time", Text("登记时间", "recorded")),
    Column("late", Text("逾期", "late"), show=tick),
    Column("restates", Text("更正", "restates"), show=tick),
    Column("document", Text("依据", "document"), wraps=True),
    Column("name", Text("编号", "resource"), whole=True),
)
_REQUESTS = (
    Column("firm", Text("企业", "firm"), whole=True),
    Column("period", Text("期间", "period")),
    Column("due", Text("应报日", "due")),
    Column("state", Text("状态", "state")),
    Column("days_late", Text("逾期天数", "days late"), right=True),
)
_ALERTS = (
    Column("firm", Text("企业", "firm"), whole=True),
    Column("code", Text("预警", "alert")),
    Column("period", Text("期间", "period")),
    Column("text", Text("情况", "what was seen"), wraps=True),
    Column("answers", Text("处置", "what was done"), wraps=True),
)


def show_list(session: Session) -> None:
    """The ten, and the method."""
    found = _stub(session).ListIndicators(service.ListIndicatorsRequest(), timeout=TIMEOUT_SECONDS)
    rows = [
        {
            "code": each.code,
            "title": wording.say(each.title, session.language),
            "description": wording.say(each.description, session.language),
        }
        for each in found.indicators
    ]
    session.output.rows(Text("投后指标", "indicators"), _LIST, rows)
    for line in found.method:
        session.output.note(wording.say(line, session.language))


def report(
    session: Session,
    firm: str,
    period: str,
    values: Sequence[str],
    document: str,
    *,
    by_firm: bool,
    check_only: bool,
) -> None:
    """Record a report."""
    request = service.CreateIndicatorReportRequest(
        parent=firm,
        report=report_of(session, period, values, document, by_firm=by_firm),
        request_id=str(uuid4()),
        validate_only=check_only,
    )
    made = _stub(session).CreateIndicatorReport(request, timeout=TIMEOUT_SECONDS)
    late = Text("（逾期）", " (late)") if made.late else Text("", "")
    again = Text("（更正）", " (restated)") if made.restates else Text("", "")
    session.output.say(
        Text(
            f"{firm} {made.period}：已收到{late.zh}{again.zh}",
            f"{firm} {made.period}: received{late.en}{again.en}",
        )
    )


def report_of(
    session: Session, period: str, values: Sequence[str], document: str, *, by_firm: bool
) -> indicator_pb2.IndicatorReport:
    """A report, its values written `REVENUE=120万元` or `STAFF=25`. Raises InvalidArgument."""
    units = {each.code: each.unit for each in _definitions(session)}
    return indicator_pb2.IndicatorReport(
        period=period_code(period, "PERIOD"),
        values=[value_of(each, units) for each in values],
        source="SOURCE_FIRM" if by_firm else "SOURCE_MANAGER",
        document=document,
    )


def value_of(text: str, units: Mapping[str, int]) -> indicator_pb2.IndicatorValue:
    """`REVENUE=120万元` or `STAFF=25`. Raises InvalidArgument."""
    code, _, value = text.partition("=")
    if units.get(code.upper()) == indicator_pb2.Indicator.UNIT_MONEY:
        amount = money_to_wire(parse_amount(value, field="VALUES"))
        return indicator_pb2.IndicatorValue(code=code.upper(), amount=amount)
    if code.upper() not in units or not value.isascii() or not value.isdigit() or len(value) > 9:
        listed = ", ".join(units)
        raise InvalidArgument.field(
            "VALUES",
            "BAD_VALUE",
            f"“{text}”应写成 指标=数值，指标为 {listed}",
            f"write {text!r} as indicator=value, with an indicator of {listed}",
        )
    return indicator_pb2.IndicatorValue(code=code.upper(), number=int(value))


def show_reports(session: Session, firm: str) -> None:
    """Every report of a firm, restated ones too."""
    request = service.ListIndicatorReportsRequest(parent=firm)
    found = _stub(session).ListIndicatorReports(request, timeout=TIMEOUT_SECONDS).reports
    rows = [
        {
            "period": each.period,
            "source": _SOURCES[indicator_pb2.IndicatorReport.Source.Name(each.source)].to(session.language),
            "count": len(each.values),
            "due": date_from_wire(each.due_date).isoformat() if each.HasField("due_date") else "",
            "time": wording.minute(each.create_time),
            "late": each.late,
            "restates": each.restates,
            "document": each.document,
            "actor": each.actor,
            "name": each.name,
        }
        for each in found
    ]
    session.output.rows(Text(f"{firm} 填报", f"reports of {firm}"), _REPORTS, rows)


def show_series(session: Session, firm: str) -> None:
    """Values by period."""
    titles = {each.code: wording.say(each.title, session.language) for each in _definitions(session)}
    request = service.GetIndicatorSeriesRequest(name=f"{firm}/indicatorSeries")
    found = _stub(session).GetIndicatorSeries(request, timeout=TIMEOUT_SECONDS)
    rows = [
        {
            "period": each.period,
            "title": titles[each.value.code],
            "value": _plain(each.value),
            "earlier": [_value_text(_plain(value), session.language) for value in each.earlier],
            "reported": civil_date(instant_from_wire(each.report_time)).isoformat(),
            "code": each.value.code,
        }
        for each in found.values
    ]
    session.output.rows(Text(f"{firm} 投后指标", f"indicators of {firm}"), _SERIES, rows)
    session.output.note(wording.say(found.runway_text, session.language))


def show_requests(session: Session, fund: str, *, open_only: bool) -> None:
    """What is due or late."""
    request = service.ListIndicatorRequestsRequest(parent=fund, open_only=open_only)
    found = _stub(session).ListIndicatorRequests(request, timeout=TIMEOUT_SECONDS)
    states = indicator_pb2.IndicatorRequest.State
    rows = [
        {
            "firm": each.firm,
            "period": each.period,
            "due": date_from_wire(each.due_date).isoformat(),
            "state": REPORTS[states.Name(each.state)].to(session.language),
            "days_late": each.days_late,
        }
        for each in found.requests
    ]
    session.output.rows(Text("催报清单", "reports expected"), _REQUESTS, rows)


def show_alerts(session: Session, fund: str) -> None:
    """What asks for an answer."""
    request = service.ListIndicatorAlertsRequest(parent=fund)
    found = _stub(session).ListIndicatorAlerts(request, timeout=TIMEOUT_SECONDS)
    rows = [
        {
            "firm": each.firm,
            "code": each.code,
            "period": each.period,
            "text": wording.say(each.text, session.language),
            "answers": [f"{answer.actor}: {answer.text}" for answer in each.answers],
        }
        for each in found.alerts
    ]
    session.output.rows(Text("投后预警", "alerts"), _ALERTS, rows)


def answer(session: Session, firm: str, code: str, period: str, text: str) -> None:
    """State what was done."""
    request = service.AnswerIndicatorAlertRequest(
        firm=firm,
        code=code,
        period=period_code(period, "PERIOD"),
        text=text,
        request_id=str(uuid4()),
    )
    found = _stub(session).AnswerIndicatorAlert(request, timeout=TIMEOUT_SECONDS)
    count = len(found.answers)
    session.output.say(
        Text(f"{firm} {code}：已登记第{count}次处置", f"{firm} {code}: answer {count} is recorded")
    )


def _definitions(session: Session) -> Sequence[indicator_pb2.Indicator]:
    found = _stub(session).ListIndicators(service.ListIndicatorsRequest(), timeout=TIMEOUT_SECONDS)
    return found.indicators


def _plain(value: indicator_pb2.IndicatorValue) -> Money | int:
    return money_from_wire(value.amount) if value.HasField("amount") else value.number


def _stub(session: Session) -> indicator_service_pb2_grpc.IndicatorServiceStub:
    return indicator_service_pb2_grpc.IndicatorServiceStub(session.channel("funding"))
