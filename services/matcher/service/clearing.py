"""What is known of people loses the decade of birth, which the program before has written into it."""

import logging
import threading
from dataclasses import dataclass
from datetime import date
from typing import Final

from services.chassis.db import Database
from services.kernel.clock import Clock, civil_date
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
    _seen: date | None = None

    def loop(self, stop: threading.Event) -> None:
        """Look until `stop` is set."""
        while not stop.wait(_LOOK_SECONDS):
            try:
                self.look()
            except Exception:  # what was committed stands, and the rest is looked at next time
                logging.getLogger("bole").exception("items hold decades of birth in clear still")

    def look(self) -> int:
        """Take the decades out, if that is due; of how many people that was. Safe to break off and to repeat."""
        if not self.level.is_set():
            self._seen = None
            return 0
        today = civil_date(self.clock.now())
        if today == self._seen:
            return 0
        cleared, last = 0, ""
        while True:
            with self.database.read() as session:
                ids = items.with_decades(session, last, PORTION)
            if not ids:
                break
            with self.database.write() as session:
                items.forget_decades(session, ids)
            cleared, last = cleared + len(ids), ids[-1]
        self._seen = today
        return cleared
