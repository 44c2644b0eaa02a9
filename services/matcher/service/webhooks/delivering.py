"""Telling endpoints: a loop of its own, in one process at a time. Endpoints do not wait for each other."""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, wait
from typing import Any, Final, TypeVar

from services.chassis.process.background import Rounds
from services.chassis.process.leadership import LeaderLock
from services.chassis.telemetry.logs import log
from services.kernel.errors import Unavailable
from services.kernel.threads import standing
from services.matcher.hub import Hub
from services.matcher.service.webhooks.posting import Poster
from services.matcher.service.webhooks.turns import Tried, Turn, Turns

_POLL_SECONDS: Final = 0.5
_BACK_OFF_SECONDS: Final = 5.0
_ENDING_SECONDS: Final = 5.0
_EXPIRE_SECONDS: Final = 3600.0
_AT_ONCE: Final = 32
_THREADS: Final = 4
T = TypeVar("T")


class Delivery:
    """The loop. `poster` makes what posts, on the loop's own event loop."""

    def __init__(self, turns: Turns, hub: Hub, lock: LeaderLock, poster: Callable[[], Poster]) -> None:
        self._turns = turns
        self._hub = hub
        self._lock = lock
        self._poster = poster
        self._threads = standing(_THREADS, "webhooks")

    @property
    def rounds(self) -> Rounds:
        """Telling endpoints while no other process does; what was sent and not written down is sent again."""
        again = _BACK_OFF_SECONDS, _BACK_OFF_SECONDS
        return Rounds(
            self._round, "webhooks could not be told", _POLL_SECONDS, again=again, ending=self._close
        )

    def _round(self, stop: threading.Event) -> None:
        if self._leads():
            serving = _Serving(self._turns, self._hub, stop, self._threads)
            asyncio.run(serving.serve(self._leads, self._poster))

    def _close(self) -> None:
        try:
            self._lock.release()
        finally:
            self._threads.shutdown()

    def _leads(self) -> bool:
        return self._lock.held() or self._lock.acquire()


class _Serving:
    """One event loop's work, as long as this process leads."""

    def __init__(self, turns: Turns, hub: Hub, stop: threading.Event, threads: Executor) -> None:
        self._turns = turns
        self._hub = hub
        self._stop = stop
        self._threads = threads
        self._working: set[Future[Any]] = set()
        self._running: dict[str, asyncio.Task[None]] = {}

    async def serve(self, leads: Callable[[], bool], poster: Callable[[], Poster]) -> None:
        """Begin the turns that are due, as many at once as there is room for."""
        swept = -_EXPIRE_SECONDS
        try:
            async with poster() as posts:
                while not self._ends() and await self._in_thread(leads):
                    if time.monotonic() - swept > _EXPIRE_SECONDS:
                        await self._expire()
                        swept = time.monotonic()
                    last, due = await self._in_thread(self._turns.due)
                    self._begin(due, posts)
                    await self._hub.wait(last, _POLL_SECONDS)
                await self._end()
        finally:
            wait(list(self._working))

    async def _expire(self) -> None:
        """Lines that are kept no longer; where the database takes nothing, they wait for the next time."""
        try:
            await self._in_thread(self._turns.expire)
        except Unavailable as error:
            log(logging.WARNING, "old lines of webhooks could not be deleted", error=error)

    def _ends(self) -> bool:
        return self._stop.is_set() or self._hub.closed

    def _begin(self, due: Sequence[str], posts: Poster) -> None:
        self._running = {id_: task for id_, task in self._running.items() if not task.done()}
        waiting = [id_ for id_ in due if id_ not in self._running]
        for id_ in waiting[: _AT_ONCE - len(self._running)]:
            self._running[id_] = asyncio.create_task(self._tell(id_, posts))

    async def _tell(self, id_: str, posts: Poster) -> None:
        """Turn after turn of one endpoint, until there is nothing more for it now."""
        try:
            while not self._ends():
                turn = await self._in_thread(self._turns.read, id_)
                if turn is None:
                    return
                tried, position = await self._turns.send(turn, posts)
                if not await self._kept(turn, tried, position):
                    return
        except Exception:  # its turn comes again, and the others go on
            logging.getLogger("bole").exception("a webhook could not be told")
            await asyncio.sleep(_BACK_OFF_SECONDS)

    async def _kept(self, turn: Turn, tried: Sequence[Tried], position: int) -> bool:
        """Write down what came of a turn as soon as the database takes it: until then the endpoint is not sent the same
        again. Whether it was written, before the end.
        """
        while True:
            try:
                await self._in_thread(self._turns.write, turn, tried, position)
            except Unavailable as error:
                log(logging.WARNING, "what a webhook was told cannot be written down yet", error=error)
            else:
                return True
            await asyncio.sleep(_BACK_OFF_SECONDS)
            if self._ends():
                return False

    async def _end(self) -> None:
        """Let what is on its way arrive."""
        tasks = list(self._running.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=_ENDING_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _in_thread(self, do: Callable[..., T], *given: object) -> T:
        work = self._threads.submit(do, *given)
        self._working.add(work)
        work.add_done_callback(self._working.discard)
        return await asyncio.wrap_future(work)
