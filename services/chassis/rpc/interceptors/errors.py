"""Turns whatever is raised further in into one status; nothing else of it reaches the caller."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import grpc

from services.chassis.rpc.exchange import Exchange, Interceptor, Refused
from services.chassis.rpc.shortages import as_unavailable
from services.chassis.rpc.status import DETAILS_KEY, status_code, to_status
from services.kernel.errors import BoleError, PermissionDenied

OnRefusal = Callable[[Exchange, PermissionDenied], None]


class Errors(Interceptor):
    """Maps errors by `rpc.status`; `on_refusal` hears of each denied call, for the audit."""

    def __init__(self, on_refusal: OnRefusal | None = None) -> None:
        self._on_refusal = on_refusal

    @contextmanager
    def around(self, exchange: Exchange) -> Iterator[None]:
        """Raise Refused in place of any exception; of a call whose caller has gone only the code is noted."""
        try:
            yield
        except (asyncio.CancelledError, GeneratorExit):
            late = time.monotonic() >= exchange.deadline
            exchange.code = grpc.StatusCode.DEADLINE_EXCEEDED if late else grpc.StatusCode.CANCELLED
            raise
        except Exception as raised:  # raised again below: as Refused, the only thing that may leave
            error = self._audited(exchange, as_unavailable(raised))
            exchange.code = status_code(error)
            exchange.reason = error.reason if isinstance(error, BoleError) else type(error).__name__
            status = to_status(error, exchange.request_id)
            details = ((DETAILS_KEY, status.SerializeToString()), *exchange.told)
            raise Refused(exchange.code, status.message, details) from raised

    def _audited(self, exchange: Exchange, error: Exception) -> Exception:
        """The same error once its denial is in the audit; where it cannot be entered, why it cannot: to be denied
        without a trace would be to try doors unseen while the database is away.
        """
        if isinstance(error, PermissionDenied) and self._on_refusal is not None:
            try:
                self._on_refusal(exchange, error)
            except Exception as failing:  # noqa: BLE001 - told to the caller in place of the denial
                return as_unavailable(failing)
        return error
