"""The threads of a server, the queue for them, and how many of them work at once."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from typing import Final, Self, TypeVar

from services.chassis.rpc.admission import Admission
from services.kernel.threads import standing

T = TypeVar("T")

_LONG_SECONDS: Final = 0.5
_LOOK_SECONDS: Final = 0.02
_LATE_SECONDS: Final = 0.002
_ON_TIME_SECONDS: Final = 0.001
_BUSY: Final = 0.5
"""The share of a core that the work of calls uses, from which on it is what makes the loop late."""
_WEIGHT: Final = 0.2


class Turns:
    """Threads for the work of calls, in the order in which they came.

    The queue is kept on the event loop and not in front of the threads, and fewer of them get a turn while they make
    the loop late: threads that compute hold the interpreter nearly all the time, each look of the loop at new calls has
    to wait for all of them, and a loop that is behind by seconds turns nobody away. Work that waits for a database
    leaves the interpreter alone, and all threads may do that. Work that has run for long, an import or a report, keeps
    its thread and no turn: two of them would keep all others out.

    `at_once`: how many have a turn at the same time, by now. `computes`: whether the work of calls uses the interpreter
    most of the time, rather than to wait for somebody. Everything but the work itself belongs to the thread of
    the loop; times are monotonic seconds.
    """

    def __init__(
        self, threads: int, admission: Admission, *, seconds: Callable[[], float] = time.monotonic
    ) -> None:
        # One more than ever have a turn: who asks for readiness does not stand in the queue.
        self.pool = standing(threads + 1, "rpc")
        self._admission, self._seconds = admission, seconds
        self._threads = threads
        self.at_once = threads
        self.computes = False
        self._running: dict[object, float] = {}
        self._used: list[float] = []
        self._took: list[float] = []
        self._queue: OrderedDict[asyncio.Future[None], float] = OrderedDict()
        self._asked = asyncio.Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self.pool.shutdown()

    async def run(self, work: Callable[[], T], *, undo: Callable[[Future[T]], None] | None = None) -> T:
        """What `work` returns, in a thread, in turn; whoever gives up waiting leaves the queue.

        Who gives up while the work runs does not stop it: `undo` is then given its outcome, in the thread.
        """
        turn = await self._turn()
        loop = asyncio.get_running_loop()
        future = self.pool.submit(self._timed, work)
        try:
            outcome = await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            if undo is not None:
                future.add_done_callback(undo)
            future.add_done_callback(lambda _done: loop.call_soon_threadsafe(self._release, turn))
            raise
        except BaseException:  # the turn is given back whatever the work raised; it is raised on
            self._release(turn)
            raise
        self._release(turn)
        return outcome

    def takes(self) -> bool:
        """Whether a call that arrives is taken in, or would only wait."""
        while self._took:
            self._admission.worked(self._took.pop())
        first = next(iter(self._queue.values()), 0.0)
        return self._admission.takes(self._seconds(), len(self._queue), first)

    async def watch(self) -> None:
        """Give fewer turns at once while their work makes the loop late, and more when it does not; until cancelled.

        While there is no work, and all may have a turn, there is nothing to see.
        """
        late = busy = 0.0
        while True:
            if not self._running and not self._queue and self.at_once == self._threads:
                self._asked.clear()
                await self._asked.wait()
            began = self._seconds()
            await asyncio.sleep(_LOOK_SECONDS)
            passed, used = self._seconds() - began, self._used
            self._used = []
            late += _WEIGHT * (passed - _LOOK_SECONDS - late)
            busy += _WEIGHT * (sum(used) / max(passed, _LOOK_SECONDS) - busy)
            self.computes = busy > _BUSY
            if late > _LATE_SECONDS and self.computes:
                self.at_once = max(1, self.at_once - 1)
            elif late < _ON_TIME_SECONDS and self.at_once < self._threads:
                self.at_once += 1
            self._give()

    def _timed(self, work: Callable[[], T]) -> T:
        """Do it, and note how long it has used the processor, and what it has taken of the time of all turns."""
        began, used = time.monotonic(), time.thread_time()
        try:
            return work()
        finally:
            self._used.append(time.thread_time() - used)
            self._took.append(min(time.monotonic() - began, _LONG_SECONDS) / self.at_once)

    async def _turn(self) -> object:
        """Wait for a turn; what to give back for it."""
        self._asked.set()
        now = self._seconds()
        if not self._queue and self._has_turn(now):
            at_once = object()
            self._running[at_once] = now
            return at_once
        given: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queue[given] = now
        try:
            await given
        except asyncio.CancelledError:
            if given in self._running:
                self._release(given)
            raise
        finally:
            self._queue.pop(given, None)
        return given

    def _release(self, turn: object) -> None:
        del self._running[turn]
        self._give()

    def _give(self) -> None:
        """Turns to those who still wait, while there are any."""
        now = self._seconds()
        while self._queue and self._has_turn(now):
            given, _since = self._queue.popitem(last=False)
            if not given.done():
                self._running[given] = now
                given.set_result(None)

    def _has_turn(self, now: float) -> bool:
        lasting = sum(now - since > _LONG_SECONDS for since in self._running.values())
        return len(self._running) < self._threads and len(self._running) - lasting < self.at_once
