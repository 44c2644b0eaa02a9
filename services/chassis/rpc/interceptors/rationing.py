"""Partners' calls by their quota: too many are refused before anything of them is looked at."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from services.chassis.quotas import Quotas
from services.chassis.rpc.exchange import Exchange, Interceptor
from services.kernel.errors import ResourceExhausted
from services.kernel.text import Text

OVER_QUOTA: Final = "QUOTA"
LIMIT_KEY: Final = "ratelimit"
POLICY_KEY: Final = "ratelimit-policy"
_MOST: Final = 10_000
"""So many callers who were told to wait are remembered."""


class Rationing(Interceptor):
    """Every call of a partner, an opened stream among them, costs one; staff are not counted."""

    def __init__(self, quotas: Quotas, seconds: Callable[[], float] = time.monotonic) -> None:
        self._quotas, quota = quotas, quotas.quota
        self._policy = f'"calls";q={quota.at_once};w={math.ceil(quota.at_once / quota.per_second)}'
        self._seconds = seconds
        self._until: OrderedDict[int, float] = OrderedDict()

    def admit(self, exchange: Exchange) -> None:
        """Turn away at once who was told to wait and did not: by the key or certificate as it is shown, before
        it is looked at.

        Raises ResourceExhausted (QUOTA).
        """
        wait = self._until.get(_shown(exchange), 0.0) - self._seconds()
        if wait > 0:
            raise self._too_many(wait)

    @contextmanager
    def around(self, exchange: Exchange) -> Iterator[None]:
        """Tell a partner what is left of the quota, as HTTP does (draft-ietf-httpapi-ratelimit-headers).

        Raises ResourceExhausted (QUOTA) with the time to wait.
        """
        caller = exchange.call().principal
        if caller.kind == "partner":
            wait, left = self._quotas.take(caller.subject, self._seconds())
            if wait:
                self._until[_shown(exchange)] = self._seconds() + wait
                if len(self._until) > _MOST:
                    self._until.popitem(last=False)
                raise self._too_many(wait)
            exchange.told = ((LIMIT_KEY, left_of_quota(left)), (POLICY_KEY, self._policy))
        yield

    def _too_many(self, wait: float) -> ResourceExhausted:
        milliseconds = math.ceil(wait * 1000)
        return ResourceExhausted(
            Text(
                f"调用过于频繁，请 {milliseconds} 毫秒后再试",
                f"too many calls; try again in {milliseconds} ms",
            ),
            reason=OVER_QUOTA,
            metadata={"retry_after_ms": str(milliseconds), POLICY_KEY: self._policy},
        )


def left_of_quota(calls: int, seconds: float | None = None) -> str:
    """What is told of it under `LIMIT_KEY`: calls that can be made now, or in so many seconds."""
    return f'"calls";r={calls}' + ("" if seconds is None else f";t={math.ceil(seconds)}")


def _shown(exchange: Exchange) -> int:
    """Which key a call shows, or else which certificate its connection does, without keeping it."""
    keys = exchange.values("x-bole-key")
    return hash((*keys, None if keys or exchange.values("authorization") else exchange.certificate))
