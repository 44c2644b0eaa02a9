"""Keeps the gauges of a process fresh: outbox, feeds, and whatever its service observes itself."""

from services.chassis.house import Assembly, House
from services.chassis.outbox.relay import Relay
from services.chassis.process.background import STOP_SECONDS, Background, Rounds

_EVERY_SECONDS = 5.0


class Observation:
    """Looks every five seconds, in a thread of its own."""

    def __init__(self, house: House, relay: Relay, assembly: Assembly) -> None:
        self._metrics = house.metrics
        self._database = house.database
        self._log = house.log
        self._clock = house.clock
        self._relay = relay
        self._assembly = assembly
        rounds = Rounds(
            lambda _stop: self._look(), "the gauges could not be read", _EVERY_SECONDS, _EVERY_SECONDS
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

    def _look(self) -> None:
        backlog = self._relay.backlog()
        age = (self._clock.now() - backlog.oldest).total_seconds() if backlog.oldest else 0.0
        self._metrics.outbox_waiting.set(backlog.count)
        self._metrics.outbox_age.set(age)
        for feed in self._assembly.feeds:
            for topic in feed.topics:
                waiting = max(0, self._log.end(topic) - feed.position(topic))
                self._metrics.feed_lag.labels(feed.name, topic).set(waiting)
        with self._database.read() as session:
            for feed in self._assembly.feeds:
                self._metrics.dead_letters.labels(feed.name).set(feed.dead_letters.count(session))
        self._assembly.observe()
