"""When calls that would only wait for a thread are turned away."""

from dataclasses import dataclass
from typing import Final

STANDING_SECONDS: Final = 3.0
"""A queue that has stood for so long, or would take so long, is no rush but more than the service can do."""
WAIT_SECONDS: Final = 0.25
"""How long somebody may wait for the queue to count as moving."""
_WEIGHT: Final = 0.02
"""Of the newest work in the mean."""
_ASSUMED_SECONDS: Final = 0.01
"""What work takes of all turns before any was measured: several times what a usual call takes, as first calls do."""
_ASSUMED_WORKS: Final = 10
"""For how many works the assumption stands: the first one of all, which loads and compiles, is not the measure."""


@dataclass(slots=True)
class Admission:
    """Decides from the queue alone who is taken in. Times are monotonic seconds.

    A rush of up to `standing` seconds of work is taken in. Once somebody has waited longer than `wait` for `standing`
    seconds on end, or the rush is longer, only those are taken in who will wait no longer than that, until for
    `standing` seconds nobody has waited so long. How long a newcomer will wait is told by how long the work takes of
    late, and by how long the first has waited already. It is not told by how fast the queue moves: an event loop that
    stands still for a second, or takes in a thousand calls, moves nobody meanwhile, and makes no work any longer.
    """

    standing: float = STANDING_SECONDS
    wait: float = WAIT_SECONDS
    _work: float = _ASSUMED_SECONDS
    _works: int = _ASSUMED_WORKS
    _since: float | None = None
    _over_at: float | None = None

    def worked(self, seconds: float) -> None:
        """Work has kept all turns for so long: one of four turns for a second is a quarter of one."""
        self._works += 1
        self._work += max(_WEIGHT, 1 / self._works) * (seconds - self._work)

    def takes(self, now: float, waiting: int, first: float) -> bool:
        """Whether a newcomer is taken in, while so many wait, the first since then."""
        waits = max(now - first, waiting * self._work) if waiting else 0.0
        if waits <= self.wait:
            self._since = None
            if self._over_at is not None and now - self._over_at > self.standing:
                self._over_at = None
            return True
        if self._since is None:
            self._since = now
        if self._over_at is not None or waits > self.standing or now - self._since > self.standing:
            self._over_at = now
            return False
        return True
