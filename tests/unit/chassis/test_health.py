"""What a server says of itself: before anybody has asked whether it is ready, and while no answer comes."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

from grpc_health.v1 import health_pb2

from services.chassis.rpc.health import Health, Patience

SERVING = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING


def test_nobody_is_told_of_a_service_that_was_not_asked_yet() -> None:
    async def told() -> list[int]:
        with ThreadPoolExecutor(1) as pool:
            health = Health(["bole.x.v1.X"], lambda: True, pool, 3600.0)
            await health.begin()
            return [await _said(health, name) for name in ("", "bole.x.v1.X")]

    assert asyncio.run(told()) == [NOT_SERVING] * 2


def test_an_answer_that_does_not_come_is_a_no_and_whoever_waits_is_told_to_stop() -> None:
    answers, hung_up = threading.Event(), threading.Event()
    answers.set()

    def is_ready() -> bool:
        return answers.wait(60)

    async def watch() -> None:
        with ThreadPoolExecutor(1) as pool:
            health = Health(["x"], is_ready, pool, 0.001, hung_up.set, Patience(0.01, unready=2, hang_up=5))
            await health.begin()
            watching = asyncio.create_task(health.watch())
            await _until(lambda: _says(health, SERVING))
            answers.clear()
            await _until(lambda: _says(health, NOT_SERVING))
            assert await _said(health, "liveness") == SERVING
            await asyncio.to_thread(hung_up.wait, 60)
            assert hung_up.is_set()
            assert health.standing_still
            answers.set()
            await _until(lambda: _says(health, SERVING))
            assert not health.standing_still
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)

    asyncio.run(watch())


def test_a_process_that_stood_still_itself_gives_up_nothing() -> None:
    answers, hung_up = threading.Event(), threading.Event()

    async def watch() -> None:
        with ThreadPoolExecutor(1) as pool:
            patience = Patience(0.01, unready=3, hang_up=8)
            health = Health(["x"], lambda: answers.wait(60), pool, 3600.0, hung_up.set, patience)
            await health.begin()
            watching = asyncio.create_task(health.watch())
            await asyncio.sleep(0)  # no wait: it lets the watcher ask
            await asyncio.sleep(0)
            hung_up.wait(0.3)  # what stands still is the loop, for thirty rounds
            answers.set()
            await _until(lambda: _says(health, SERVING))
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)

    asyncio.run(watch())
    assert not hung_up.is_set()


async def _said(health: Health, name: str) -> int:
    return int((await health.servicer.Check(health_pb2.HealthCheckRequest(service=name), None)).status)


async def _says(health: Health, status: int) -> bool:
    return await _said(health, "x") == status


async def _until(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(60):
        while not await holds():
            await asyncio.sleep(0)  # no wait: it lets the watcher run before the next look
