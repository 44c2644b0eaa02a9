"""The call that is being served: who calls, for what purpose, how long there is."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from services.chassis.identity.identity import Principal
from services.chassis.policy import Clearance
from services.chassis.telemetry.trace import TraceParent, continuing
from services.kernel.errors import BoleError
from services.kernel.text import Text


class DeadlineExceeded(BoleError):
    """The caller's deadline has passed; whatever was going on is given up."""

    default_reason = "DEADLINE_EXCEEDED"


@dataclass(frozen=True, slots=True)
class Call:
    """One RPC, as handlers see it. `deadline` is on the monotonic clock, in seconds."""

    principal: Principal
    clearance: Clearance
    purpose: str | None
    request_id: str
    trace: TraceParent
    method: str
    peer: str
    arrived: datetime
    deadline: float

    def remaining(self) -> float:
        """Seconds until the deadline; 0 once it has passed."""
        return max(0.0, self.deadline - time.monotonic())

    def check_deadline(self) -> None:
        """Raise DeadlineExceeded once the deadline has passed: for long work, between its steps."""
        if self.remaining() == 0:
            raise expired()


_current: ContextVar[Call | None] = ContextVar("call", default=None)


def current_call() -> Call:
    """The call that this thread or task is serving. Raises LookupError outside of a handler."""
    call = _current.get()
    if call is None:
        raise LookupError("no call is being served here")
    return call


def correlation() -> dict[str, str]:
    """Request id and trace of the current call, for log lines; empty outside of a handler."""
    call = _current.get()
    return {"request_id": call.request_id, "traceparent": call.trace.header()} if call else {}


@contextmanager
def serving(call: Call) -> Iterator[None]:
    """Make `call` the current one of this thread or task, and its trace the one at hand."""
    token = _current.set(call)
    try:
        with continuing(call.trace):
            yield
    finally:
        _current.reset(token)


def expired() -> DeadlineExceeded:
    """The error of a call whose time is up."""
    return DeadlineExceeded(
        Text("处理超时，请稍后重试或缩小范围", "the deadline passed; retry, or ask for less")
    )
