"""Takes out of every response what the caller is not cleared for, and reports what personal data goes out."""

from collections.abc import Callable

from google.protobuf.message import Message

from services.chassis.contract import access_of
from services.chassis.policy import Level
from services.chassis.redaction import Redactor
from services.chassis.rpc.call import Call
from services.chassis.rpc.exchange import Exchange, Interceptor
from services.chassis.telemetry.metrics import Metrics

OnReveal = Callable[[Call, frozenset[str], frozenset[str]], None]
"""Hears of call, personal fields and resource names before a response leaves; if it raises, none leaves."""

BeforeChange = Callable[[Call], None]
"""Hears of a change whose answer may show personal fields, before it is made; if it raises, nothing is changed."""


class Disclosure(Interceptor):
    """Redacts by the field levels of the contract."""

    def __init__(
        self, metrics: Metrics, on_reveal: OnReveal | None = None, before_change: BeforeChange | None = None
    ) -> None:
        self._redactor = Redactor()
        self._metrics = metrics
        self._on_reveal = on_reveal
        self._before_change = before_change

    def on_request(self, exchange: Exchange, request: Message) -> None:
        """Ask before a change: its answer could not be kept back any more."""
        personal = exchange.clearance.highest() >= Level.PERSONAL
        if self._before_change is not None and personal and access_of(exchange.method).mutates:
            self._before_change(exchange.call())

    def on_response(self, exchange: Exchange, response: Message) -> Message:
        """What the caller may see of `response`, which itself is never changed."""
        shown = self._redactor.redact(response, exchange.clearance)
        if shown.revealed:
            self._metrics.rpc_revealed.labels(exchange.method.full_name).inc()
            if self._on_reveal is not None:
                self._on_reveal(exchange.call(), shown.revealed, shown.resources)
        return shown.message
