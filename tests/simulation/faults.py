"""What can go wrong, drawn by one generator; and the trace by which two runs are compared."""

import random
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from services.kernel.errors import Unavailable
from services.kernel.text import Text


class Crash(BaseException):
    """The process of an actor ends here, as by SIGKILL: whatever it had not made durable is gone."""


class Chance:
    """One generator for all of a run. `healed` ends the faults."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.healed = False
        self._trace = sha256()

    def strikes(self, what: str, per_cent: int) -> bool:
        """Whether a fault of this kind happens here."""
        struck = not self.healed and self.random.randrange(100) < per_cent
        if struck:
            self.note(what)
        return struck

    def note(self, line: str) -> None:
        """Add to the trace."""
        self._trace.update(f"{line}\n".encode())

    @property
    def trace(self) -> str:
        """The digest of all that happened so far: the same for the same seed."""
        return self._trace.hexdigest()


class Clock:
    """Goes on with every look; the machine's clock may be set, forwards and back, at any moment."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._now = datetime(2026, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        """A moment later than before, or an hour to either side."""
        self._now += timedelta(milliseconds=self._chance.random.randint(1, 50))
        if self._chance.strikes("clock set", 1):
            self._now += timedelta(hours=self._chance.random.choice((-1, 1)))
        return self._now


def away(what: str) -> Unavailable:
    """An engine that does not answer."""
    return Unavailable(Text("模拟故障", f"simulated: {what}"), reason="SIMULATED")
