"""Indicators: due and late, restated and kept, runway and alerts."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.funding.domain.firm.stages import Stage
from services.funding.domain.indicators.alerts import CODES, alerts
from services.funding.domain.indicators.method import IndicatorMethod
from services.funding.domain.indicators.metrics import Metric, Unit
from services.funding.domain.indicators.periods import (
    MONTHLY,
    QUARTERLY,
    Period,
    cadence,
    due_date,
    ended_between,
    parse_period,
    period_of,
)
from services.funding.domain.indicators.report import (
    IndicatorReport,
    Source,
    examine_report,
    known_values,
    runway,
    standing_of,
    tenths,
)
from services.funding.domain.indicators.requests import RequestState, expected, in_order
from services.funding.domain.screening.rulesets import WAN
from services.kernel.errors import InvalidArgument

METHOD = IndicatorMethod()
M = Metric
NOON = datetime(2026, 7, 10, 4, tzinfo=UTC)


def report(period: str, at: datetime = NOON, number: int = 1, **values: int) -> IndicatorReport:
    found = {Metric[code]: value for code, value in values.items()}
    return IndicatorReport(
        f"r-{number}", "firm-1", parse_period(period), found, Source.FIRM, "月报", "analyst", at
    )


def test_there_are_ten_each_described_in_both_languages() -> None:
    assert len(Metric) == 10
    for each in Metric:
        words = each.definition.title, each.definition.description
        assert all(text.zh and text.en for text in words)
    assert {each.definition.unit for each in Metric} == set(Unit)
    assert all(line.zh and line.en for line in METHOD.note())


@pytest.mark.parametrize(
    ("text", "start", "months"),
    [("2026-06", date(2026, 6, 1), 1), ("2026Q2", date(2026, 4, 1), 3), ("2025Q4", date(2025, 10, 1), 3)],
)
def test_a_period_reads_as_it_is_written(text: str, start: date, months: int) -> None:
    assert parse_period(text) == Period(start, months)
    assert Period(start, months).name == text


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "2026Q5", "0026-01", "2026-6", "2026Q2 "])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        parse_period(text)
    assert caught.value.reason == "INVALID_PERIOD"


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.sampled_from([MONTHLY, QUARTERLY]))
def test_a_day_lies_in_its_period_and_periods_follow_each_other(day: date, months: int) -> None:
    period = period_of(day, months)
    assert period.start <= day < period.end
    assert period_of(period.end, months).before == period
    assert parse_period(period.name) == period


def test_young_firms_report_monthly_and_others_quarterly() -> None:
    assert [cadence(stage) for stage in (None, *Stage)] == [1, 1, 1, 3, 3]
    assert [each.name for each in ended_between(date(2026, 3, 5), date(2026, 6, 1), 1)] == [
        "2026-04",
        "2026-05",
    ]
    assert [each.name for each in ended_between(date(2026, 1, 1), date(2026, 6, 30), 3)] == ["2026Q1"]
    assert due_date(parse_period("2026-06"), 15) == date(2026, 7, 15)


def test_requests_tell_what_is_due_late_and_received() -> None:
    known = [
        report("2026-03", datetime(2026, 4, 10, tzinfo=UTC), 1, STAFF=9),
        report("2026-04", datetime(2026, 6, 1, tzinfo=UTC), 2, STAFF=9),
        report("2026-04", datetime(2026, 6, 9, tzinfo=UTC), 3, STAFF=8),
    ]
    found = expected("firm-1", date(2026, 3, 1), MONTHLY, known, date(2026, 7, 10), METHOD)
    assert [(each.period.name, each.state, each.days_late) for each in in_order(found)] == [
        ("2026-05", RequestState.LATE, 25),
        ("2026-06", RequestState.DUE, 0),
        ("2026-04", RequestState.RECEIVED_LATE, 17),
        ("2026-03", RequestState.RECEIVED, 0),
    ]


def test_what_a_firm_handed_in_itself_came_when_it_was_handed_in() -> None:
    since, today = date(2026, 6, 1), date(2026, 7, 31)
    [before] = expected("firm-1", since, MONTHLY, [], today, METHOD)
    assert before.state is RequestState.LATE
    for day, state in ((5, RequestState.RECEIVED), (30, RequestState.RECEIVED_LATE)):
        own = [(before.period, datetime(2026, 7, day, 4, tzinfo=UTC))]
        [after] = expected("firm-1", since, MONTHLY, [], today, METHOD, own)
        assert after.state is state


def test_late_and_restated_values_are_kept() -> None:
    first = report("2026-05", NOON, 1, REVENUE=100, STAFF=5)
    second = report("2026-05", NOON + timedelta(days=9), 2, REVENUE=90)
    assert standing_of(first, [first, second], METHOD) == (date(2026, 6, 15), True, False)
    assert standing_of(second, [first, second], METHOD) == (date(2026, 6, 15), False, True)
    now = {(each.metric): (each.value, each.earlier) for each in known_values([second, first])}
    assert now == {M.REVENUE: (90, (100,)), M.STAFF: (5, ())}
    then = known_values([second, first], NOON)
    assert [(each.metric, each.value, each.earlier) for each in then] == [
        (M.REVENUE, 100, ()),
        (M.STAFF, 5, ()),
    ]
    assert known_values([first], NOON - timedelta(seconds=1)) == []


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 10**12)), max_size=15), st.integers(0, 20))
def test_what_was_known_never_changes_with_what_comes_later(rows: list[tuple[int, int]], day: int) -> None:
    reports = [
        report("2026-05", NOON + timedelta(days=offset), number, CASH=value)
        for number, (offset, value) in enumerate(rows)
    ]
    known = NOON + timedelta(days=day)
    before = [each for each in reports if each.at <= known]
    assert known_values(reports, known) == known_values(before)


def test_a_report_that_cannot_be_true_names_every_value() -> None:
    with pytest.raises(InvalidArgument) as caught:
        examine_report(
            parse_period("2026-07"),
            {M.TRL: 10, M.REVENUE: -1, M.OUTFLOW: -1, M.STAFF: 3, M.RD_STAFF: 4},
            "",
            date(2026, 7, 10),
        )
    assert [(each.field, each.reason) for each in caught.value.violations] == [
        ("document", "REQUIRED"),
        ("period", "PERIOD_NOT_ENDED"),
        ("values.TRL", "OUT_OF_BOUNDS"),
        ("values.REVENUE", "AMOUNT_TOO_SMALL"),
        ("values.RD_STAFF", "PART_OVER_WHOLE"),
    ]
    with pytest.raises(InvalidArgument):
        examine_report(parse_period("2026-05"), {}, "月报", date(2026, 7, 10))


def test_runway_is_exact_over_the_last_periods() -> None:
    reports = [
        report("2026-03", NOON, 1, CASH=900 * WAN, OUTFLOW=900 * WAN),
        report("2026-04", NOON, 2, OUTFLOW=100 * WAN),
        report("2026-05", NOON, 3, OUTFLOW=100 * WAN),
        report("2026-06", NOON, 4, CASH=500 * WAN, OUTFLOW=100 * WAN),
    ]
    months = runway(known_values(reports), METHOD)
    assert months == 5
    assert tenths(Fraction(16, 3)) == "5.3"
    assert runway(known_values([report("2026-06", OUTFLOW=-5, CASH=1)]), METHOD) is None
    assert runway(known_values([report("2026-06", OUTFLOW=5)]), METHOD) is None
    quarter = known_values([report("2026Q2", CASH=600, OUTFLOW=300)])
    assert runway(quarter, METHOD) == 6


def test_alerts_are_raised_at_the_threshold_and_not_below() -> None:
    before = report("2026-05", NOON, 1, REVENUE=1000, STAFF=10, RD_STAFF=5)
    late = expected("firm-1", date(2026, 3, 1), MONTHLY, [], date(2026, 7, 10), METHOD)
    at = report("2026-06", NOON, 2, REVENUE=700, STAFF=8, RD_STAFF=4, CASH=599, OUTFLOW=100)
    found = alerts("firm-1", known_values([before, at]), late, METHOD)
    assert [each.code for each in found] == list(CODES)
    assert [(each.observed, each.limit) for each in found] == [
        ("3", "0"),
        ("5.9", "6"),
        ("30%", "30%"),
        ("20%", "20%"),
        ("20%", "20%"),
    ]
    assert all(each.text.zh and each.text.en for each in found)
    near = report("2026-06", NOON, 2, REVENUE=701, STAFF=9, RD_STAFF=5, CASH=600, OUTFLOW=100)
    assert alerts("firm-1", known_values([before, near]), (), METHOD) == []
