"""How much each caller may ask: a rate that it can keep up for ever, and a reserve for a moment's rush."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Final, NamedTuple

_MOST_CALLERS: Final = 10_000


@dataclass(frozen=True, slots=True)
class Quota:
    """`per_second` calls in the long run, `at_once` after a rest; both above zero."""

    per_second: float
    at_once: int


class Taken(NamedTuple):
    """`wait`: seconds until there will be a token; 0 if one was taken. `left`: how many there are now."""

    wait: float
    left: int


class Quotas:
    """A bucket of tokens for each caller, which fills by the clock. Thread-safe; times are monotonic seconds.

    Callers know nothing of each other: whoever asks too much waits alone. It is kept by each process for itself, in
    memory: a start gives everybody a full reserve once.
    """

    def __init__(self, quota: Quota) -> None:
        self.quota = quota
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def take(self, caller: str, now: float) -> Taken:
        """Take one token, or nothing if there is none."""
        with self._lock:
            left, seen = self._buckets.pop(caller, (float(self.quota.at_once), now))
            left = min(self.quota.at_once, left + max(0.0, now - seen) * self.quota.per_second)
            granted = left >= 1
            self._buckets[caller] = (left - granted, max(now, seen))
            if len(self._buckets) > _MOST_CALLERS:
                self._buckets.popitem(last=False)  # the one that has asked nothing for longest
        return Taken(0.0, int(left) - 1) if granted else Taken((1 - left) / self.quota.per_second, 0)
