"""Gives each RPC its request id and trace, and writes one access-log line when it ends."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from services.chassis.rpc.exchange import Exchange, Interceptor, request_id_of
from services.chassis.telemetry.logs import log
from services.chassis.telemetry.trace import HEADER, parse, span
from services.kernel.errors import ResourceExhausted

_TOLD_SECONDS: Final = 1.0


class Context(Interceptor):
    """Request id (`x-request-id`, or a fresh one), trace context, access log."""

    def __init__(self) -> None:
        self._told, self._untold = float("-inf"), 0

    @contextmanager
    def around(self, exchange: Exchange) -> Iterator[None]:
        """Fill in request id and trace; log method, code, duration and caller at the end."""
        exchange.request_id = request_id_of(exchange.metadata)
        parent = parse(next(iter(exchange.values(HEADER)), None))
        with span(exchange.method.full_name, parent, lambda: _described(exchange)) as trace:
            exchange.trace = trace
            try:
                yield
            finally:
                _log_end(exchange, trace.header())

    def turned_away(self, method: str, request_id: str, error: ResourceExhausted) -> None:
        """One line a second tells how many there were since the last one: a line for each would be a load itself."""
        self._untold += 1
        if time.monotonic() - self._told >= _TOLD_SECONDS:
            log(
                logging.INFO,
                "turned away",
                request_id=request_id,
                method=method,
                reason=error.reason,
                count=self._untold,
            )
            self._told, self._untold = time.monotonic(), 0


def _described(exchange: Exchange) -> dict[str, str]:
    """Names of https://opentelemetry.io/docs/specs/semconv/rpc/grpc/ where there are any."""
    return {
        "rpc.system.name": "grpc",
        "rpc.method": exchange.method.full_name,
        "rpc.response.status_code": exchange.code.name,
        "bole.reason": exchange.reason,
        "bole.request_id": exchange.request_id,
    }


def _log_end(exchange: Exchange, traceparent: str) -> None:
    principal = exchange.principal
    log(
        logging.INFO,
        "rpc",
        request_id=exchange.request_id,
        traceparent=traceparent,
        method=exchange.method.full_name,
        code=exchange.code.name,
        reason=exchange.reason,
        milliseconds=round((time.monotonic() - exchange.started) * 1000, 1),
        caller=principal.subject if principal else "",
        kind=principal.kind if principal else "",
        purpose=exchange.purpose or "",
    )
