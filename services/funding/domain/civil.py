"""Civil months: dates only, never timestamps, so that no time zone can change an age."""

import calendar
from datetime import date


def add_months(day: date, months: int) -> date:
    """The same day `months` later, at most the last day of that month (31 January + 1 = 28 February)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def completed_months(start: date, end: date) -> int:
    """How many whole months lie between, i.e. the largest n with add_months(start, n) <= end; may be
    negative.
    """
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if add_months(start, months) <= end else months - 1
