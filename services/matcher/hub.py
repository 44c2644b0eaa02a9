"""The hub: wakes open streams when there are new match events, and keeps the newest at hand.

Its memory is the bounded queue of all streams: each reads it at its own pace.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from itertools import islice
from threading import Lock
from typing import Any, Protocol

KEPT = 20_000


class Numbered(Protocol):
    """Anything with a place in the one sequence of events."""

    @property
    def sequence(self) -> int:
        """The number, from 1, without gaps."""
        ...


class Hub:
    """Told by the writer's thread, waited on by streams on the event loop."""

    def __init__(self, kept: int = KEPT) -> None:
        self._lock = Lock()
        self._recent: deque[Any] = deque(maxlen=kept)
        self._last: int | None = None
        self._waiting: dict[asyncio.Event, asyncio.AbstractEventLoop] = {}
        self.closed = False

    def follow_writer(self, last: int) -> None:
        """The events are written by this process; `last` is the newest number that the database holds."""
        with self._lock:
            self._recent.clear()
            self._last = last

    def follow_database(self) -> None:
        """Events are written by another process: what is new is known to the database only."""
        with self._lock:
            self._recent.clear()
            self._last = None

    def tell(self, events: Sequence[Numbered]) -> None:
        """New events, in order, after their transaction was committed."""
        with self._lock:
            if events and events[0].sequence != (self._last or 0) + 1:
                self._recent.clear()
            if events:
                self._recent.extend(events)
                self._last = events[-1].sequence
        self._rouse()

    def recent(self, after: int, limit: int) -> list[Any] | None:
        """Events after a number; None when the database must be asked."""
        with self._lock:
            if self._last is None:
                return None
            if after >= self._last:
                return []
            first = self._last - len(self._recent) + 1
            if after + 1 < first:
                return None
            start = after + 1 - first
            return list(islice(self._recent, start, start + limit))

    async def wait(self, after: int, seconds: float) -> None:
        """Wait for events after a number, the end of the service, or the time to be up."""
        event = asyncio.Event()
        with self._lock:
            if self.closed or (self._last is not None and self._last > after):
                return
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
        with self._lock:
            self.closed = True
        self._rouse()

    def _rouse(self) -> None:
        with self._lock:
            waiting = list(self._waiting.items())
        for event, loop in waiting:
            loop.call_soon_threadsafe(event.set)
