"""Proposals that end by the calendar: what a team lacks depends on the day, and a gap closes with nothing changed."""

import threading
from dataclasses import dataclass

from services.chassis.process.background import Daily, Rounds
from services.chassis.storage.chunks import chunks
from services.chassis.storage.db import Database
from services.kernel.clock import Clock
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

    def __post_init__(self) -> None:
        self._daily = Daily(self._end_undecided, self.clock, self.level)

    @property
    def rounds(self) -> Rounds:
        """Looking from time to time."""
        failing = "proposals could not be held against the day"
        return Rounds(lambda _stop: self.look(), failing, _LOOK_SECONDS, _LOOK_SECONDS)

    def look(self) -> int:
        """End what nobody has decided on and may not be proposed any more today; how many that were."""
        return self._daily.look()

    def _end_undecided(self) -> int:
        with self.database.read() as session:
            ids = stored.undecided(session, _KINDS)
        ended = 0
        for some in chunks(ids, _PORTION):
            with self.database.write() as session:
                ended += self.proposals.recheck(session, some)
        return ended
