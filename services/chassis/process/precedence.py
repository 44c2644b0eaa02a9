"""Calls go first: what runs behind them waits while calls are answered, and never longer than it can bear.

One process has one interpreter. Work that nobody waits for, begun in the moment after a commit, would take it from
the very caller who reads what was just written.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

_QUIET_SECONDS = 0.01
"""As long as a caller takes from one answer to the next question."""


class Precedence:
    """Counts the calls that are being answered. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls = 0
        self._ended = float("-inf")

    @contextmanager
    def call(self) -> Iterator[None]:
        """Around the answering of one call."""
        with self._lock:
            self._calls += 1
        try:
            yield
        finally:
            with self._lock:
                self._calls -= 1
                self._ended = time.monotonic()

    def give_way(self, seconds: float) -> None:
        """Return once no call has been answered for a moment, at the latest after so many seconds."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0 and (busy := self._busy_seconds()) > 0:
            time.sleep(min(left, busy))

    def _busy_seconds(self) -> float:
        """How long to wait before looking again; 0 or less when nobody is to be waited for."""
        with self._lock:
            if self._calls:
                return _QUIET_SECONDS
            return self._ended + _QUIET_SECONDS - time.monotonic()
