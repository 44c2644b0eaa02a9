"""The threads of a server, and when calls that would only wait for one are turned away."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import Final, ParamSpec, TypeVar

from services.kernel.errors import ResourceExhausted
from services.kernel.text import Text

P = ParamSpec("P")
T = TypeVar("T")

STANDING_SECONDS: Final = 5.0
"""A queue that has stood for so long is no rush but more than the service can do."""
WAIT_SECONDS: Final = 0.25
"""How long the first of those who wait may have waited for the queue to count as moving."""
_RETRY_MILLISECONDS: Final = 1_000


class Turns(ThreadPoolExecutor):
    """A pool that knows for how long the first in its queue has waited.

    A rush is taken in whole. Once the queue has stood for `standing` seconds, nobody is taken in while the first has
    waited longer than `wait`, until the queue has been empty: those who are taken in then wait no longer than that, and
    the others hear at once that they should come back. Thread-safe; times are monotonic seconds.
    """

    def __init__(
        self,
        threads: int,
        *,
        standing: float = STANDING_SECONDS,
        wait: float = WAIT_SECONDS,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(threads, thread_name_prefix="rpc")
        self._standing, self._wait, self._seconds = standing, wait, seconds
        self._queue: dict[int, float] = {}
        self._count = 0
        self._since: float | None = None
        self._full = False
        self._guard = Lock()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """As any pool's; whoever gives up waiting leaves the queue."""
        with self._guard:
            self._count += 1
            place, self._queue[self._count] = self._count, self._seconds()

        def turn() -> T:
            self._leave(place)
            return fn(*args, **kwargs)

        future = super().submit(turn)
        future.add_done_callback(lambda _done: self._leave(place))
        return future

    def admit(self) -> None:
        """For each call that arrives. Raises ResourceExhausted (OVERLOADED) with the time to wait."""
        if self._overrun(self._seconds()):
            raise ResourceExhausted(
                Text("服务繁忙，请稍后重试", "the service is overloaded; retry later"),
                reason="OVERLOADED",
                metadata={"retry_after_ms": str(_RETRY_MILLISECONDS)},
            )

    def _overrun(self, now: float) -> bool:
        with self._guard:
            first = next(iter(self._queue.values()), None)
            if first is None:
                self._full = False
            if first is None or now - first <= self._wait:
                self._since = None
                return False
            if self._since is None:
                self._since = first
            self._full = self._full or now - self._since > self._standing
            return self._full

    def _leave(self, place: int) -> None:
        with self._guard:
            self._queue.pop(place, None)
