"""Keeps the gauges of a process fresh, and what it says of its progress: outbox, feeds, and whatever its service
observes itself.
"""

from bole.common.v1 import progress_pb2
from services.chassis.house import Assembly, House
from services.chassis.outbox.relay import Relay
from services.chassis.process.background import STOP_SECONDS, Background, Rounds
from services.chassis.rpc.wire import instant_to_wire

_EVERY_SECONDS = 5.0


class Observation:
    """Looks every five seconds, in a thread of its own."""

    def __init__(self, house: House, relay: Relay, assembly: Assembly) -> None:
        self._metrics = house.metrics
        self._database = house.database
        self._log = house.log
        self._clock = house.clock
        self._progress = house.progress
        self._relay = relay
        self._assembly = assembly
        rounds = Rounds(
            lambda _stop: self.look(), "the gauges could not be read", _EVERY_SECONDS, _EVERY_SECONDS
        )
        self._thread = Background(
            "observation", rounds, house.metrics.loop_failures.labels("observation").inc
        )

    def start(self) -> None:
        """Start looking; once only."""
        self._thread.start()

    def stop(self, timeout: float = STOP_SECONDS) -> None:
        """Stop looking; wait at most `timeout` seconds for the look at hand."""
        self._thread.stop(timeout)

    def look(self) -> None:
        """Look once."""
        now, backlog = self._clock.now(), self._relay.backlog()
        age = (now - backlog.oldest).total_seconds() if backlog.oldest else 0.0
        self._metrics.outbox_waiting.set(backlog.count)
        self._metrics.outbox_age.set(age)
        found = progress_pb2.ServiceProgress(
            untold_count=backlog.count,
            untold_time=instant_to_wire(backlog.oldest) if backlog.oldest else None,
            stopped=["relay"] if self._relay.stopped_reason else [],
            observe_time=instant_to_wire(now),
        )
        for feed in self._assembly.feeds:
            if feed.stopped_reason:
                found.stopped.append(feed.name)
            for topic in feed.topics:
                at = feed.position(topic)
                waiting = max(0, self._log.end(topic) - at)
                self._metrics.feed_lag.labels(feed.name, topic).set(waiting)
                found.readings.add(feed=feed.name, topic=topic, next_offset=at, waiting_count=waiting)
        with self._database.read() as session:
            for feed in self._assembly.feeds:
                dead = feed.dead_letters.count(session)
                self._metrics.dead_letters.labels(feed.name).set(dead)
                found.dead_letter_count += dead
        self._progress.write(found)
        self._assembly.observe()
