"""Loops in threads of their own, with a beginning and an end, that no error ends: each is made of rounds.

A process whose loop has ended is never ready again, and nobody hears of what a thread raised. So whoever wants a loop
says what one round does; when to do the next one, and what to do when one fails, is known here alone.
"""

import logging
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar

from services.chassis.telemetry.logs import log
from services.kernel.clock import Clock, civil_date
from services.kernel.errors import BoleError, Unavailable

T = TypeVar("T")
STOP_SECONDS: Final = 4.0
"""So long a process that ends waits for what its loops have at hand; what is broken off the next process does again."""
_SLICE_SECONDS: Final = 1.0


def _nothing() -> None:
    """What most loops do besides."""


class Over(Exception):
    """Raised by a round after which there is to be no other; whoever raises it has said why."""


@dataclass(frozen=True)
class Rounds:
    """A loop: `work(stop)` again and again until `stop` is set.

    What a round raises, of whatever kind, is logged as `failing`, counted, and tried again after a pause in seconds
    that doubles from the first of `again` to the second: what it had committed stands, the rest has its next turn.
    `every`: seconds from the end of a round to the next one, asked after each; `first`: from the start to the first.
    `wake` ends a wait early and is cleared before the round. `ending` is done once, after the last round.
    """

    work: Callable[[threading.Event], object]
    failing: str
    every: float | Callable[[], float] = 0.0
    first: float = 0.0
    again: tuple[float, float] = (1.0, 10.0)
    wake: threading.Event | None = None
    ending: Callable[[], object] = _nothing

    def run(self, stop: threading.Event, failed: Callable[[], object] = _nothing) -> None:
        """Go round until `stop` is set or a round raises Over; `failed` is told of each round that failed."""
        pause = self.again[0]
        self._wait(stop, self.first)
        try:
            while not stop.is_set():
                try:
                    if self.wake is not None:
                        self.wake.clear()
                    self.work(stop)
                    pause = self.again[0]
                    seconds = self.every() if callable(self.every) else self.every
                except Over:
                    return
                except Exception as error:  # noqa: BLE001 - whatever it is, there is another round
                    self._tell(error, failed)
                    stop.wait(pause)
                    pause, seconds = min(pause * 2, self.again[1]), 0.0
                self._wait(stop, seconds)
        finally:
            try:
                self.ending()
            except Exception as error:  # noqa: BLE001 - the loop ends all the same
                self._tell(error, failed)

    def _tell(self, error: Exception, failed: Callable[[], object]) -> None:
        """What is away comes back, and is a warning; whatever else was raised is an error of the program's."""
        with suppress(Exception):  # where memory is too short to say it, the loop goes on too
            failed()
            level = logging.WARNING if isinstance(error, BoleError) else logging.ERROR
            log(level, self.failing, error=error)

    def _wait(self, stop: threading.Event, seconds: float) -> None:
        if self.wake is None:
            stop.wait(seconds)
            return
        while seconds > 0 and not stop.is_set() and not self.wake.wait(min(seconds, _SLICE_SECONDS)):
            seconds -= _SLICE_SECONDS


def each_by_itself(work: Callable[[T], int], items: Iterable[T]) -> int:
    """The sum of `work` for all items: what it raises for one keeps none of the others from its turn.

    Raises, once all have had theirs, what was raised first; and at once Unavailable, which would be met by all.
    """
    done, first = 0, None
    for item in items:
        try:
            done += work(item)
        except Unavailable:
            raise
        except Exception as error:  # noqa: BLE001 - raised below
            first = first or error
    if first is not None:
        raise first
    return done


@dataclass
class Daily:
    """What is done once on every civil day, and once after `level` has been set: in between nothing is asked.

    `level`: set while this process may do it. `work` returns how many it has done, and is safe to repeat: after an
    error it is done again.
    """

    work: Callable[[], int]
    clock: Clock
    level: threading.Event
    _seen: date | None = None

    def look(self) -> int:
        """Do it, if that is due; how many were done."""
        if not self.level.is_set():
            self._seen = None
            return 0
        today = civil_date(self.clock.now())
        if today == self._seen:
            return 0
        done = self.work()
        self._seen = today
        return done


class Background:
    """Goes through `rounds` in a thread; `failed` is told of each round that failed."""

    def __init__(self, name: str, rounds: Rounds, failed: Callable[[], object] = _nothing) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=rounds.run, args=(self._stop, failed), name=name, daemon=True)

    @property
    def alive(self) -> bool:
        """Whether the loop is running: False before `start` and after its end, wanted or not."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Start the thread, if it was not; raises RuntimeError where memory is too short, and may be tried again."""
        if self._thread.ident is None:
            self._thread.start()

    def stop(self, timeout: float = STOP_SECONDS) -> bool:
        """Ask the loop to end and wait at most `timeout` seconds; whether it ended."""
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join(timeout)
        return not self._thread.is_alive()
