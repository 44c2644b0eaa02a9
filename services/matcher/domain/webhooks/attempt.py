"""One attempt to tell an endpoint something, and how it ended."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from services.kernel.text import Text

GONE: Final = 410
_NOTHING: Final = Text("", "")


class Cause(StrEnum):
    """Why it was made."""

    EVENT = "EVENT"
    TEST = "TEST"
    REDELIVERY = "REDELIVERY"


class Outcome(StrEnum):
    """How it ended."""

    DELIVERED = "DELIVERED"
    REFUSED = "REFUSED"
    TIMEOUT = "TIMEOUT"
    UNREACHABLE = "UNREACHABLE"
    FORBIDDEN_ADDRESS = "FORBIDDEN_ADDRESS"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of sending. `status` 0: no answer; `asked`: how long the endpoint wants to be left alone."""

    outcome: Outcome
    latency_ms: int
    status: int = 0
    excerpt: str = ""
    reason: Text = field(default=_NOTHING)
    asked: timedelta | None = None

    @property
    def taken(self) -> bool:
        """Whether the endpoint has the message."""
        return self.outcome is Outcome.DELIVERED

    @property
    def gone(self) -> bool:
        """Whether the endpoint wants no message any more."""
        return self.outcome is Outcome.REFUSED and self.status == GONE


@dataclass(eq=False, kw_only=True)
class Attempt:
    """A line of the delivery log. `sequence` 0: no event; `number` counts the attempts of one event, from 1."""

    id: str
    webhook_id: str
    cause: Cause
    message_id: str
    sequence: int
    previous: int
    number: int
    at: datetime
    outcome: Outcome
    status: int
    latency_ms: int
    excerpt: str
    reason_zh: str
    reason_en: str
    next_at: datetime | None = None
