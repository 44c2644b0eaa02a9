"""The end of a process that serves: it comes in time, whatever still waits for something."""

import logging
import os
import threading
from collections.abc import Callable
from typing import Final

from services.chassis.process.background import Background, Over, Rounds
from services.chassis.telemetry.logs import log

END_SECONDS: Final = 9.0
"""From the end of draining on. A replica is to be gone within ten."""
_TO_SAY_SECONDS: Final = 0.2


class Ending:
    """Leaves the process if its end has not come so many seconds after `begin`.

    What is broken off is what a crash would break off: its transaction is rolled back, and whoever asked, or the next
    process, does it again. It waits for nothing that could stand still itself: a long import in a thread that nobody
    can stop, a broker, a database, the threads that the interpreter joins.
    """

    def __init__(self, seconds: float = END_SECONDS, leave: Callable[[int], object] = os._exit) -> None:
        self._seconds, self._leave = seconds, leave
        self._begun, self._never = threading.Event(), threading.Event()
        self._thread = Background(
            "ending", Rounds(lambda _stop: self._watch(), "the end could not be watched")
        )

    def stand(self) -> None:
        """Start the thread; once only, before the process serves."""
        self._thread.start()

    def begin(self) -> None:
        """The end begins now."""
        self._begun.set()

    def _watch(self) -> None:
        self._begun.wait()
        self._never.wait(self._seconds)
        log(logging.WARNING, "what has not ended is broken off", seconds=self._seconds)
        self._never.wait(_TO_SAY_SECONDS)  # lines are written in a thread of their own
        self._leave(0)
        raise Over
