"""Health by name: `liveness` says that the loop turns; each service, and ``, say that it can do its work."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from itertools import count
from typing import Final

from grpc_health.v1 import health_pb2
from grpc_health.v1.health import aio as health_aio  # type: ignore[attr-defined]  # not in the stubs

from services.chassis.telemetry.logs import log

LIVENESS: Final = "liveness"
_SERVING: Final = health_pb2.HealthCheckResponse.SERVING
_NOT_SERVING: Final = health_pb2.HealthCheckResponse.NOT_SERVING


@dataclass(frozen=True, slots=True)
class Patience:
    """How long an answer about readiness may take, in rounds of `seconds`: a process that itself was stopped for a
    while has counted one. After `unready` rounds the answer is no; after each `hang_up` of them whoever waits for what
    does not answer is told to stop.
    """

    seconds: float = 0.5
    unready: int = 6
    hang_up: int = 16


PATIENCE: Final = Patience()


class Health:
    """Asks `is_ready` in the pool every `every` seconds and publishes the answer; an exception means no, and so does an
    answer that does not come. `hang_up` is called on the event loop while it does not.
    """

    def __init__(
        self,
        names: Sequence[str],
        is_ready: Callable[[], bool],
        pool: Executor,
        every: float,
        hang_up: Callable[[], None] = lambda: None,
        patience: Patience = PATIENCE,
    ) -> None:
        self.servicer = health_aio.HealthServicer()
        self._names = ("", *names)
        self._is_ready = is_ready
        self._pool = pool
        self._every = every
        self._hang_up = hang_up
        self._patience = patience
        self._draining = False
        self.standing_still = False
        """Whether an answer is overdue."""

    async def begin(self) -> None:
        """Say NOT_SERVING before the first call can come: gRPC's own servicer begins with SERVING."""
        await self._set(ready=False)

    async def watch(self) -> None:
        """Publish until cancelled; who drains is asked too, for what does not answer would hold up the end."""
        await self.servicer.set(LIVENESS, _SERVING)
        while True:
            await self._publish(await self._ask())
            await asyncio.sleep(self._every)  # readiness is asked, nobody tells it

    async def drain(self) -> None:
        """Say NOT_SERVING from now on; `liveness` stays, so that nobody kills a process that drains."""
        self._draining = True
        await self._set(ready=False)

    async def _publish(self, ready: bool) -> None:
        if not self._draining:
            await self._set(ready=ready)

    async def _set(self, *, ready: bool) -> None:
        for name in self._names:
            await self.servicer.set(name, _SERVING if ready else _NOT_SERVING)

    async def _ask(self) -> bool:
        asked = asyncio.get_running_loop().run_in_executor(self._pool, self._is_ready)
        try:
            await self._wait(asked)
            return asked.result()
        except Exception as error:  # noqa: BLE001 - whatever the probe meets, the answer is no
            log(logging.WARNING, "the readiness probe failed", error=error)
            return False
        finally:
            self.standing_still = False

    async def _wait(self, asked: "asyncio.Future[bool]") -> None:
        """Until there is an answer, however late; meanwhile it is no."""
        patience = self._patience
        for waited in count(1):
            if (await asyncio.wait([asked], timeout=patience.seconds))[0]:
                return
            if waited == patience.unready:
                self.standing_still = True
                log(logging.WARNING, "the readiness probe gets no answer", seconds=waited * patience.seconds)
                await self._publish(ready=False)
            if waited % patience.hang_up == 0:
                log(logging.ERROR, "what does not answer is given up", seconds=waited * patience.seconds)
                self._hang_up()
