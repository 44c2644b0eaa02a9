"""Periods of reports: months while a firm is seed or start-up, quarters after that; and when they are due."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from services.funding.domain.civil import add_months
from services.funding.domain.firm.stages import Stage
from services.kernel.errors import InvalidArgument

MONTHLY, QUARTERLY = 1, 3
_EARLIEST = 1950
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_QUARTER = re.compile(r"(\d{4})Q([1-4])")


@dataclass(frozen=True, order=True)
class Period:
    """`months` (1 or 3) from the first day of a month or quarter on."""

    start: date
    months: int

    @property
    def end(self) -> date:
        """The first day after it."""
        return add_months(self.start, self.months)

    @property
    def name(self) -> str:
        """`2026-06` or `2026Q2`."""
        if self.months == MONTHLY:
            return f"{self.start:%Y-%m}"
        return f"{self.start.year}Q{(self.start.month + 2) // 3}"

    @property
    def before(self) -> "Period":
        """The period of the same length before it."""
        return Period(add_months(self.start, -self.months), self.months)


def parse_period(text: str) -> Period:
    """`2026-06` or `2026Q2`. Raises InvalidArgument (INVALID_PERIOD) on field `period`."""
    if (month := _MONTH.fullmatch(text)) and int(month[1]) >= _EARLIEST:
        return Period(date(int(month[1]), int(month[2]), 1), MONTHLY)
    if (quarter := _QUARTER.fullmatch(text)) and int(quarter[1]) >= _EARLIEST:
        return Period(date(int(quarter[1]), 3 * int(quarter[2]) - 2, 1), QUARTERLY)
    raise InvalidArgument.field(
        "period",
        "INVALID_PERIOD",
        f"“{text}”不是期间，月度应写成 2026-06，季度应写成 2026Q2",
        f"{text!r} is no period; write a month as 2026-06, a quarter as 2026Q2",
    )


def cadence(stage: Stage | None) -> int:
    """Months of a period: monthly for seed, start-up and firms of unknown stage, else quarterly."""
    return QUARTERLY if stage in (Stage.EARLY_GROWTH, Stage.GROWTH) else MONTHLY


def period_of(day: date, months: int) -> Period:
    """The period of so many months that a day lies in."""
    return Period(date(day.year, (day.month - 1) // months * months + 1, 1), months)


def ended_between(since: date, today: date, months: int) -> Iterator[Period]:
    """The whole periods that begin on or after `since` and have ended by `today`, oldest first."""
    period = period_of(since, months)
    if period.start < since:
        period = Period(period.end, months)
    while period.end <= today:
        yield period
        period = Period(period.end, months)


def due_date(period: Period, days: int) -> date:
    """The last day on which a report of the period is in time."""
    return period.end - timedelta(days=1) + timedelta(days=days)
