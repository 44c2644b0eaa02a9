"""Days as forms send them."""

from datetime import date

from services.kernel.errors import InvalidArgument


def day_of(field: str, given: str) -> date:
    """The day of a field. Raises InvalidArgument BAD_DATE for what is none."""
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise InvalidArgument.field(
            field, "BAD_DATE", "请填写日期，如 2027-01-31", "give a date such as 2027-01-31"
        ) from None
