"""What was erased does not stay in SQLite's write-ahead file, whoever was reading or died meanwhile."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select

from services.chassis.db import Database, open_engine, scrub_after
from services.chassis.leadership import leader_lock
from services.chassis.log import TopicPolicy
from services.chassis.relay import Relay
from services.chassis.sql_log import SqlLog
from services.kernel.clock import ManualClock
from tests.integration.chassis.effects import EFFECTS, METADATA, OUTBOX, STATES, TOPIC

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CANARY = "canary-canary"
SECONDS = 300.0


@pytest.fixture
def log(tmp_path: Path) -> Iterator[SqlLog]:
    opened = SqlLog(tmp_path / "log.db")
    opened.ensure_topics({TOPIC: TopicPolicy.COMPACT})
    yield opened
    opened.close()


@pytest.fixture
def holding(database: Database) -> Database:
    """A database that holds the canary."""
    METADATA.create_all(database.engine)
    with database.write() as session:
        session.execute(insert(STATES).values(key=CANARY, version=1))
    return database


def erase(database: Database) -> None:
    with database.write() as session:
        session.execute(delete(STATES))
        scrub_after(session)


def found(tmp_path: Path) -> bool:
    return any(CANARY.encode() in file.read_bytes() for file in tmp_path.glob("service.db*"))


def gone(tmp_path: Path) -> bool:
    """Whether it goes in time."""
    end = time.monotonic() + SECONDS
    while found(tmp_path) and time.monotonic() < end:
        time.sleep(0.02)
    return not found(tmp_path)


def test_it_is_gone_with_the_commit(holding: Database, tmp_path: Path) -> None:
    assert found(tmp_path)
    erase(holding)
    assert not found(tmp_path)


def test_a_reader_puts_it_off_and_the_relay_does_it(
    holding: Database, log: SqlLog, clock: ManualClock, tmp_path: Path
) -> None:
    relay = Relay(holding, OUTBOX, log, leader_lock(holding.engine, "relay"), clock)
    with holding.read() as session:
        session.execute(select(EFFECTS)).all()
        erase(holding)
        assert found(tmp_path)
        relay.start()
    assert gone(tmp_path)
    assert relay.stop()


def test_the_relay_does_what_a_process_that_died_has_left(
    holding: Database, log: SqlLog, clock: ManualClock, tmp_path: Path
) -> None:
    with holding.write() as session:
        session.execute(delete(STATES))
    assert found(tmp_path)
    again = Database(open_engine(f"sqlite:///{tmp_path}/service.db", pool_size=2))
    relay = Relay(again, OUTBOX, log, leader_lock(again.engine, "relay"), clock)
    relay.start()
    assert gone(tmp_path)
    assert relay.stop()
    again.close()
