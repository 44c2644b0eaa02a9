"""Days and times as forms send them."""

from datetime import date, datetime

from services.kernel.clock import civil_instant
from services.kernel.errors import InvalidArgument


def day_of(field: str, given: str) -> date:
    """The day of a field. Raises InvalidArgument BAD_DATE for what is none."""
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise InvalidArgument.field(
            field, "BAD_DATE", "请填写日期，如 2027-01-31", "give a date such as 2027-01-31"
        ) from None


def instant_of(field: str, given: str) -> datetime:
    """The instant of a field, a time of China. Raises InvalidArgument BAD_TIME for what is none."""
    try:
        return civil_instant(given)
    except (ValueError, OverflowError):
        raise InvalidArgument.field(
            field, "BAD_TIME", "请填写时间，如 2027-01-31T08:30", "give a time such as 2027-01-31T08:30"
        ) from None
