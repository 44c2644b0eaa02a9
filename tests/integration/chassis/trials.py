"""A service in miniature, of which database and log can be put back or begun anew."""

import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kafka import KafkaAdminClient

from services.chassis.feed.feed import Feed
from services.chassis.log.cloudevents import OutgoingEvent, make_headers
from services.chassis.log.log import Log, Record, TopicPolicy, open_log
from services.chassis.log.places import LogPlaces
from services.chassis.log_url import parse_log_url
from services.chassis.outbox.outbox import Outbox
from services.chassis.outbox.relay import Relay
from services.chassis.process.leadership import leader_lock
from services.chassis.storage.db import Database
from services.kernel.clock import ManualClock
from services.kernel.errors import NotFound, Unavailable
from tests.integration.chassis.effects import FEED_TABLES, HISTORY, METADATA, OUTBOX, Effects, event


@dataclass
class Trial:
    """A service in miniature over one database, and the log of one topic."""

    database: Database
    url: str
    log: Log
    topic: str
    clock: ManualClock

    def event(self, key: str, version: int) -> OutgoingEvent:
        return event(key, version, topic=self.topic)._replace(type="bole.thing.changed.v1")

    def put(self, *versions: int) -> None:
        with self.database.write() as session:
            Outbox(OUTBOX).put_all(session, [self.event("a", version) for version in versions])

    def append(self, *events: OutgoingEvent) -> None:
        self.log.append([Record(self.topic, e.aggregateid, e.payload, make_headers(e)) for e in events])

    def places(self, *, from_log: bool = False) -> LogPlaces:
        table, own = FEED_TABLES.places, [self.topic]
        return LogPlaces(
            table, OUTBOX, HISTORY, "/bole/test", self.clock, own=own, states=own, from_log=from_log
        )

    def check(self) -> None:
        self.places().check(self.database, self.log)

    def relay(self) -> Relay:
        lock = leader_lock(self.database.engine, "relay")
        return Relay(self.database, OUTBOX, self.log, lock, self.clock, places=self.places())

    def publish(self) -> None:
        """By a relay that ends afterwards; its second look finds nothing to tell, and binds the place to the log."""
        relay = self.relay()
        while relay.publish_batch():
            pass
        end(relay)

    def stopped(self) -> str:
        """Why a relay that begins now ends by itself."""
        relay = self.relay()
        relay.run(threading.Event())
        assert relay.stopped_reason is not None
        return relay.stopped_reason

    def feed(self) -> Feed:
        return Feed("test", self.database, self.log, [self.topic], Effects(), self.clock, tables=FEED_TABLES)

    def begin_anew(self) -> None:
        """The log of another day, under the old name."""
        former = self.log.identity(self.topic)
        where = parse_log_url(self.url)
        self.log.close()
        if where.kind == "sqlite":
            for side in ("", "-wal", "-shm"):
                Path(where.address + side).unlink(missing_ok=True)
        else:
            admin = KafkaAdminClient(bootstrap_servers=where.address)
            admin.delete_topics([self.topic])
            admin.close()
        self.log = open_log(self.url)
        while not self._is_new(former):
            time.sleep(0.01)  # brokers delete a topic some time after they said so

    def _is_new(self, former: str) -> bool:
        with suppress(NotFound, Unavailable):
            self.log.ensure_topics({self.topic: TopicPolicy.COMPACT})
            return self.log.identity(self.topic) != former
        return False


def rows(database: Database) -> dict[str, list[dict[str, object]]]:
    """Everything in it, as it is now."""
    with database.read() as session:
        return {
            table.name: [dict(row) for row in session.execute(table.select()).mappings()]
            for table in METADATA.sorted_tables
        }


def put_back(database: Database, kept: dict[str, list[dict[str, object]]]) -> None:
    """What a backup of that moment would hold."""
    with database.write() as session:
        for table in METADATA.sorted_tables:
            if table is not HISTORY:
                session.execute(table.delete())
            if kept[table.name]:
                session.execute(table.insert(), kept[table.name])


def end(relay: Relay) -> None:
    """As a process that ends does."""
    stop = threading.Event()
    stop.set()
    relay.run(stop)
