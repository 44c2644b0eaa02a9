"""Spans reach a collector: a call, the event that it made, the feed that followed, and what that made in turn."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import grpc
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc

from services.chassis.telemetry.exporting import exporting
from services.chassis.telemetry.trace import TraceParent, at_hand, continuing, kept_at_hand, span, working

TRACE = TraceParent("a" * 32, "b" * 16, sampled=True)
OTHER = TraceParent("c" * 32, "d" * 16, sampled=True)


class Collector(trace_service_pb2_grpc.TraceServiceServicer):
    """Keeps what it is sent, by the name of the span."""

    def __init__(self) -> None:
        self.spans: dict[str, Any] = {}
        self.resources: list[dict[str, str]] = []

    def Export(self, request: Any, context: Any) -> Any:
        for each in request.resource_spans:
            self.resources.append({a.key: a.value.string_value for a in each.resource.attributes})
            self.spans |= {s.name: s for scope in each.scope_spans for s in scope.spans}
        return trace_service_pb2.ExportTraceServiceResponse()


@contextmanager
def collected(share: float = 1.0) -> Iterator[Collector]:
    """All is there after the block."""
    collector = Collector()
    server = grpc.server(ThreadPoolExecutor(1))
    trace_service_pb2_grpc.add_TraceServiceServicer_to_server(collector, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        with exporting("talent", f"http://127.0.0.1:{port}", share):
            yield collector
    finally:
        server.stop(None)


def test_a_trace_goes_from_a_call_through_the_log_to_what_follows() -> None:
    with collected() as collector:
        with span("call", TRACE, lambda: {"code": "OK"}) as call, continuing(call):
            event = kept_at_hand()
        with working("feed", lambda: [None, event, event]):
            follows = at_hand()
    assert event == call.header()
    assert follows is not None
    assert collector.resources[0]["service.name"] == "talent"
    made, fed = collector.spans["call"], collector.spans["feed"]
    assert made.trace_id.hex() == fed.trace_id.hex() == follows.trace_id == TRACE.trace_id
    assert (made.parent_span_id.hex(), fed.parent_span_id) == (TRACE.span_id, made.span_id)
    assert [(each.key, each.value.string_value) for each in made.attributes] == [("code", "OK")]


def test_a_batch_of_several_traces_has_a_span_of_its_own_that_links_them() -> None:
    with collected() as collector, working("feed", lambda: [TRACE.header(), OTHER.header(), "odd"]):
        pass
    fed = collector.spans["feed"]
    assert {each.trace_id.hex() for each in fed.links} == {TRACE.trace_id, OTHER.trace_id}
    assert not fed.parent_span_id


def test_what_a_caller_asks_for_does_not_decide_what_is_kept() -> None:
    with collected(share=0.0) as collector, span("call", TRACE) as call, continuing(call):
        assert call.trace_id == TRACE.trace_id
        assert kept_at_hand() is None
    assert not collector.spans


def test_without_a_collector_nothing_is_asked_and_events_carry_nothing() -> None:
    def headers() -> list[str]:
        raise AssertionError("nobody asks")

    with working("feed", headers):
        assert at_hand() is None
    with span("call", None) as call, continuing(call):
        assert kept_at_hand() is None
