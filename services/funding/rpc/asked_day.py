"""The day that a question asks about: today unless it says otherwise, and never one to come."""

from datetime import date
from typing import Any

from services.chassis.rpc.wire import date_from_wire
from services.kernel.clock import Clock, civil_date
from services.kernel.errors import InvalidArgument


def asked_day(request: Any, clock: Clock) -> date:
    """`as_of_date` of a request, else today. Raises InvalidArgument (TIME_IN_FUTURE)."""
    today = civil_date(clock.now())
    if not request.HasField("as_of_date"):
        return today
    day = date_from_wire(request.as_of_date)
    if day > today:
        raise InvalidArgument.field(
            "as_of_date",
            "TIME_IN_FUTURE",
            f"日期 {day} 晚于今天 {today}，请选择今天或以前的日期",
            f"{day} is after today, {today}; ask about today or a day before",
        )
    return day
