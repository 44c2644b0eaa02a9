"""Clocks are arguments: nothing in the domain reads the time by itself."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

CIVIL_ZONE = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """Tells the present instant."""

    def now(self) -> datetime:
        """The instant, timezone-aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The instant, in UTC."""
        return datetime.now(UTC)


class ManualClock:
    """A clock that stands until it is moved: for tests and simulations."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        """The instant it was set to, in UTC."""
        return self._now

    def advance(self, by: timedelta) -> None:
        """Move the clock forward."""
        self._now += by


def civil_date(instant: datetime) -> date:
    """The business day of an instant: its civil date in China.

    Raises ValueError for a naive datetime.
    """
    if instant.tzinfo is None:
        raise ValueError("a naive datetime has no civil date")
    return instant.astimezone(CIVIL_ZONE).date()


def civil_instant(text: str) -> datetime:
    """The instant in UTC that a civil date of China, or one with a time of day, stands for: `2026-06-30`,
    `2026-06-30T08:30`, `2026-06-30 08:30`; one that names its offset keeps it. Raises ValueError for anything else.
    """
    said = datetime.fromisoformat(text.strip())
    return (said if said.tzinfo else said.replace(tzinfo=CIVIL_ZONE)).astimezone(UTC)


def midnight(day: date) -> datetime:
    """The instant at which a civil day begins, in UTC."""
    return datetime.combine(day, time(), CIVIL_ZONE).astimezone(UTC)
