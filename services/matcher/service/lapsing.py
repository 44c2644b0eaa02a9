"""Proposals that end by the calendar: what a team lacks depends on the day, and a gap closes with nothing changed."""

import logging
import threading
from dataclasses import dataclass
from datetime import date

from services.chassis.db import Database
from services.kernel.clock import Clock, civil_date
from services.matcher.domain.kinds import KINDS
from services.matcher.service.proposals import Proposals
from services.matcher.store import proposals as stored

_LOOK_SECONDS = 5.0
_PORTION = 100
_KINDS = [key for key, kind in KINDS.items() if kind.by_gaps]


@dataclass
class Lapsing:
    """Looks once on every civil day, and once after it begins to lead; in between it does not ask the database.

    `level`: set while this process is the writer and has read all that the log held at some moment: nothing ends by
    what is known no better.
    """

    database: Database
    proposals: Proposals
    clock: Clock
    level: threading.Event
    _seen: date | None = None

    def loop(self, stop: threading.Event) -> None:
        """Look until `stop` is set."""
        while not stop.wait(_LOOK_SECONDS):
            try:
                self.look()
            except Exception:  # what was committed stands, and the rest is looked at next time
                logging.getLogger("bole").exception("proposals could not be held against the day")

    def look(self) -> int:
        """End what nobody has decided on and may not be proposed any more today; how many that were."""
        if not self.level.is_set():
            self._seen = None
            return 0
        today = civil_date(self.clock.now())
        if today == self._seen:
            return 0
        with self.database.read() as session:
            ids = stored.undecided(session, _KINDS)
        ended = 0
        for start in range(0, len(ids), _PORTION):
            with self.database.write() as session:
                ended += self.proposals.recheck(session, ids[start : start + _PORTION])
        self._seen = today
        return ended
