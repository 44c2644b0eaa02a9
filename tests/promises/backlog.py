"""P7: the log is away while events come: they wait on disk, memory stays as it is, and they are caught up with
afterwards.
"""

import os
import random
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

from services.chassis.log.log import Log, TopicPolicy, open_log
from services.chassis.outbox.outbox import Outbox
from services.chassis.outbox.relay import Relay
from services.chassis.process.leadership import leader_lock
from services.chassis.storage.db import Database, open_engine
from services.kernel.clock import SystemClock
from tests.integration.chassis.effects import METADATA, OUTBOX, event
from tests.promises.holding import held_by
from tests.servers.kafka import KafkaServer
from tests.servers.postgres import PostgresServer
from tests.storm.house import until

AT_ONCE, PAUSE_SECONDS = 20, 0.05
"""So many events in one transaction, and the pause after it: some 350 a second."""
KEYS = 40
FASTER = 3.0
"""How many times the rate at which events come the relay reaches while it catches up."""
MOST_GROWTH = 0.2
LIMIT_SECONDS = 300.0


def violations(seed: int, away: float) -> list[str]:
    """Everything that does not hold after the broker was killed and away for so many seconds under a steady stream."""
    rng = random.Random(seed)
    topic = f"bole.b{rng.getrandbits(32):08x}.v1"
    with ExitStack() as stack:
        server = stack.enter_context(PostgresServer(durable=True))
        broker = stack.enter_context(KafkaServer())
        database = Database(open_engine(server.database_url(server.create_database())))
        stack.callback(database.close)
        METADATA.create_all(database.engine)
        log = open_log(broker.url)
        stack.callback(log.close)
        log.ensure_topics({topic: TopicPolicy.RETAIN_30_DAYS})
        relay = Relay(database, OUTBOX, log, leader_lock(database.engine, "relay"), SystemClock())
        relay.start()
        stack.callback(relay.stop)
        stream = _Stream(database, topic)
        found = list(_away(stream, relay, broker, rng.uniform(0.8, 1.2) * away))
        return [*found, *_wrong(log, topic, stream.count)]


class _Stream:
    """Somebody who commits events at an even pace, in a thread."""

    def __init__(self, database: Database, topic: str) -> None:
        self._database, self._topic = database, topic
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.count = 0
        self._began = time.monotonic()
        self._thread.start()

    def rate(self) -> float:
        """Events a second since the beginning."""
        return self.count / (time.monotonic() - self._began)

    def end(self) -> None:
        """After the transaction at hand."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(PAUSE_SECONDS):
            with self._database.write() as session:
                new = [
                    event(f"k{number % KEYS}", number // KEYS + 1, b"x" * 500, self._topic)
                    for number in range(self.count, self.count + AT_ONCE)
                ]
                Outbox(OUTBOX).put_all(session, new)
            self.count += AT_ONCE


@dataclass(frozen=True, slots=True)
class _Level:
    """What waits, and what the process takes."""

    waiting: int
    kib: int


def _away(stream: _Stream, relay: Relay, broker: KafkaServer, seconds: float) -> Iterator[str]:
    if not until(lambda: relay.published > 20 * AT_ONCE, LIMIT_SECONDS):
        yield "nothing was told before the broker was killed"
    before = _Level(relay.backlog().count, held_by(os.getpid()).kib)
    broker.kill()
    threading.Event().wait(seconds)
    during = _Level(relay.backlog().count, held_by(os.getpid()).kib)
    live = stream.rate()
    if during.waiting < live * seconds / 2:
        yield f"only {during.waiting} events waited after {seconds:.0f} s"
    if during.kib > before.kib * (1 + MOST_GROWTH):
        yield f"{before.kib // 1024} MiB became {during.kib // 1024} while {during.waiting} events waited"
    broker.start()
    told, began = relay.published, 0.0
    if not until(lambda: relay.published > told, LIMIT_SECONDS):
        yield "nothing was told after the broker was back"
    told, began = relay.published, time.monotonic()
    if not until(lambda: relay.backlog().count < live, LIMIT_SECONDS):
        yield f"{relay.backlog().count} events still wait"
    rate = (relay.published - told) / (time.monotonic() - began)
    if rate < FASTER * live:
        yield f"caught up with {rate:.0f} events a second, {live:.0f} came"
    stream.end()
    if not until(lambda: relay.backlog().count == 0, LIMIT_SECONDS):
        yield "not all was told in the end"


def _wrong(log: Log, topic: str, count: int) -> Iterator[str]:
    """Each event of each key, in order, after repeated ones are dropped."""
    known: set[str] = set()
    versions: dict[str, list[int]] = {}
    offset, end = 0, log.end(topic)
    while offset < end and (page := log.read(topic, offset, 1000)):
        for each in page:
            if each.headers["ce_id"] not in known:
                known.add(each.headers["ce_id"])
                versions.setdefault(each.key, []).append(int(each.headers["ce_sequence"]))
        offset = page[-1].offset + 1
    if len(known) != count:
        yield f"{len(known)} events on the log, {count} committed"
    if any(seen != list(range(1, len(seen) + 1)) for seen in versions.values()):
        yield "a key's events are out of order"
