"""The hub: wakes open streams when there are new match events, and keeps the newest at hand.

Its memory is the bounded queue of all streams: each reads it at its own pace.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from threading import Lock
from typing import Any, Protocol

KEPT = 20_000
_SLACK = 4


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
        self._kept = kept
        self._recent: list[Any] = []
        self._last: int | None = None
        self._highest = 0
        self.put_back = 0
        """How often the database was put back to an earlier moment: numbers of before are given out again."""
        self._bells: dict[asyncio.AbstractEventLoop, asyncio.Event] = {}
        self.closed = False

    def follow_writer(self, last: int) -> None:
        """The events are written by this process; `last` is the newest number that the database holds."""
        with self._lock:
            self._recent.clear()
            self.put_back += last < self._highest
            self._last = self._highest = last
        self._rouse()

    def follow_database(self) -> None:
        """Events are written by another process: what is new is known to the database only."""
        with self._lock:
            self._recent.clear()
            before, self._last = self._last, None
        if before is not None:  # whoever waits for a bell has to look for himself from now on
            self._rouse()

    def tell(self, events: Sequence[Numbered]) -> None:
        """New events, in order, after their transaction was committed."""
        with self._lock:
            if events and events[0].sequence != (self._last or 0) + 1:
                self._recent.clear()
            if events:
                self._recent.extend(events)
                self._last = self._highest = events[-1].sequence
            if len(self._recent) > self._kept + self._kept // _SLACK:
                del self._recent[: -self._kept]
        self._rouse()

    def recent(self, after: int, limit: int) -> list[Any] | None:
        """Events after a number; None when the database must be asked."""
        with self._lock:
            if self._last is None:
                return None
            if after >= self._last:
                return []
            behind = self._last - after
            if behind > min(len(self._recent), self._kept):
                return None
            start = len(self._recent) - behind
            return self._recent[start : start + limit]

    @property
    def follows_writer(self) -> bool:
        """Whether whoever waits is woken by every event; otherwise the database has to be looked at now and then."""
        return self._last is not None

    async def wait(self, after: int, seconds: float) -> None:
        """Wait for events after a number, the end of the service, or the time to be up."""
        with self._lock:
            if self.closed or (self._last is not None and self._last > after):
                return
            bell = self._bells.setdefault(asyncio.get_running_loop(), asyncio.Event())
        try:
            async with asyncio.timeout(seconds):
                await bell.wait()
        except TimeoutError:
            pass

    def close(self) -> None:
        """Let every stream end: the service is going down."""
        with self._lock:
            self.closed = True
        self._rouse()

    def _rouse(self) -> None:
        """Wake all who wait, each loop once; who waits from now on hears the next bell."""
        with self._lock:
            bells, self._bells = self._bells, {}
        for loop, bell in bells.items():
            with suppress(RuntimeError):  # a loop that has ended has nobody waiting
                loop.call_soon_threadsafe(bell.set)
