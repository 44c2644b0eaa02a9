"""Counts and times each RPC."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from services.chassis.rpc.exchange import Exchange, Interceptor
from services.chassis.rpc.status import status_code
from services.chassis.telemetry.metrics import Metrics
from services.kernel.errors import ResourceExhausted


class Measure(Interceptor):
    """Started, handled by code, seconds of unary RPCs, open streams."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    @contextmanager
    def around(self, exchange: Exchange) -> Iterator[None]:
        """Count the RPC at both ends."""
        method = exchange.method.full_name
        self._metrics.rpc_started.labels(method).inc()
        open_streams = self._metrics.streams_open.labels(method)
        open_streams.inc(exchange.streams)
        try:
            yield
        finally:
            open_streams.dec(exchange.streams)
            self._metrics.rpc_handled.labels(method, exchange.code.name).inc()
            if not exchange.streams:
                self._metrics.rpc_seconds.labels(method).observe(time.monotonic() - exchange.started)

    def turned_away(self, method: str, request_id: str, error: ResourceExhausted) -> None:
        """Count it; its seconds would tell nothing of those that are answered."""
        self._metrics.rpc_started.labels(method).inc()
        self._metrics.rpc_handled.labels(method, status_code(error).name).inc()
