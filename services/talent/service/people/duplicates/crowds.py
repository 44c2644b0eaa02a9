"""How many people share a key with too many for everybody to be compared with everybody."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from services.kernel.clock import Clock
from services.talent.store.people import duplicate_blocks

_STANDS: Final = 100
"""A count stands for so many times as long as it took: all keys are read for it, and the queue of pairs is looked at
page by page.
"""


class _Counted(NamedTuple):
    """People by city; since when, and until when that stands."""

    since: datetime
    until: datetime
    people: Mapping[str, int]


class Crowds:
    """What was counted last, for a while. Two threads may count at once and come to the same."""

    def __init__(self, clock: Clock, oldest: int) -> None:
        """`oldest`: as in `Method`."""
        self.oldest = oldest
        self._clock = clock
        self._counted: _Counted | None = None

    def people(self, session: Session, cities: Collection[str] | None) -> int:
        """People of these cities, or of all."""
        counted, now = self._counted, self._clock.now()
        if counted is None or not counted.since <= now < counted.until:
            self._counted = counted = self._count(session, now)
        return sum(number for city, number in counted.people.items() if cities is None or city in cities)

    def _count(self, session: Session, began: datetime) -> _Counted:
        found = duplicate_blocks.in_crowds(session, self.oldest)
        ended = self._clock.now()
        return _Counted(ended, ended + _STANDS * (ended - began), found)
