"""The reading side of `KafkaLog`: one consumer over several topics, positioned by its caller."""

from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.consumer.fetcher import ConsumerRecord
from kafka.errors import KafkaError, LogTruncationError, NoOffsetForPartitionError, OffsetOutOfRangeError

from services.chassis.log.kafka_client import opened
from services.chassis.log.log import Stored
from services.chassis.log.refusals import beyond_end, expired
from services.chassis.tls import AUTHORITIES, CERTIFICATE, KEY
from services.kernel.errors import OutOfRange, Unavailable
from services.kernel.text import Text

_FETCH_WAIT_MILLISECONDS = 100
_BUFFERED_RECORDS = 2_000
_LATEST_MILLISECONDS = 253_402_214_400_000  # 9999-12-31


def client_options(bootstrap: str, tls: Path | None, timeout_seconds: float) -> dict[str, Any]:
    """What every connection of one log has in common; after an outage each tries again every second."""
    timeout = int(timeout_seconds * 1000)
    return {
        **_secured(tls),
        "bootstrap_servers": bootstrap.split(","),
        "client_id": "bole",
        "bootstrap_timeout_ms": timeout,
        "request_timeout_ms": timeout // 2,
        "retry_backoff_ms": 20,
        "reconnect_backoff_ms": 50,
        "reconnect_backoff_max_ms": 1_000,
    }


def _secured(tls: Path | None) -> dict[str, Any]:
    if tls is None:
        return {}
    return {
        "security_protocol": "SSL",
        "ssl_cafile": str(tls / AUTHORITIES),
        "ssl_certfile": str(tls / CERTIFICATE),
        "ssl_keyfile": str(tls / KEY),
    }


class KafkaReader:
    """Records of several topics, fetched together and handed out topic by topic. Not for concurrent use.

    What arrives for a topic that is not being read waits in memory, up to a limit per topic.
    """

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._options = dict(options)
        self._consumer: KafkaConsumer | None = None
        self._buffers: dict[str, deque[ConsumerRecord]] = {}
        self._next: dict[str, int] = {}
        self._lost: dict[str, int] = {}

    def seek(self, positions: Mapping[str, int]) -> None:
        """Make the next record of each topic the first at or after this offset; free when it is already."""
        moved = {topic: offset for topic, offset in positions.items() if self._next.get(topic) != offset}
        if not moved:
            return
        with kafka_errors():
            consumer = self._open()
            if not moved.keys() <= self._next.keys():
                consumer.assign([_partition(topic) for topic in {**self._next, **moved}])
            for topic, offset in moved.items():
                self._next[topic] = offset
                self._buffers[topic] = deque()
                consumer.seek(_partition(topic), offset)
                consumer.resume(_partition(topic))

    def pump(self, seconds: float) -> None:
        """Fetch what is there; waits up to `seconds` for something to arrive on any topic."""
        with kafka_errors():
            consumer = self._open()
            try:
                polled = consumer.poll(timeout_ms=int(seconds * 1000))
            except OffsetOutOfRangeError as error:
                self._forget({partition.topic: offset for partition, offset in error.args[0].items()})
                return
            for partition, records in polled.items():
                buffer = self._buffers[partition.topic]
                buffer.extend(records)
                if len(buffer) >= _BUFFERED_RECORDS:
                    consumer.pause(partition)

    def has(self, topic: str) -> bool:
        """Whether `take` would return something. Raises OutOfRange when the log does not hold the offset."""
        if topic in self._lost:
            raise self._out_of_range(topic, self._lost.pop(topic))
        return bool(self._buffers[topic])

    def at(self, topic: str) -> int:
        """The offset up to which the topic has been looked through."""
        return int(self._open().position(_partition(topic)))

    def take(self, topic: str, limit: int) -> list[Stored]:
        """The next records of the topic, at most `limit` of those already fetched."""
        buffer = self._buffers[topic]
        taken = [_stored(buffer.popleft()) for _ in range(min(limit, len(buffer)))]
        if taken:
            self._next[topic] = taken[-1].offset + 1
        if len(buffer) < _BUFFERED_RECORDS:
            self._open().resume(_partition(topic))
        return taken

    def close(self) -> None:
        """Close the consumer."""
        if self._consumer is not None:
            self._consumer.close(autocommit=False)
        self._consumer = None

    def _open(self) -> KafkaConsumer:
        if self._consumer is None:
            self._consumer = opened(
                KafkaConsumer,
                **self._options,
                enable_auto_commit=False,
                auto_offset_reset="none",
                isolation_level="read_committed",
                allow_auto_create_topics=False,
                # a topic that joins waits for the fetch that is under way
                fetch_max_wait_ms=_FETCH_WAIT_MILLISECONDS,
                max_poll_records=_BUFFERED_RECORDS,
            )
        return self._consumer

    def _forget(self, lost: Mapping[str, int]) -> None:
        """Stop reading topics whose offset the broker does not have; `has` tells their reader."""
        self._lost.update(lost)
        self._next = {topic: offset for topic, offset in self._next.items() if topic not in lost}
        self._open().assign([_partition(topic) for topic in self._next])

    def _out_of_range(self, topic: str, offset: int) -> OutOfRange:
        partition = _partition(topic)
        with kafka_errors():
            end = int(self._open().end_offsets([partition])[partition])
            first = int(self._open().beginning_offsets([partition])[partition])
        return beyond_end(topic, offset, end) if offset > end else expired(topic, offset, first)


@contextmanager
def kafka_errors() -> Iterator[None]:
    """Turn the client's errors into the kernel's: OutOfRange when the log lost its tail, else Unavailable."""
    try:
        yield
    except (LogTruncationError, NoOffsetForPartitionError) as error:
        raise OutOfRange(
            Text(
                "Kafka 主题被替换或截断。请放回原日志；确认改用这一份时，停止该服务后运行 "
                f"python -m services.<服务名> accept-log（{error!r}）",
                "a Kafka topic was replaced or cut; put the former one back or, to go on with this one, stop the "
                f"service and run `python -m services.<service> accept-log` ({error!r})",
            ),
            reason="LOG_TRUNCATED",
        ) from error
    except KafkaError as error:
        raise log_down(repr(error)) from error


def log_down(cause: str) -> Unavailable:
    """Kafka cannot be used for the moment."""
    return Unavailable(
        Text(f"事件日志（Kafka）暂不可用：{cause}", f"the event log (Kafka) is not available: {cause}"),
        reason="LOG_UNAVAILABLE",
    )


def _partition(topic: str) -> TopicPartition:
    return TopicPartition(topic, 0)


def _stored(record: ConsumerRecord) -> Stored:
    return Stored(
        topic=record.topic,
        offset=record.offset,
        key=(record.key or b"").decode(errors="replace"),
        value=record.value,
        headers={name: (value or b"").decode(errors="replace") for name, value in record.headers},
        time=_instant(record.timestamp),
    )


def _instant(milliseconds: int) -> datetime:
    """When a record was appended, or the nearest that can be told: whoever writes to a topic states any number."""
    return datetime.fromtimestamp(max(0, min(milliseconds, _LATEST_MILLISECONDS)) / 1000, UTC)
