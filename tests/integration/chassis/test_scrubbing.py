"""What was erased does not stay in SQLite's write-ahead file, whoever was reading or died meanwhile."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select

from services.chassis.cloudevents import make_headers
from services.chassis.db import Database, open_engine
from services.chassis.feed import Feed
from services.chassis.leadership import leader_lock
from services.chassis.log import Record, TopicPolicy
from services.chassis.outbox import Outbox
from services.chassis.relay import Relay
from services.chassis.sql_log import SqlLog
from services.kernel.clock import ManualClock
from tests.integration.chassis.effects import (
    EFFECTS,
    FEED_TABLES,
    METADATA,
    OUTBOX,
    STATES,
    TOPIC,
    Effects,
    event,
)

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CANARY = "canary-canary"
SECONDS = 60.0


@pytest.fixture
def log(tmp_path: Path) -> Iterator[SqlLog]:
    opened = SqlLog(tmp_path / "log.db")
    opened.ensure_topics({TOPIC: TopicPolicy.COMPACT})
    yield opened
    opened.close()


@pytest.fixture
def erased(database: Database) -> Database:
    """One that held the canary until now."""
    METADATA.create_all(database.engine)
    with database.write() as session:
        session.execute(insert(STATES).values(key=CANARY, version=1))
    with database.write() as session:
        session.execute(delete(STATES))
    return database


def found(tmp_path: Path) -> bool:
    return any(CANARY.encode() in file.read_bytes() for file in tmp_path.glob("service.db*"))


def gone(tmp_path: Path) -> bool:
    """Whether it goes in time."""
    for _ in range(int(SECONDS / 0.05)):
        if not found(tmp_path):
            return True
        threading.Event().wait(0.05)
    return False


def test_a_reader_puts_it_off_and_it_stays_owed(erased: Database, tmp_path: Path) -> None:
    reader = Database(open_engine(f"sqlite:///{tmp_path}/service.db", pool_size=1))
    with reader.read() as session:
        session.execute(select(EFFECTS)).all()
        with erased.write() as writing:
            writing.execute(insert(STATES).values(key="other", version=1))
        erased.scrub_owed()
        assert found(tmp_path)
    erased.scrub_owed()
    assert not found(tmp_path)
    reader.close()


def test_the_relay_does_what_a_process_that_died_has_left(
    erased: Database, log: SqlLog, clock: ManualClock, tmp_path: Path
) -> None:
    again = Database(open_engine(f"sqlite:///{tmp_path}/service.db", pool_size=2))
    assert found(tmp_path)
    relay = Relay(again, OUTBOX, log, leader_lock(again.engine, "relay"), clock)
    relay.start()
    assert gone(tmp_path)
    assert relay.stop()
    again.close()


def test_the_relay_does_it_after_a_tombstone_went_out(
    erased: Database, log: SqlLog, clock: ManualClock, tmp_path: Path
) -> None:
    erased.scrub_owed()
    with erased.write() as session:
        session.execute(insert(STATES).values(key=CANARY, version=1))
    with erased.write() as session:
        session.execute(delete(STATES))
        Outbox(OUTBOX).put_all(session, [event("a", 2, None)])
    assert found(tmp_path)
    relay = Relay(erased, OUTBOX, log, leader_lock(erased.engine, "relay"), clock)
    relay.start()
    assert gone(tmp_path)
    assert relay.stop()


def test_a_feed_owes_it_after_a_tombstone(
    erased: Database, log: SqlLog, clock: ManualClock, tmp_path: Path
) -> None:
    erased.scrub_owed()
    feed = Feed("test", erased, log, [TOPIC], Effects(), clock, tables=FEED_TABLES)
    for version, payload in ((1, b"ok"), (2, None)):
        made = event(CANARY, version, payload)
        log.append([Record(TOPIC, made.aggregateid, made.payload, make_headers(made))])
        feed.step()
    with erased.write() as session:
        session.execute(delete(STATES))
        session.execute(delete(EFFECTS))
    assert found(tmp_path)
    erased.scrub_owed()
    assert not found(tmp_path)
