"""Spans for an OpenTelemetry collector (OTLP over gRPC), where one is configured."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from services.chassis.telemetry.trace import recording


@contextmanager
def exporting(service: str, collector: str, share: float) -> Iterator[None]:
    """Send spans of `service` in the background while in the block, and what is left at its end.

    Which traces are sent is decided by their ids alone, so that every service sends the same ones and no caller can ask
    for more. A collector that does not answer costs spans and nothing else.
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
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=collector, insecure=insecure)))
    try:
        with recording(provider.get_tracer("bole")):
            yield
    finally:
        provider.shutdown()
