"""The hub: wakes open streams when there are new match events, and keeps the newest at hand."""

import asyncio
from collections import deque
from collections.abc import Sequence
from threading import Lock
from typing import Any

_KEPT = 20_000


class Hub:
    """Told by the writer's thread, waited on by streams on the event loop."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._recent: deque[Any] = deque(maxlen=_KEPT)
        self._waiting: dict[asyncio.Event, asyncio.AbstractEventLoop] = {}
        self.closed = False

    def tell(self, events: Sequence[Any]) -> None:
        """New events, in order, after their transaction was committed."""
        with self._lock:
            self._recent.extend(events)
            waiting = list(self._waiting.items())
        for event, loop in waiting:
            loop.call_soon_threadsafe(event.set)

    def recent(self, after: int, limit: int) -> list[Any] | None:
        """Events after a sequence number; None if the hub does not hold the one that follows it."""
        with self._lock:
            if not self._recent or self._recent[0].sequence > after + 1:
                return None
            start = max(0, after + 1 - self._recent[0].sequence)
            return [self._recent[at] for at in range(start, min(len(self._recent), start + limit))]

    async def wait(self, seconds: float) -> None:
        """Wait for news, or the time to be up."""
        event = asyncio.Event()
        with self._lock:
            self._waiting[event] = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(seconds):
                await event.wait()
        except TimeoutError:
            pass
        finally:
            with self._lock:
                self._waiting.pop(event, None)

    def close(self) -> None:
        """Let every stream end: the service is going down."""
        self.closed = True
        self.tell([])
