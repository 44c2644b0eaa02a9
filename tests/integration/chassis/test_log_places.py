"""A log and a database that do not belong together are noticed before anything is told or taken in, on both engines."""

import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from kafka import KafkaAdminClient
from sqlalchemy import insert, select

from services.chassis.cloudevents import OutgoingEvent, make_headers
from services.chassis.db import Database, open_engine
from services.chassis.feed import Feed
from services.chassis.journal import FORMER
from services.chassis.leadership import leader_lock
from services.chassis.log import Log, Record, TopicPolicy, open_log
from services.chassis.log_places import LogPlaces
from services.chassis.log_url import parse_log_url
from services.chassis.outbox import Outbox
from services.chassis.relay import Relay
from services.kernel.clock import ManualClock
from services.kernel.errors import NotFound, OutOfRange, Unavailable
from tests.integration.chassis.effects import FEED_TABLES, HISTORY, METADATA, OUTBOX, Effects, effects, event


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
        stop, relay = threading.Event(), self.relay()
        while relay.publish_batch():
            pass
        stop.set()
        relay.run(stop)

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


@pytest.fixture(params=["embedded", "full"])
def trial(request: pytest.FixtureRequest, tmp_path: Path, clock: ManualClock) -> Iterator[Trial]:
    embedded = request.param == "embedded"
    url = f"sqlite:///{tmp_path}/log.db" if embedded else str(request.getfixturevalue("kafka").url)
    found = f"sqlite:///{tmp_path}/it.db" if embedded else str(request.getfixturevalue("postgres_url"))
    database = Database(open_engine(found))
    METADATA.create_all(database.engine)
    made = Trial(database, url, open_log(url), f"bole.test-{secrets.token_hex(6)}.v1", clock)
    made.log.ensure_topics({made.topic: TopicPolicy.COMPACT})
    yield made
    made.log.close()
    database.close()


def test_a_log_begun_anew_that_has_grown_past_the_offsets_is_not_read(trial: Trial) -> None:
    trial.append(trial.event("a", 1), trial.event("a", 2))
    feed = trial.feed()
    while feed.lag():
        feed.step()
    trial.begin_anew()
    trial.append(*(trial.event("b", version) for version in range(1, 6)))
    feed = trial.feed()
    feed.rounds.run(threading.Event())
    assert feed.stopped_reason is not None
    assert trial.topic in feed.stopped_reason
    assert "accept-log" in feed.stopped_reason
    assert effects(trial.database) == [("a", 1), ("a", 2)]
    assert feed.position(trial.topic) == 2


def test_a_feed_that_runs_notices_it_within_a_minute(trial: Trial) -> None:
    trial.append(trial.event("a", 1))
    feed = trial.feed()
    feed.step()
    with trial.database.write() as session:
        session.execute(FEED_TABLES.offsets.update().values(log_id="another"))
    assert feed.step() == 0
    trial.clock.advance(timedelta(seconds=61))
    with pytest.raises(OutOfRange):
        feed.step()


def test_nothing_is_told_to_a_log_begun_anew(trial: Trial) -> None:
    trial.put(1, 2)
    trial.publish()
    trial.begin_anew()
    trial.append(*(trial.event("b", version)._replace(source="/bole/other") for version in range(1, 6)))
    trial.put(3)
    assert trial.topic in trial.stopped()
    assert trial.log.end(trial.topic) == 5
    assert trial.relay().backlog().count == 1


def test_a_database_put_back_to_an_earlier_moment_tells_nothing(trial: Trial) -> None:
    trial.put(1, 2)
    trial.publish()
    kept = rows(trial.database)
    trial.put(3)
    trial.publish()
    put_back(trial.database, kept)
    said = trial.stopped()
    assert trial.topic in said
    assert "earlier moment" in said
    assert trial.log.end(trial.topic) == 3


def test_a_log_that_lost_its_end_is_not_written_to(trial: Trial) -> None:
    trial.put(1)
    trial.publish()
    with trial.database.write() as session:
        trial.places().note(session, {trial.topic: 9})
    with pytest.raises(OutOfRange) as caught:
        trial.check()
    assert caught.value.reason == "LOG_CUT"
    with trial.database.write() as session:
        assert trial.places().accept(session, trial.log) == [trial.topic]
    trial.publish()
    assert [each.headers["ce_sequence"] for each in trial.log.read(trial.topic, 0, 9)] == ["1", "1"]


def test_what_a_relay_told_and_could_not_mark_is_told_again(trial: Trial) -> None:
    trial.put(1)
    trial.publish()
    trial.put(2)
    trial.append(trial.event("a", 2))
    trial.publish()
    assert trial.log.end(trial.topic) == 3


def test_who_was_erased_before_the_mark_is_known_by_history(trial: Trial) -> None:
    trial.put(1)
    trial.publish()
    trial.append(trial.event("b", 1))
    with pytest.raises(OutOfRange) as caught:
        trial.check()
    assert caught.value.reason == "LOG_AHEAD"
    row = {"entity": "thing", "id": "b", "version": 1, "changed_at": trial.clock.now(), "actor": "x"}
    with trial.database.write() as session:
        session.execute(insert(HISTORY).values(row))
    trial.check()


def test_an_empty_database_beside_what_it_should_have_told_tells_nothing(trial: Trial) -> None:
    trial.append(trial.event("a", 1))
    trial.put(2)
    said = trial.stopped()
    assert trial.topic in said
    assert "its database remembers nothing of them" in said
    assert (trial.log.end(trial.topic), trial.relay().backlog().count) == (1, 1)
    with pytest.raises(OutOfRange) as caught, trial.database.write() as session:
        trial.places().accept(session, trial.log)
    assert caught.value.reason == "DATABASE_EMPTY"
    with trial.database.write() as session:
        assert trial.places(from_log=True).accept(session, trial.log) == [trial.topic]
        assert session.execute(select(HISTORY.c.id, HISTORY.c.version, HISTORY.c.actor)).all() == [
            ("a", 1, FORMER)
        ]
    trial.publish()
    assert trial.log.end(trial.topic) == 2


def test_a_database_that_is_new_or_older_than_the_log_is_not_taken_for_an_empty_one(trial: Trial) -> None:
    trial.append(trial.event("b", 1)._replace(source="/bole/other"))
    trial.check()
    trial.append(trial.event("a", 1))
    before = trial.event("a", 1).time - timedelta(days=1)
    row = {"entity": "thing", "id": "a", "version": 1, "changed_at": before, "actor": "x"}
    with trial.database.write() as session:
        session.execute(insert(HISTORY).values(row))
    trial.check()


def test_what_others_write_to_the_topic_says_nothing_of_the_database(trial: Trial) -> None:
    trial.put(1)
    trial.publish()
    trial.append(trial.event("b", 1)._replace(source="/bole/other"))
    trial.log.append([Record(trial.topic, "c", b"\xff", {})])
    trial.check()


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
