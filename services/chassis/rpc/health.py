"""Health by name: `liveness` says that the loop turns; each service, and ``, say that it can do its work."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import Final

from grpc_health.v1 import health_pb2
from grpc_health.v1.health import aio as health_aio  # type: ignore[attr-defined]  # not in the stubs

from services.chassis.telemetry.logs import log

LIVENESS: Final = "liveness"
_SERVING: Final = health_pb2.HealthCheckResponse.SERVING
_NOT_SERVING: Final = health_pb2.HealthCheckResponse.NOT_SERVING


class Health:
    """Asks `is_ready` in the pool every `every` seconds and publishes the answer; an exception means no."""

    def __init__(
        self, names: Sequence[str], is_ready: Callable[[], bool], pool: Executor, every: float
    ) -> None:
        self.servicer = health_aio.HealthServicer()
        self._names = ("", *names)
        self._is_ready = is_ready
        self._pool = pool
        self._every = every
        self._draining = False

    async def begin(self) -> None:
        """Say NOT_SERVING before the first call can come: gRPC's own servicer begins with SERVING."""
        await self._set(ready=False)

    async def watch(self) -> None:
        """Publish until cancelled."""
        await self.servicer.set(LIVENESS, _SERVING)
        while not self._draining:
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
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, self._is_ready)
        except Exception as error:  # noqa: BLE001 - whatever the probe meets, the answer is no
            log(logging.WARNING, "the readiness probe failed", error=error)
            return False
