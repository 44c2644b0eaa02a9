"""Sensitive facts leave the rows that the program before has filled, once it has gone."""

import logging
import threading
from dataclasses import dataclass
from typing import Final

from services.chassis.db import Database
from services.chassis.telemetry.logs import log
from services.kernel.errors import BoleError
from services.talent.store import statements

FIRST_SECONDS: Final = 3_600.0
"""By then replicas have been replaced: one of the program before would answer without what is cleared."""
EVERY_SECONDS: Final = 86_400.0
PORTION: Final = 500


@dataclass(frozen=True)
class Clearing:
    """Any number of processes may clear one database; nothing is done where it is done."""

    database: Database
    first_seconds: float = FIRST_SECONDS

    def run(self, stop: threading.Event) -> None:
        """Clear after a while and once a day, until `stop` is set."""
        pause = self.first_seconds
        while not stop.wait(pause):
            try:
                self.clear()
                pause = EVERY_SECONDS
            except BoleError as error:
                log(logging.WARNING, "rows hold sensitive facts in clear still; trying again", error=error)
                pause = self.first_seconds

    def clear(self) -> int:
        """Empty the columns of everybody; of how many people that was. Safe to break off and to repeat."""
        cleared, last = 0, ""
        while True:
            with self.database.read() as session:
                ids = statements.in_clear(session, last, PORTION)
            if not ids:
                return cleared
            with self.database.write() as session:
                cleared += statements.empty_sensitive(session, ids)
            last = ids[-1]
