"""What is known of people loses the decade of birth, which the program before has written into it."""

import threading
from dataclasses import dataclass
from typing import Final

from services.chassis.process.background import Daily, Rounds
from services.chassis.storage.db import Database
from services.kernel.clock import Clock
from services.matcher.store import items

PORTION: Final = 500
_LOOK_SECONDS = 5.0


@dataclass
class Clearing:
    """Looks once on every civil day, and once after it begins to lead; in between it does not ask the database.

    `level`: set while this process is the writer and has read all that the log held at some moment: the program before
    writes no more.
    """

    database: Database
    clock: Clock
    level: threading.Event

    def __post_init__(self) -> None:
        self._daily = Daily(self._clear, self.clock, self.level)

    @property
    def rounds(self) -> Rounds:
        """Looking from time to time."""
        return Rounds(
            lambda _stop: self.look(),
            "items hold decades of birth in clear still",
            _LOOK_SECONDS,
            _LOOK_SECONDS,
        )

    def look(self) -> int:
        """Take the decades out, if that is due; of how many people that was. Safe to break off and to repeat."""
        return self._daily.look()

    def _clear(self) -> int:
        cleared, last = 0, ""
        while True:
            with self.database.read() as session:
                ids = items.with_decades(session, last, PORTION)
            if not ids:
                break
            with self.database.write() as session:
                items.forget_decades(session, ids)
            cleared, last = cleared + len(ids), ids[-1]
        return cleared
