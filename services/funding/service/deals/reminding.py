"""Reports that become due or late with time are told of once, whichever process looks first."""

from dataclasses import dataclass, field
from datetime import date

from services.chassis.process.background import Rounds, each_by_itself
from services.chassis.storage.db import Database
from services.funding.service.firms.indicators import Indicators
from services.funding.store.firms import requests
from services.kernel.clock import civil_date

_LOOK_SECONDS = 60.0
Stamp = tuple[date, int]


@dataclass
class Reminder:
    """Any number of processes may look, and look closer on a new day or for new holdings: reports that come tell of
    themselves.
    """

    database: Database
    indicators: Indicators
    _seen: Stamp | None = field(default=None)

    @property
    def rounds(self) -> Rounds:
        """Looking at once and from time to time."""
        return Rounds(lambda _stop: self.remind(), "reports could not be reminded of", _LOOK_SECONDS)

    def remind(self) -> int:
        """Tell of every report that is due or late and was not told of as such; how many were told."""
        with self.database.read() as session:
            stamp = civil_date(self.indicators.clock.now()), requests.holdings(session)
            if stamp == self._seen:
                return 0
            untold = self.indicators.untold(session)
        count = each_by_itself(self._tell, untold)
        self._seen = stamp
        return count

    def _tell(self, firm_id: str) -> int:
        with self.database.write() as session:
            return self.indicators.tell(session, firm_id)
