"""W3C trace context: which chain of calls a call belongs to (https://www.w3.org/TR/trace-context/)."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from opentelemetry import trace as otel
from opentelemetry.context import Context

HEADER = "traceparent"
_FORM = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?")


@dataclass(frozen=True, slots=True)
class TraceParent:
    """One span of a trace: 32 hex digits for the trace, 16 for the span."""

    trace_id: str
    span_id: str
    sampled: bool = False

    def header(self) -> str:
        """The value of the `traceparent` header."""
        return f"00-{self.trace_id}-{self.span_id}-{'01' if self.sampled else '00'}"

    def child(self) -> "TraceParent":
        """A new span of the same trace."""
        return TraceParent(self.trace_id, secrets.token_hex(8), self.sampled)


def parse(header: str | None) -> TraceParent | None:
    """The span that a header names, or None for a missing or invalid one (the trace then starts anew)."""
    match = _FORM.fullmatch(header or "")
    if match is None or match[1] == "ff" or not int(match[2], 16) or not int(match[3], 16):
        return None
    return TraceParent(match[2], match[3], bool(int(match[4], 16) & 1))


def start() -> TraceParent:
    """The first span of a new trace."""
    return TraceParent(secrets.token_hex(16), secrets.token_hex(8))


@contextmanager
def span(name: str, parent: TraceParent | None) -> Iterator[TraceParent]:
    """A span under `parent`: recorded if an OpenTelemetry SDK is configured, else only its ids."""
    recorded = otel.get_tracer("bole").start_span(name, context=_remote(parent))
    try:
        own = recorded.get_span_context()
        if recorded.is_recording():
            yield TraceParent(f"{own.trace_id:032x}", f"{own.span_id:016x}", own.trace_flags.sampled)
        else:
            yield parent.child() if parent else start()
    finally:
        recorded.end()


def _remote(parent: TraceParent | None) -> Context | None:
    if parent is None:
        return None
    flags = otel.TraceFlags(otel.TraceFlags.SAMPLED if parent.sampled else otel.TraceFlags.DEFAULT)
    context = otel.SpanContext(
        int(parent.trace_id, 16), int(parent.span_id, 16), is_remote=True, trace_flags=flags
    )
    return otel.set_span_in_context(otel.NonRecordingSpan(context))
