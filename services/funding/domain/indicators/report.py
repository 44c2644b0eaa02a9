"""Reports: never changed; a later one of the same period restates the indicators that it names."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction

from services.funding.domain.findings import Findings
from services.funding.domain.indicators.method import IndicatorMethod
from services.funding.domain.indicators.metrics import Metric, Values, examine_values
from services.funding.domain.indicators.periods import Period, due_date
from services.kernel.clock import civil_date
from services.kernel.text import Text


class Source(StrEnum):
    """Who reported."""

    FIRM = "FIRM"
    MANAGER = "MANAGER"

    @property
    def label(self) -> Text:
        """The word for it."""
        return Text("企业", "the firm") if self is Source.FIRM else Text("管理人", "the manager")


@dataclass(frozen=True)
class IndicatorReport:
    """What was reported of one firm and period at one instant."""

    id: str
    firm_id: str
    period: Period
    values: Values
    source: Source
    document: str
    actor: str
    at: datetime


@dataclass(frozen=True)
class KnownValue:
    """A value with what it was before, oldest first, and when it was reported."""

    period: Period
    metric: Metric
    value: int
    earlier: tuple[int, ...]
    at: datetime


def examine_report(period: Period, values: Values, document: str, today: date) -> None:
    """Raise InvalidArgument with everything that cannot be true of a report."""
    findings = Findings()
    findings.text("document", document, most=300, required=True)
    if period.end > today:
        findings.add(
            "period",
            "PERIOD_NOT_ENDED",
            f"期间 {period.name} 尚未结束",
            f"the period {period.name} has not ended",
        )
    examine_values(values, findings)
    findings.finish()


def standing_of(
    report: IndicatorReport, reports: Iterable[IndicatorReport], method: IndicatorMethod
) -> tuple[date, bool, bool]:
    """Of one report: the due date, whether it is late, and whether it restates an earlier one of its period."""
    due = due_date(report.period, method.days(report.period.months))
    restates = any(each.period == report.period and each.at < report.at for each in reports)
    return due, not restates and civil_date(report.at) > due, restates


def known_values(reports: Iterable[IndicatorReport], known: datetime | None = None) -> list[KnownValue]:
    """Every value as it is known, or was at an instant; newest period first, indicators in their order."""
    found: dict[tuple[Period, Metric], list[tuple[int, datetime]]] = defaultdict(list)
    for report in sorted(reports, key=lambda each: (each.at, each.id)):
        if known is None or report.at <= known:
            for metric, value in report.values.items():
                found[report.period, metric].append((value, report.at))
    order = list(Metric)
    values = [
        KnownValue(period, metric, rows[-1][0], tuple(value for value, _ in rows[:-1]), rows[-1][1])
        for (period, metric), rows in found.items()
    ]
    return sorted(values, key=lambda each: (-each.period.start.toordinal(), order.index(each.metric)))


def by_period(values: Sequence[KnownValue]) -> Mapping[Period, Mapping[Metric, int]]:
    """Values by period, newest first."""
    found = defaultdict[Period, dict[Metric, int]](dict)
    for each in values:
        found[each.period][each.metric] = each.value
    return found


def runway(values: Sequence[KnownValue], method: IndicatorMethod) -> Fraction | None:
    """Months that the newest cash lasts at the mean monthly net outflow of the last periods reported.

    None when either is not known, or nothing flows out.
    """
    periods = by_period(values)
    cash = next((each[Metric.CASH] for each in periods.values() if Metric.CASH in each), None)
    reported = [
        (period.months, each[Metric.OUTFLOW]) for period, each in periods.items() if Metric.OUTFLOW in each
    ]
    newest = reported[: method.runway_periods]
    outflow, months = sum(fen for _, fen in newest), sum(count for count, _ in newest)
    if cash is None or outflow <= 0:
        return None
    return Fraction(cash * months, outflow)


def tenths(value: Fraction) -> str:
    """To one place, rounded down, so that cash never looks longer than it lasts."""
    whole = int(value * 10)
    return f"{whole // 10}.{whole % 10}"
