"""When keys were used: gathered in memory, and written down now and then, so that no call waits for it."""

import logging
import threading
from datetime import datetime, timedelta
from typing import Final

from services.chassis.db import Database
from services.chassis.partner_keys import PartnerKey
from services.matcher.store import partners

_SECONDS: Final = 10.0
_FINE_ENOUGH: Final = timedelta(minutes=1)


class KeyUses:
    """Thread-safe. What a process that dies had not written down is lost."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._used: dict[str, datetime] = {}

    def note(self, key: PartnerKey, now: datetime) -> None:
        """A key has been used. Within a minute of its last use that tells nothing new."""
        if key.last_used_at is None or now - key.last_used_at >= _FINE_ENOUGH:
            with self._lock:
                self._used[key.key_id] = now

    def flush(self) -> None:
        """Write down what was gathered."""
        with self._lock:
            used, self._used = self._used, {}
        if used:
            with self._database.write() as session:
                partners.put_uses(session, used)

    def loop(self, stop: threading.Event) -> None:
        """Write down now and then until `stop` is set, and at the end."""
        while not stop.wait(_SECONDS):
            self._try()
        self._try()

    def _try(self) -> None:
        try:
            self.flush()
        except Exception:  # the next use is noted again
            logging.getLogger("bole").exception("uses of keys could not be written down")
