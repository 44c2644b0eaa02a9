"""Takes out of every response what the caller is not cleared for, and reports what personal data goes out."""

from collections.abc import Callable

from google.protobuf.message import Message

from services.chassis.redaction import Redactor
from services.chassis.rpc.call import Call
from services.chassis.rpc.exchange import Exchange, Interceptor
from services.chassis.telemetry.metrics import Metrics

OnReveal = Callable[[Call, frozenset[str], frozenset[str]], None]
"""Hears of call, personal fields and resource names before a response leaves; if it raises, none leaves."""


class Disclosure(Interceptor):
    """Redacts by the field levels of the contract."""

    def __init__(self, metrics: Metrics, on_reveal: OnReveal | None = None) -> None:
        self._redactor = Redactor()
        self._metrics = metrics
        self._on_reveal = on_reveal

    def on_response(self, exchange: Exchange, response: Message) -> Message:
        """What the caller may see of `response`, which itself is never changed."""
        shown = self._redactor.redact(response, exchange.clearance)
        if shown.revealed:
            self._metrics.rpc_revealed.labels(exchange.method.full_name).inc()
            if self._on_reveal is not None:
                self._on_reveal(exchange.call(), shown.revealed, shown.resources)
        return shown.message
