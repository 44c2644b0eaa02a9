"""The log in memory. It may be away, take a part only, take all and not say so, or stall while others go on."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from services.chassis.log.log import Record, Stored, TopicPolicy
from tests.simulation.faults import Chance, Clock, Crash, away


class Bus:
    """Keeps the promises of `Log`, and no more than these."""

    def __init__(self, chance: Chance, clock: Clock) -> None:
        self._chance, self._clock = chance, clock
        self._topics: dict[str, list[Stored]] = defaultdict(list)
        self.meanwhile: Callable[[], None] = lambda: None

    def ensure_topics(self, topics: Mapping[str, TopicPolicy]) -> None:
        """Topics are there as soon as they are named."""

    def append(self, records: Sequence[Record]) -> Mapping[str, int]:
        """See `Log.append`: after Unavailable some of the records may be there."""
        if self._chance.strikes("append: stalled", 5):
            self.meanwhile()
        if self._chance.strikes("append: away", 5):
            raise away("append")
        if self._chance.strikes("append: crash before", 3):
            raise Crash
        taken = len(records)
        partly = self._chance.strikes("append: a part", 5)
        if partly:
            taken = self._chance.random.randint(0, len(records))
        for record in records[:taken]:
            held = self._topics[record.topic]
            held.append(
                Stored(
                    record.topic, len(held), record.key, record.value, dict(record.headers), self._clock.now()
                )
            )
        self._chance.note(f"appended {taken} of {len(records)}")
        if self._chance.strikes("append: crash after", 3):
            raise Crash
        if partly or self._chance.strikes("append: no answer", 3):
            raise away("append")
        return {record.topic: self.end(record.topic) for record in records}

    def read(self, topic: str, offset: int, limit: int, wait_seconds: float = 0.0) -> list[Stored]:
        """See `Log.read`: at most `limit`, and often fewer."""
        if self._chance.strikes("read: away", 4):
            raise away("read")
        if self._chance.strikes("read: few", 20):
            limit = self._chance.random.randint(1, 3)
        return self._topics[topic][offset : offset + limit]

    def wait(self, positions: Mapping[str, int], seconds: float) -> bool:
        """Time is simulated: what is not there now comes with another step."""
        return any(self.end(topic) > at for topic, at in positions.items())

    def end(self, topic: str) -> int:
        """See `Log.end`."""
        return len(self._topics[topic])

    def first(self, topic: str) -> int:
        """See `Log.first`: nothing is forgotten."""
        return 0

    def identity(self, topic: str) -> str:
        """See `Log.identity`."""
        return "simulated"

    def close(self) -> None:
        """Nothing is held."""
