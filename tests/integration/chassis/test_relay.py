import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from kafka.errors import (
    KafkaError,
    KafkaTimeoutError,
    NotLeaderForPartitionError,
    RequestTimedOutError,
    RetriableError,
    UnknownTopicOrPartitionError,
)
from sqlalchemy import func, select

from services.chassis.log import kafka_log
from services.chassis.log.log import Record, Stored, TopicPolicy
from services.chassis.log.sql_log import SqlLog
from services.chassis.outbox.outbox import MAX_PAYLOAD_BYTES, Outbox
from services.chassis.outbox.relay import Relay
from services.chassis.process.leadership import leader_lock
from services.chassis.storage.db import Database
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


class Broker:
    """Stands for a Kafka cluster: what its clients say next, and what it has."""

    def __init__(self) -> None:
        self.errors: list[KafkaError] = []
        self.records: list[int] = []

    def fail(self) -> None:
        if self.errors:
            raise self.errors.pop(0)

    def admin(self, **_options: object) -> Any:
        return SimpleNamespace(describe_topics=self._describe, close=lambda: None)

    def producer(self, **_options: object) -> Any:
        return SimpleNamespace(send=self._send, flush=lambda _seconds: None, close=lambda timeout: None)

    def _describe(self, topics: list[str]) -> list[dict[str, object]]:
        self.fail()
        return [{"name": name, "error_code": 0, "partitions": [0]} for name in topics]

    def _send(self, topic: str, _value: bytes, _key: bytes, headers: Any, *, partition: int) -> Any:
        def get(_seconds: float) -> Any:
            self.fail()
            self.records.append(int(dict(headers)["ce_sequence"]))
            return SimpleNamespace(topic=topic, offset=len(self.records) - 1)

        return SimpleNamespace(get=get)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "error",
    [NotLeaderForPartitionError, RequestTimedOutError, KafkaTimeoutError, UnknownTopicOrPartitionError],
)
def test_what_a_broker_says_while_it_moves_loses_nothing(
    database: Database, clock: ManualClock, monkeypatch: pytest.MonkeyPatch, error: type[KafkaError]
) -> None:
    broker = Broker()
    monkeypatch.setattr(kafka_log, "KafkaProducer", broker.producer)
    monkeypatch.setattr(kafka_log, "KafkaAdminClient", broker.admin)
    METADATA.create_all(database.engine)
    lock = leader_lock(database.engine, "relay")
    relay = Relay(database, OUTBOX, kafka_log.KafkaLog("broker:9092"), lock, clock)
    put(database, 1, 2)
    broker.errors = [error()] if issubclass(error, RetriableError) else []  # asked of the topic: asked again
    assert relay.publish_batch() == 2
    put(database, 3, 4)
    broker.errors = [error(), error()]
    for _ in range(2):
        with pytest.raises(Unavailable) as caught:
            relay.publish_batch()
        assert error.__name__ in caught.value.text.en
        assert relay.backlog().count == 2
    assert relay.publish_batch() == 2
    assert broker.records == [1, 2, 3, 4]
    lock.release()


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
