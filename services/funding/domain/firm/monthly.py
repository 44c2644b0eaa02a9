"""Monthly figures (月度数据), for rules that judge a firm by its mean over the year before an investment.

财税〔2018〕55号: a month's mean is half the sum of its opening and closing figure; the mean of the twelve months before
the investment is a twelfth of theirs, of fewer months for a younger firm.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from services.funding.domain.civil import add_months
from services.funding.domain.findings import Findings
from services.funding.domain.ratio import Ratio

MONTHS_OF_THE_RULE = 12
MOST_MONTHS = 36


@dataclass(frozen=True)
class MonthFigures:
    """One calendar month, by its first day. None is unknown."""

    month: date
    opening_staff: int | None = None
    closing_staff: int | None = None
    opening_assets_fen: int | None = None
    closing_assets_fen: int | None = None


def mean_before(months: Iterable[MonthFigures], day: date, founded: date | None, figure: str) -> Ratio | None:
    """The exact mean of `staff` or `assets_fen` over the twelve months before the month of `day`.

    Months before that of founding are left out. None when any figure of the window is unknown, or none is left.
    """
    known = {each.month: each for each in months}
    if not known or day < min(known):
        return None
    first = add_months(day.replace(day=1), -MONTHS_OF_THE_RULE)
    since = max(first, founded.replace(day=1)) if founded else first
    total = count = 0
    month = since
    while month < day.replace(day=1):
        each = known.get(month)
        opening = getattr(each, f"opening_{figure}", None)
        closing = getattr(each, f"closing_{figure}", None)
        if opening is None or closing is None:
            return None
        total, count, month = total + opening + closing, count + 1, add_months(month, 1)
    return Ratio(total, 2 * count) if count else None


def examine_months(months: tuple[MonthFigures, ...], as_of: date, findings: Findings) -> None:
    """Find months that are not first days, come twice, are too many or later than the figures, and bad numbers."""
    field = "snapshot.months"
    if len(months) > MOST_MONTHS:
        findings.add(
            field, "TOO_MANY_MONTHS", f"最多{MOST_MONTHS}个月", f"at most {MOST_MONTHS} months are kept"
        )
    if len({each.month for each in months}) != len(months):
        findings.add(field, "MONTH_REPEATED", "同一月份只能填写一次", "a month is listed twice")
    for each in months:
        if each.month.day != 1:
            findings.add(
                field,
                "MONTH_NOT_FIRST_DAY",
                f"月份应写成当月1日，收到 {each.month}",
                f"a month is named by its first day, not {each.month}",
            )
        if each.month > as_of:
            findings.add(
                field,
                "MONTH_AFTER_SNAPSHOT",
                f"月份 {each.month:%Y-%m} 晚于数据截止日期 {as_of}",
                f"the month {each.month:%Y-%m} is later than the figures of {as_of}",
            )
        for name in ("opening_staff", "closing_staff"):
            findings.count(f"{field}.{name}", getattr(each, name))
        for name in ("opening_assets_fen", "closing_assets_fen"):
            findings.amount(f"{field}.{name}", getattr(each, name))
