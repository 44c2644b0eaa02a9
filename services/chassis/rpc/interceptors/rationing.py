"""Partners' calls by their quota: too many are refused before anything of them is looked at."""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from services.chassis.quotas import Quotas
from services.chassis.rpc.exchange import Exchange, Interceptor
from services.kernel.errors import ResourceExhausted
from services.kernel.text import Text


class Rationing(Interceptor):
    """Every call of a partner, an opened stream among them, costs one; staff are not counted."""

    def __init__(self, quotas: Quotas, seconds: Callable[[], float] = time.monotonic) -> None:
        self._quotas = quotas
        self._seconds = seconds

    @contextmanager
    def around(self, exchange: Exchange) -> Iterator[None]:
        """Raises ResourceExhausted (QUOTA) with the time to wait."""
        caller = exchange.call().principal
        wait = self._quotas.take(caller.subject, self._seconds()) if caller.kind == "partner" else 0.0
        if wait:
            milliseconds = math.ceil(wait * 1000)
            raise ResourceExhausted(
                Text(
                    f"调用过于频繁，请 {milliseconds} 毫秒后再试",
                    f"too many calls; try again in {milliseconds} ms",
                ),
                reason="QUOTA",
                metadata={"retry_after_ms": str(milliseconds)},
            )
        yield
