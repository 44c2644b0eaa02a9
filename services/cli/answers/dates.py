"""Days as they are typed."""

from datetime import date, datetime

from google.type.date_pb2 import Date

from services.chassis.rpc.wire import date_to_wire
from services.kernel.clock import civil_instant
from services.kernel.errors import InvalidArgument


def day(text: str, field: str) -> date:
    """`2026-06-30`. Raises InvalidArgument (BAD_DATE) naming the option."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidArgument.field(
            field,
            "BAD_DATE",
            f"“{text}”不是日期，应写成 2026-06-30",
            f"{text!r} is not a date; write 2026-06-30",
        ) from None


def instant(text: str, field: str) -> datetime:
    """`2026-06-30` or `2026-06-30T08:30`, of China. Raises InvalidArgument (BAD_TIME) naming the option."""
    try:
        return civil_instant(text)
    except (ValueError, OverflowError):
        raise InvalidArgument.field(
            field,
            "BAD_TIME",
            f"“{text}”不是时间，应写成 2026-06-30 或 2026-06-30T08:30",
            f"{text!r} is not a time; write 2026-06-30 or 2026-06-30T08:30",
        ) from None


def wire_day(text: str, field: str) -> Date:
    """The same as the contract has it."""
    return date_to_wire(day(text, field))
