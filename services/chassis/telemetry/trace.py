"""W3C trace context: which chain of calls a call belongs to (https://www.w3.org/TR/trace-context/)."""

import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

from opentelemetry import trace as otel
from opentelemetry.context import Context

HEADER = "traceparent"
_NO_SPANS: Final = otel.NoOpTracer()
_tracers: list[otel.Tracer] = []
_at_hand: ContextVar["TraceParent | None"] = ContextVar("trace_at_hand", default=None)
_FORM = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?")


@dataclass(frozen=True, slots=True)
class TraceParent:
    """One span of a trace: 32 hex digits for the trace, 16 for the span. `sampled`: somebody before keeps spans of the
    trace; `kept`: this span is.
    """

    trace_id: str
    span_id: str
    sampled: bool = False
    kept: bool = False

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


def at_hand() -> TraceParent | None:
    """The span of the call, or of the records, that this thread or task works on, to hand on to the next service."""
    return _at_hand.get()


def kept_at_hand() -> str | None:
    """Its header, for an event to carry; None if nobody keeps its spans."""
    trace = at_hand()
    return trace.header() if trace and trace.kept else None


@contextmanager
def continuing(trace: TraceParent | None) -> Iterator[None]:
    """Have `trace` at hand."""
    token = _at_hand.set(trace)
    try:
        yield
    finally:
        _at_hand.reset(token)


@contextmanager
def recording(tracer: otel.Tracer) -> Iterator[None]:
    """Have the spans of this process made by `tracer`."""
    _tracers.append(tracer)
    try:
        yield
    finally:
        _tracers.remove(tracer)


@contextmanager
def span(
    name: str, parent: TraceParent | None, describe: Callable[[], Mapping[str, str]] = dict
) -> Iterator[TraceParent]:
    """A span of a call under `parent`: recorded if spans are exported, else only its ids. `describe` is asked at the
    end for what else it says; nothing personal.
    """
    recorded = _tracer().start_span(name, context=_remote(parent), kind=otel.SpanKind.SERVER)
    try:
        own = _parent_of(recorded)
        yield own or (parent.child() if parent else start())
    finally:
        if recorded.is_recording():
            recorded.set_attributes(describe())
        recorded.end()


@contextmanager
def working(name: str, headers: Callable[[], Iterable[str | None]]) -> Iterator[None]:
    """A span of work on records of the log, whose `headers` say what made them; asked only if spans are exported.

    Records of one trace go on with it; those of several are linked, as a batch has one span.
    """
    if not _tracers:
        yield
        return
    made_by = {each.trace_id: each for each in map(parse, headers()) if each and each.sampled}
    links = [otel.Link(_context_of(each)) for each in made_by.values()]
    alone = next(iter(made_by.values())) if len(made_by) == 1 else None
    recorded = _tracer().start_span(
        name, context=_remote(alone), kind=otel.SpanKind.CONSUMER, links=() if alone else links
    )
    try:
        with continuing(_parent_of(recorded)):
            yield
    finally:
        recorded.end()


def _tracer() -> otel.Tracer:
    return _tracers[-1] if _tracers else _NO_SPANS


def _parent_of(recorded: otel.Span) -> TraceParent | None:
    if not recorded.is_recording():
        return None
    own = recorded.get_span_context()
    return TraceParent(f"{own.trace_id:032x}", f"{own.span_id:016x}", own.trace_flags.sampled, kept=True)


def _remote(parent: TraceParent | None) -> Context | None:
    if parent is None:
        return None
    return otel.set_span_in_context(otel.NonRecordingSpan(_context_of(parent)))


def _context_of(parent: TraceParent) -> otel.SpanContext:
    flags = otel.TraceFlags(otel.TraceFlags.SAMPLED if parent.sampled else otel.TraceFlags.DEFAULT)
    return otel.SpanContext(
        int(parent.trace_id, 16), int(parent.span_id, 16), is_remote=True, trace_flags=flags
    )
