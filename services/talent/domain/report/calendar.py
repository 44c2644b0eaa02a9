"""The release calendar (发布日历): by when a report is to be out, and what became of that."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from services.talent.domain.report.period import ReportPeriod

_BACK, _AHEAD = 3, 4
"""Quarters before and after the one that is reported on."""


@dataclass(frozen=True, slots=True)
class Planned:
    """`signed`: the day on which the first report of the period was signed; None while none is."""

    period: str
    due: date
    signed: date | None

    def late(self, today: date) -> int:
        """Days by which it was signed late, or, unless signed, by which it is late today; 0 when it is not."""
        return max(0, ((self.signed or today) - self.due).days)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Configuration: how many days after its last day a quarter's and a year's report is to be out."""

    quarter_days: int = 45
    year_days: int = 90

    def due(self, period: ReportPeriod) -> date:
        """The last day on which a report is on time."""
        return period.end + timedelta(days=self.year_days if period.yearly else self.quarter_days)

    def around(self, period: ReportPeriod, signed: Mapping[str, date]) -> tuple[Planned, ...]:
        """Periods before and after one, the earliest day first; `signed`: of those reported on, by period. What lies
        before the first of these, and before this one, was nobody's to report on.
        """
        began = min((ReportPeriod.parse(code).end for code in signed), default=period.end)
        near = [each for each in _near(period) if each.end >= min(began, period.end)]
        planned = (Planned(each.code, self.due(each), signed.get(each.code)) for each in near)
        return tuple(sorted(planned, key=lambda each: (each.due, each.period)))


def next_of(planned: Iterable[Planned]) -> Planned | None:
    """What is due next, or is overdue for longest; None if all of it is signed."""
    return min((each for each in planned if each.signed is None), key=lambda each: each.due, default=None)


def _near(period: ReportPeriod) -> Iterator[ReportPeriod]:
    for quarters in range(-_BACK, _AHEAD + 1):
        last = period.last.later(quarters)
        yield ReportPeriod(last, yearly=False)
        if last.number == 4:
            yield ReportPeriod(last, yearly=True)
