import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from services.chassis.db import Database
from services.chassis.leadership import leader_lock
from services.chassis.log import Record, Stored, TopicPolicy
from services.chassis.outbox import MAX_PAYLOAD_BYTES, Outbox
from services.chassis.relay import Relay
from services.chassis.sql_log import SqlLog
from services.kernel.clock import ManualClock
from services.kernel.errors import InvalidArgument, Unavailable
from services.kernel.text import Text
from tests.integration.chassis.effects import METADATA, OUTBOX, TOPIC, event


class FailingLog(SqlLog):
    """Fails the next appends: before it has the records, or after."""

    failures_before = 0
    failures_after = 0

    def append(self, records: Sequence[Record]) -> Mapping[str, int]:
        if self.failures_before:
            self.failures_before -= 1
            raise Unavailable(Text("断开", "away"))
        ends = super().append(records)
        if self.failures_after:
            self.failures_after -= 1
            raise Unavailable(Text("断开", "away"))
        return ends


@pytest.fixture
def log(tmp_path: Path) -> Iterator[FailingLog]:
    log = FailingLog(tmp_path / "log.db")
    log.ensure_topics({TOPIC: TopicPolicy.COMPACT})
    yield log
    log.close()


@pytest.fixture
def relay(database: Database, log: FailingLog, clock: ManualClock) -> Iterator[Relay]:
    METADATA.create_all(database.engine)
    lock = leader_lock(database.engine, "relay")
    yield Relay(database, OUTBOX, log, lock, clock)
    lock.release()


def put(database: Database, *versions: int) -> None:
    with database.write() as session:
        Outbox(OUTBOX).put_all(session, [event("a", version) for version in versions])


def sequences(records: Sequence[Stored]) -> list[int]:
    return [int(record.headers["ce_sequence"]) for record in records]


def test_events_reach_the_log_in_order_and_once(database: Database, log: FailingLog, relay: Relay) -> None:
    put(database, 1, 2)
    put(database, 3)
    assert relay.backlog().count == 3
    assert relay.publish_batch() == 3
    assert relay.publish_batch() == 0
    assert sequences(log.read(TOPIC, 0, 10)) == [1, 2, 3]
    assert relay.backlog().oldest is None


def test_what_was_rolled_back_is_never_told(database: Database, log: FailingLog, relay: Relay) -> None:
    def fail() -> None:
        with database.write() as session:
            Outbox(OUTBOX).put(session, event("a", 1))
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert relay.publish_batch() == 0


def test_a_failure_of_the_log_loses_nothing(database: Database, log: FailingLog, relay: Relay) -> None:
    put(database, 1, 2)
    log.failures_before = 1
    with pytest.raises(Unavailable):
        relay.publish_batch()
    assert relay.backlog().count == 2
    log.failures_after = 1
    with pytest.raises(Unavailable):
        relay.publish_batch()
    assert relay.publish_batch() == 2
    assert sequences(log.read(TOPIC, 0, 10)) == [1, 2, 1, 2]


def test_the_thread_wakes_up_after_a_commit_and_survives_failures(
    database: Database, log: FailingLog, relay: Relay
) -> None:
    log.failures_before = 2
    relay.start()
    put(database, 1)
    assert log.wait({TOPIC: 0}, 60)
    put(database, 2)
    assert log.wait({TOPIC: 1}, 60)
    assert relay.failures == 2
    assert relay.leading
    assert relay.stop()
    assert not relay.alive
    assert not relay.leading


def test_only_the_leader_publishes_and_another_takes_over(
    database: Database, log: FailingLog, relay: Relay, clock: ManualClock
) -> None:
    lock = leader_lock(database.engine, "relay")
    assert lock.acquire()
    put(database, 1)
    assert relay.publish_batch() == 0
    stop = threading.Event()
    thread = threading.Thread(target=relay.run, args=(stop,))
    thread.start()
    lock.release()
    assert log.wait({TOPIC: 0}, 60)
    stop.set()
    thread.join(60)
    assert lock.acquire()
    lock.release()


def test_published_events_are_deleted_after_the_retention(
    database: Database, relay: Relay, clock: ManualClock
) -> None:
    put(database, 1)
    relay.publish_batch()
    for days, left in ((0.5, 1), (0.6, 0)):
        clock.advance(timedelta(days=days))
        relay.publish_batch()
        with database.read() as session:
            assert session.scalar(select(func.count()).select_from(OUTBOX)) == left
    put(database, 2)
    assert relay.publish_batch() == 1


def test_an_event_too_large_for_the_log_is_refused_when_written(database: Database, relay: Relay) -> None:
    with pytest.raises(InvalidArgument) as caught, database.write() as session:
        Outbox(OUTBOX).put(session, event("a", 1, bytes(MAX_PAYLOAD_BYTES + 1)))
    assert caught.value.reason == "EVENT_TOO_LARGE"
