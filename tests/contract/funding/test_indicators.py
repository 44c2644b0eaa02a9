"""IndicatorService: reports in time, late and restated; requests and alerts; good requests and bad ones."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import grpc
import pytest
from google.type.money_pb2 import Money

from bole.funding.v1 import (
    indicator_pb2,
    indicator_service_pb2,
    indicator_service_pb2_grpc,
    investment_pb2,
    investment_service_pb2,
    investment_service_pb2_grpc,
)
from services.chassis.identity.identity import Grant
from services.cli.answers.formats import Format
from services.cli.answers.output import Output
from services.cli.funding import indicators
from services.cli.session import Session
from services.kernel.clock import civil_date
from services.kernel.errors import InvalidArgument
from tests.contract.coverage import CALLS
from tests.contract.installation import MANAGER, Installation, fields, refused, staff_token

wire = indicator_service_pb2
REQUESTS = indicator_pb2.IndicatorRequest


@pytest.fixture
def channel(whole: Installation) -> Iterator[grpc.Channel]:
    with whole.channel("funding", MANAGER) as opened:
        yield opened


@pytest.fixture
def stub(channel: grpc.Channel) -> Any:
    return indicator_service_pb2_grpc.IndicatorServiceStub(channel)


@pytest.fixture
def held(channel: grpc.Channel) -> investment_pb2.Investment:
    """The oldest holding of the sample."""
    service = investment_service_pb2_grpc.InvestmentServiceStub(channel)
    request = investment_service_pb2.ListInvestmentsRequest(
        filter="origin = SYNTHETIC AND state = ACTIVE", order_by="close_date", page_size=1
    )
    found: investment_pb2.Investment = service.ListInvestments(request).investments[0]
    return found


def yuan(units: int) -> Money:
    return Money(currency_code="CNY", units=units)


def months_ago(months: int) -> str:
    day = civil_date(datetime.now(UTC)).replace(day=1)
    for _ in range(months):
        day = (day - timedelta(days=1)).replace(day=1)
    return f"{day:%Y-%m}"


def report(
    firm: str, period: str, *values: indicator_pb2.IndicatorValue, **more: Any
) -> wire.CreateIndicatorReportRequest:
    given = indicator_pb2.IndicatorReport(period=period, values=values, source="SOURCE_FIRM", document="月报")
    return wire.CreateIndicatorReportRequest(parent=firm, report=given, request_id=str(uuid4()), **more)


def money(code: str, units: int) -> indicator_pb2.IndicatorValue:
    return indicator_pb2.IndicatorValue(code=code, amount=yuan(units))


def count(code: str, number: int) -> indicator_pb2.IndicatorValue:
    return indicator_pb2.IndicatorValue(code=code, number=number)


def test_ten_indicators_are_described(whole: Installation, stub: Any) -> None:
    found = stub.ListIndicators(wire.ListIndicatorsRequest())
    assert len(found.indicators) == 10
    assert all(each.description.zh and each.description.en for each in found.indicators)
    assert found.method
    with whole.channel("funding", Grant("partner")) as stranger:
        call = indicator_service_pb2_grpc.IndicatorServiceStub(stranger).ListIndicators
        assert refused(call, wire.ListIndicatorsRequest()).code == "PERMISSION_DENIED"
    with grpc.insecure_channel(whole.settings.funding_address) as nobody:
        counted = grpc.intercept_channel(nobody, CALLS)
        call = indicator_service_pb2_grpc.IndicatorServiceStub(counted).ListIndicators
        assert refused(call, wire.ListIndicatorsRequest()).code == "UNAUTHENTICATED"


def test_reports_are_kept_restated_and_raise_alerts(stub: Any, held: investment_pb2.Investment) -> None:
    firm, last, before = held.firm, months_ago(1), months_ago(2)
    open_ones = wire.ListIndicatorRequestsRequest(parent=held.fund, open_only=True)
    waiting = {(each.firm, each.period) for each in stub.ListIndicatorRequests(open_ones).requests}
    assert (firm, before) in waiting
    first = report(firm, before, money("REVENUE", 1000), count("STAFF", 10))
    made = stub.CreateIndicatorReport(first)
    assert stub.CreateIndicatorReport(first) == made
    assert made.late
    stub.CreateIndicatorReport(
        report(firm, last, money("REVENUE", 100), money("CASH", 300), money("OUTFLOW", 100))
    )
    again = stub.CreateIndicatorReport(report(firm, before, money("REVENUE", 900)))
    assert (again.restates, again.late) == (True, False)
    listed = stub.ListIndicatorReports(wire.ListIndicatorReportsRequest(parent=firm))
    assert made in listed.reports
    assert again in listed.reports
    name = f"{firm}/indicatorSeries"
    series = stub.GetIndicatorSeries(wire.GetIndicatorSeriesRequest(name=name))
    revenue = [v for v in series.values if v.period == before and v.value.code == "REVENUE"]
    assert [(v.value.amount.units, [e.amount.units for e in v.earlier]) for v in revenue] == [(900, [1000])]
    assert series.runway_months == "3.0"
    then = wire.GetIndicatorSeriesRequest(name=name, known_time=made.create_time)
    assert [
        v.value.amount.units for v in stub.GetIndicatorSeries(then).values if v.value.code == "REVENUE"
    ] == [1000]
    waiting = {(each.firm, each.period) for each in stub.ListIndicatorRequests(open_ones).requests}
    assert not {(firm, before), (firm, last)} & waiting
    every = wire.ListIndicatorRequestsRequest(parent=held.fund)
    states = {(each.firm, each.period): each.state for each in stub.ListIndicatorRequests(every).requests}
    assert states[firm, before] == REQUESTS.STATE_RECEIVED_LATE
    found = alerts(stub, held)
    assert {"RUNWAY_SHORT", "REVENUE_FALL"} <= set(found)
    answer = wire.AnswerIndicatorAlertRequest(
        firm=firm, code="RUNWAY_SHORT", period=last, text="已约谈，启动过桥融资", request_id=str(uuid4())
    )
    answered = stub.AnswerIndicatorAlert(answer)
    assert stub.AnswerIndicatorAlert(answer) == answered
    assert alerts(stub, held)["RUNWAY_SHORT"] == answered
    answer.code, answer.request_id = "NOTHING", str(uuid4())
    assert refused(stub.AnswerIndicatorAlert, answer).code == "NOT_FOUND"


def alerts(stub: Any, held: investment_pb2.Investment) -> dict[str, indicator_pb2.IndicatorAlert]:
    found = stub.ListIndicatorAlerts(wire.ListIndicatorAlertsRequest(parent=held.fund)).alerts
    return {each.code: each for each in found if each.firm == held.firm}


@pytest.mark.parametrize(
    ("value", "field", "reason"),
    [
        (money("STAFF", 3), "report.values[0].number", "WRONG_UNIT"),
        (count("CASH", 3), "report.values[0].amount", "WRONG_UNIT"),
        (count("HAPPINESS", 3), "report.values[0].code", "UNKNOWN_INDICATOR"),
        (money("CASH", -3), "report.values[0].amount", "AMOUNT_TOO_SMALL"),
        (count("TRL", 10), "report.values[0].number", "OUT_OF_BOUNDS"),
    ],
)
def test_a_value_that_cannot_be_is_named(
    stub: Any, held: investment_pb2.Investment, value: Any, field: str, reason: str
) -> None:
    failure = refused(stub.CreateIndicatorReport, report(held.firm, months_ago(3), value))
    assert (fields(failure), failure.reason) == ([field], reason)


def test_what_is_not_there_or_not_held_is_refused(
    stub: Any, held: investment_pb2.Investment, channel: grpc.Channel
) -> None:
    good = count("STAFF", 3)
    wrong = refused(stub.CreateIndicatorReport, report(held.firm, "上月", good))
    assert (wrong.reason, fields(wrong)) == ("INVALID_PERIOD", ["report.period"])
    future = refused(stub.CreateIndicatorReport, report(held.firm, "2190Q1", good))
    assert future.reason == "PERIOD_NOT_ENDED"
    twice = refused(stub.CreateIndicatorReport, report(held.firm, months_ago(3), good, good))
    assert twice.reason == "INDICATOR_REPEATED"
    checked = report(held.firm, months_ago(9), good, validate_only=True)
    made = stub.CreateIndicatorReport(checked)
    kept = stub.ListIndicatorReports(wire.ListIndicatorReportsRequest(parent=held.firm)).reports
    assert made.name not in {each.name for each in kept}
    for call, request in (
        (stub.ListIndicatorReports, wire.ListIndicatorReportsRequest(parent="firms/none")),
        (stub.ListIndicatorRequests, wire.ListIndicatorRequestsRequest(parent="funds/none")),
        (stub.ListIndicatorAlerts, wire.ListIndicatorAlertsRequest(parent="funds/none")),
        (stub.GetIndicatorSeries, wire.GetIndicatorSeriesRequest(name="firms/none/indicatorSeries")),
    ):
        assert refused(call, request).code == "NOT_FOUND"
    odd = wire.GetIndicatorSeriesRequest(name=held.firm)
    assert refused(stub.GetIndicatorSeries, odd).reason == "INVALID_NAME"


def test_indicators_on_the_command_line(
    whole: Installation,
    held: investment_pb2.Investment,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "250")
    staff = Session(whole.settings, Output(Format.TABLE, "zh"), token=staff_token(whole))
    indicators.show_list(staff)
    values = ["CUSTOMERS=4", "ORDERS=12.5万元"]
    indicators.report(staff, held.firm, months_ago(4), values, "月报", by_firm=False, check_only=False)
    indicators.show_requests(staff, held.fund, open_only=False)
    indicators.show_alerts(staff, held.fund)
    staff.close()
    told = capsys.readouterr()
    assert "付费客户" in told.out
    assert "已收到" in told.err
    machine = Session(whole.settings, Output(Format.JSON, "zh"), token=staff_token(whole))
    indicators.show_series(machine, held.firm)
    machine.close()
    rows = json.loads(capsys.readouterr().out)
    assert {row["value"] for row in rows if row["code"] == "ORDERS"} == {"125000.00"}
    with pytest.raises(InvalidArgument):
        indicators.value_of("STAFF=many", {"STAFF": indicator_pb2.Indicator.UNIT_COUNT})
