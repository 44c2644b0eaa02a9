"""When a message that failed is tried again: the schedule that the Standard Webhooks specification recommends."""

from datetime import timedelta
from typing import Final

WAITS: Final = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""Between one attempt and the next: ten attempts within 75.5 hours."""
LONGEST: Final = WAITS[-1]
_SPREAD: Final = 0.2


def next_wait(failures: int, jitter: float, asked: timedelta | None = None) -> timedelta | None:
    """How long to wait after so many failures in a row (from 1); None where the schedule is at its end.

    `jitter` from 0 to 1 spreads the wait over ±10 %. `asked`: what the endpoint asked for (Retry-After); it
    lengthens the wait, to a day at most.
    """
    if failures > len(WAITS):
        return None
    wait = WAITS[failures - 1] * (1 - _SPREAD / 2 + _SPREAD * jitter)
    return wait if asked is None else max(wait, min(asked, LONGEST))
