"""The log as Apache Kafka topics of one partition each."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from kafka import KafkaAdminClient, KafkaProducer, TopicPartition
from kafka.admin import OffsetSpec
from kafka.errors import KafkaError, NoError, RetriableError, TopicAlreadyExistsError, for_code
from kafka.producer.future import FutureRecordMetadata

from services.chassis.log.kafka_client import opened
from services.chassis.log.kafka_reader import KafkaReader, client_options, kafka_errors, log_down
from services.chassis.log.log import RETENTION_DAYS, Record, Stored, TopicPolicy
from services.chassis.log.refusals import (
    beyond_end,
    check_position,
    check_records,
    check_topics,
    unknown_topic,
)
from services.kernel.errors import FailedPrecondition
from services.kernel.text import Text

Answer = TypeVar("Answer")

_FETCH_SECONDS, _GIVE_WAY_SECONDS = 0.1, 0.001
_CLOSE_SECONDS = 1.0
"""Nothing that was told as appended waits then: `append` returns once the brokers have it."""
_DAY = 24 * 60 * 60 * 1000
SETTINGS = {
    # an erased key leaves the disk within a day; its tombstone stays as long as a reader may be away
    TopicPolicy.COMPACT: {
        "cleanup.policy": "compact",
        "max.compaction.lag.ms": str(_DAY),
        "delete.retention.ms": str(RETENTION_DAYS * _DAY),
    },
    TopicPolicy.RETAIN_30_DAYS: {"cleanup.policy": "delete", "retention.ms": str(RETENTION_DAYS * _DAY)},
}


class KafkaLog:
    """A log on a Kafka cluster, written by an idempotent producer with acks=all.

    Connections open at first use. `append`, `end` and `ensure_topics` run from any thread at once; readers
    take turns of a tenth of a second. Replication is the cluster's default.
    """

    def __init__(self, bootstrap: str, *, tls: Path | None = None, timeout_seconds: float = 30.0) -> None:
        """`bootstrap` is `host:port[,host:port...]`; an exchange with a broker takes at most the timeout.

        `tls`: the directory of the certificate to show, its key and the authorities to trust (`chassis.tls`).
        """
        self._options = client_options(bootstrap, tls, timeout_seconds)
        self._timeout = timeout_seconds
        self._producer: KafkaProducer | None = None
        self._admin: KafkaAdminClient | None = None
        self._reader = KafkaReader(self._options)
        self._producer_lock = threading.Lock()
        self._admin_lock = threading.Lock()
        self._read_lock = threading.Lock()
        self._known: set[str] = set()
        self._closed = threading.Event()

    def ensure_topics(self, topics: Mapping[str, TopicPolicy]) -> None:
        """Create what is missing; FailedPrecondition when a topic exists with more than one partition."""
        check_topics(list(topics))
        existing = self._partitions(topics)
        wanted = {
            name: {"num_partitions": 1, "replication_factor": -1, "configs": SETTINGS[policy]}
            for name, policy in topics.items()
            if name not in existing
        }
        if wanted:
            self._ask(lambda admin: _raise_unless_exists(admin.create_topics(wanted, raise_errors=False)))
            limit = int(self._timeout * 1000)
            self._ask(lambda admin: admin.wait_for_topics(list(wanted), timeout_ms=limit))
        self._require(topics)

    def append(self, records: Sequence[Record]) -> Mapping[str, int]:
        """Append; durable on all in-sync replicas when it returns; see `Log.append`."""
        check_records(records)
        self._require({record.topic for record in records})
        if not records:
            return {}
        producer = self._open_producer()
        try:
            futures = [_send(producer, record) for record in records]
            producer.flush(self._timeout)
            told = [future.get(self._timeout) for future in futures]
        except KafkaError:
            # a producer that lost a record may have lost its place in the sequence: start a fresh one
            self._drop_producer(producer)
            with kafka_errors():
                raise
        return {each.topic: each.offset + 1 if each.offset >= 0 else self.end(each.topic) for each in told}

    def read(self, topic: str, offset: int, limit: int, wait_seconds: float = 0.0) -> list[Stored]:
        """At most `limit` records from `offset` on; see `Log.read`."""
        check_position(offset, limit)
        self._require({topic})
        with self._read_lock:
            self._reader.seek({topic: offset})
            if not self._pump_until(lambda: self._reader.has(topic), wait_seconds):
                self._settle(topic, offset)
            return self._reader.take(topic, limit)

    def wait(self, positions: Mapping[str, int], seconds: float) -> bool:
        """True as soon as one of the topics has a record at or after its offset; several threads wait in turns."""
        self._require(positions)
        deadline = time.monotonic() + seconds
        while True:
            turn = min(deadline - time.monotonic(), _FETCH_SECONDS)
            with self._read_lock:
                self._reader.seek(positions)
                if self._pump_until(lambda: any(map(self._reader.has, positions)), turn):
                    return True
            # whoever takes a lock again at once leaves nobody else the time to take it
            if time.monotonic() >= deadline or self._closed.wait(_GIVE_WAY_SECONDS):
                return False

    def end(self, topic: str) -> int:
        """The offset of the next record."""
        self._require({topic})
        return self._offset(topic, OffsetSpec.LATEST)

    def first(self, topic: str) -> int:
        """The first offset that is kept."""
        self._require({topic})
        return self._offset(topic, OffsetSpec.EARLIEST)

    def identity(self, topic: str) -> str:
        """The id that the brokers gave the topic when it was made."""
        found = self._ask(lambda admin: admin.describe_topics([topic]))
        for entry in found:
            if entry["name"] == topic and entry["error_code"] == 0:
                return str(entry["topic_id"])
        raise unknown_topic(topic)

    def close(self) -> None:
        """Close the connections; a waiting reader returns within a tenth of a second. Whoever waits for brokers that
        stand still is not waited for: their connections end with the process.
        """
        self._closed.set()
        closings: tuple[tuple[threading.Lock, Callable[[], object]], ...] = (
            (self._producer_lock, self._close_producer),
            (self._admin_lock, self._close_admin),
            (self._read_lock, self._reader.close),
        )
        end = time.monotonic() + _CLOSE_SECONDS
        for lock, close in closings:
            if lock.acquire(timeout=max(0.0, end - time.monotonic())):
                try:
                    with suppress(KafkaError):
                        close()
                finally:
                    lock.release()

    def _close_producer(self) -> None:
        if self._producer is not None:
            self._producer.close(timeout=_CLOSE_SECONDS)
        self._producer = None

    def _close_admin(self) -> None:
        if self._admin is not None:
            self._admin.close()
        self._admin = None

    def _settle(self, topic: str, offset: int) -> None:
        """Nothing came: return if nothing is there, else fetch until it is."""
        end = self.end(topic)
        if offset > end:
            raise beyond_end(topic, offset, end)

        def reached() -> bool:
            return self._reader.has(topic) or self._reader.at(topic) >= end

        if not self._pump_until(reached, self._timeout):
            raise log_down(f"no record of topic {topic} within {self._timeout:.0f} s")

    def _pump_until(self, done: Callable[[], bool], seconds: float) -> bool:
        """Fetch until `done()`; False after `seconds` or when the log is closed."""
        deadline = time.monotonic() + seconds
        while not done():
            remaining = deadline - time.monotonic()
            if remaining < 0 or self._closed.is_set():
                return False
            self._reader.pump(min(remaining, _FETCH_SECONDS))
        return True

    def _offset(self, topic: str, which: OffsetSpec) -> int:
        partition = TopicPartition(topic, 0)
        found = self._ask(lambda admin: admin.list_partition_offsets({partition: which}))
        return int(found[partition].offset)

    def _require(self, topics: Mapping[str, object] | set[str]) -> None:
        """Raise NotFound when a topic does not exist, Unavailable when the log is closed."""
        if self._closed.is_set():
            raise log_down("closed")
        unseen = set(topics) - self._known
        if not unseen:
            return
        partitions = self._partitions(unseen)
        for topic in sorted(unseen):
            if topic not in partitions:
                raise unknown_topic(topic)
            if partitions[topic] != 1:
                raise _several_partitions(topic, partitions[topic])
            self._known.add(topic)

    def _partitions(self, topics: Mapping[str, object] | set[str]) -> dict[str, int]:
        """How many partitions each topic that exists has."""
        found = self._ask(lambda admin: admin.describe_topics(sorted(topics))) if topics else []
        return {entry["name"]: len(entry["partitions"]) for entry in found if entry["error_code"] == 0}

    def _ask(self, question: Callable[[KafkaAdminClient], Answer]) -> Answer:
        """Put a question that may be repeated; repeats it while the brokers are away, up to the timeout."""
        deadline = time.monotonic() + self._timeout
        with self._admin_lock, kafka_errors():
            while True:
                try:
                    if self._admin is None:
                        self._admin = opened(KafkaAdminClient, **self._options)
                    return question(self._admin)
                except RetriableError:
                    if time.monotonic() > deadline or self._closed.wait(0.05):
                        raise

    def _open_producer(self) -> KafkaProducer:
        with self._producer_lock, kafka_errors():
            if self._producer is None:
                self._producer = opened(
                    KafkaProducer,
                    **self._options,
                    acks="all",
                    enable_idempotence=True,
                    linger_ms=2,
                    batch_size=256 * 1024,
                    max_request_size=4 * 1024 * 1024,
                    max_block_ms=int(self._timeout * 1000),
                    delivery_timeout_ms=int(self._timeout * 1000),
                    allow_auto_create_topics=False,
                )
            return self._producer

    def _drop_producer(self, producer: KafkaProducer) -> None:
        with self._producer_lock:
            if self._producer is producer:
                self._producer = None
        producer.close(timeout=0)


def _send(producer: KafkaProducer, record: Record) -> FutureRecordMetadata:
    headers = [(name, value.encode()) for name, value in record.headers.items()]
    return producer.send(record.topic, record.value, record.key.encode(), headers, partition=0)


def _raise_unless_exists(answer: Mapping[str, Sequence[Mapping[str, int]]]) -> None:
    """Raise what the broker answered, except that somebody else was faster."""
    for topic in answer["topics"]:
        error = for_code(topic["error_code"])
        if error not in (NoError, TopicAlreadyExistsError):
            raise error(f"creating topic {topic['name']}: {topic.get('error_message')}")


def _several_partitions(topic: str, count: int) -> FailedPrecondition:
    return FailedPrecondition(
        Text(
            f"主题 {topic} 有 {count} 个分区，应为 1 个，否则顺序不保；请删除后由系统重建",
            f"topic {topic} has {count} partitions and must have 1 to keep its order; delete and recreate it",
        ),
        reason="TOPIC_PARTITIONS",
        metadata={"topic": topic, "partitions": str(count)},
    )
