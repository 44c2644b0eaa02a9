"""When keys and certificates were used: gathered in memory, written down now and then, so that no call waits for it."""

import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from services.chassis.process.background import Rounds
from services.chassis.storage.db import Database

_SECONDS: Final = 10.0
_FINE_ENOUGH: Final = timedelta(minutes=1)


class KeyUses:
    """Thread-safe. What a process that dies had not written down is lost, and what could not be written down is kept
    for the next time. `put` writes instants down by id.
    """

    def __init__(self, database: Database, put: Callable[[Session, Mapping[str, datetime]], None]) -> None:
        self._database = database
        self._put = put
        self._lock = threading.Lock()
        self._used: dict[str, datetime] = {}

    def note(self, id_: str, before: datetime | None, now: datetime) -> None:
        """One has been used. Within a minute of the use `before` that tells nothing new."""
        if before is None or now - before >= _FINE_ENOUGH:
            with self._lock:
                self._used[id_] = now

    def flush(self) -> None:
        """Write down what was gathered. Raises what the database raises; then it is written with what comes since."""
        with self._lock:
            used, self._used = self._used, {}
        if not used:
            return
        try:
            with self._database.write() as session:
                self._put(session, used)
        except BaseException:  # kept whatever it is, and raised on
            with self._lock:
                self._used = used | self._used
            raise

    @property
    def rounds(self) -> Rounds:
        """Writing down now and then, and at the end."""
        failing = "uses of keys could not be written down"
        return Rounds(lambda _stop: self.flush(), failing, _SECONDS, _SECONDS, ending=self.flush)
