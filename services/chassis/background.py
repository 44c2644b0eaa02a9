"""A loop in a thread of its own, with a beginning and an end."""

import logging
import threading
from collections.abc import Callable

_logger = logging.getLogger(__name__)
STOP_SECONDS = 10.0


class Background:
    """Runs `loop(stop)` in a thread; the loop returns soon after `stop` is set."""

    def __init__(self, name: str, loop: Callable[[threading.Event], None]) -> None:
        self._loop = loop
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    @property
    def alive(self) -> bool:
        """Whether the loop is running: False before `start` and after its end, wanted or not."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Start the thread; once only."""
        self._thread.start()

    def stop(self, timeout: float = STOP_SECONDS) -> bool:
        """Ask the loop to end and wait at most `timeout` seconds; whether it ended."""
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            self._loop(self._stop)
        except Exception:
            # Nothing is above a thread to hear of it: `alive` turns false, and readiness asks that.
            _logger.exception("%s ended by an error", self._thread.name)
