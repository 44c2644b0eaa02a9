"""Spans for an OpenTelemetry collector (OTLP over gRPC), where one is configured."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import urlsplit

from services.chassis.telemetry.trace import recording

_ANSWER_SECONDS: Final = 1
"""For 512 spans; at its end a process has at most 2,048 to send, and little time."""
_DIRECTLY: Final[Any] = (("grpc.enable_http_proxy", 0),)


@contextmanager
def exporting(service: str, collector: str, share: float) -> Iterator[None]:
    """Send spans of `service` in the background while in the block, and what is left at its end.

    Which traces are sent is decided by their ids, so that every service sends the same ones, and not by what callers
    ask for; one that picks its ids is bounded by its quota. A collector that does not answer costs spans, and a process
    that ends a few seconds.
    """
    # Loaded where it is asked for: it costs every start of a process a fifth of a second.
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_NAMESPACE, Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
    from opentelemetry.sdk.trace.sampling import TraceIdRatioBased

    provider = TracerProvider(
        sampler=TraceIdRatioBased(share),
        resource=Resource.create({SERVICE_NAMESPACE: "bole", SERVICE_NAME: service}),
    )
    insecure = urlsplit(collector).scheme == "http"
    exporter = OTLPSpanExporter(
        endpoint=collector, insecure=insecure, timeout=_ANSWER_SECONDS, channel_options=_DIRECTLY
    )
    provider.add_span_processor(BatchSpanProcessor(exporter))
    try:
        with recording(provider.get_tracer("bole")):
            yield
    finally:
        provider.shutdown()
