"""Alerts (预警): what in the newest reports of a firm asks for an answer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.funding.domain.indicators.method import IndicatorMethod
from services.funding.domain.indicators.metrics import Metric
from services.funding.domain.indicators.periods import Period
from services.funding.domain.indicators.report import KnownValue, by_period, runway, tenths
from services.funding.domain.indicators.requests import IndicatorRequest, RequestState
from services.funding.domain.ratio import Ratio
from services.kernel.text import Text

CODES = ("REPORT_LATE", "RUNWAY_SHORT", "REVENUE_FALL", "STAFF_FALL", "RD_STAFF_FALL")
_FALLS = (
    ("REVENUE_FALL", Metric.REVENUE, "revenue_fall"),
    ("STAFF_FALL", Metric.STAFF, "staff_fall"),
    ("RD_STAFF_FALL", Metric.RD_STAFF, "staff_fall"),
)


@dataclass(frozen=True)
class IndicatorAlert:
    """What was seen in which period, beside the threshold."""

    firm_id: str
    code: str
    period: Period
    observed: str
    limit: str
    text: Text


def alerts(
    firm_id: str,
    values: Sequence[KnownValue],
    requests: Sequence[IndicatorRequest],
    method: IndicatorMethod,
) -> list[IndicatorAlert]:
    """What the newest values and the missing reports of a firm give reason to ask about."""
    return [
        *_late(firm_id, requests),
        *_runway(firm_id, values, method),
        *_falls(firm_id, values, method),
    ]


def _late(firm_id: str, requests: Sequence[IndicatorRequest]) -> Iterator[IndicatorAlert]:
    late = [each for each in requests if each.state is RequestState.LATE]
    if late:
        newest = max(late, key=lambda each: each.period.start)
        text = Text(
            f"{len(late)}期报告逾期，最近一期 {newest.period.name} 应于 {newest.due} 前提交",
            f"reports late: {len(late)}; the newest, {newest.period.name}, was due on {newest.due}",
        )
        yield IndicatorAlert(firm_id, "REPORT_LATE", newest.period, str(len(late)), "0", text)


def _runway(firm_id: str, values: Sequence[KnownValue], method: IndicatorMethod) -> Iterator[IndicatorAlert]:
    months = runway(values, method)
    if months is not None and months < method.runway_months:
        left, newest = tenths(months), next(each.period for each in values if each.metric is Metric.CASH)
        text = Text(
            f"现金可用约{left}个月，低于{method.runway_months}个月",
            f"cash lasts about {left} months, below {method.runway_months}",
        )
        yield IndicatorAlert(firm_id, "RUNWAY_SHORT", newest, left, str(method.runway_months), text)


def _falls(firm_id: str, values: Sequence[KnownValue], method: IndicatorMethod) -> Iterator[IndicatorAlert]:
    periods = by_period(values)
    for code, metric, threshold in _FALLS:
        limit: Ratio = getattr(method, threshold)
        found = _fall(periods, metric)
        if found is not None and not found[1].is_below(limit):
            period, fall = found
            title = metric.definition.title
            text = Text(
                f"{title.zh}较上期下降{fall.percent()}，达到{limit.percent()}",
                f"{title.en} fell by {fall.percent()} against the period before, at or over {limit.percent()}",
            )
            yield IndicatorAlert(firm_id, code, period, fall.percent(), limit.percent(), text)


def _fall(periods: Mapping[Period, Mapping[Metric, int]], metric: Metric) -> tuple[Period, Ratio] | None:
    """The newest period that reports an indicator, and by how much it fell against the one before."""
    newest = next((period for period, values in periods.items() if metric in values), None)
    before = periods.get(newest.before, {}).get(metric) if newest is not None else None
    if newest is None or not before:
        return None
    return newest, Ratio(before - periods[newest][metric], before)
