"""The ordered log that services talk through: what a record is, and what every log promises.

`SqlLog` (a SQLite file shared by processes) is the embedded default, `KafkaLog` the real one. Both pass the
same tests. A topic has one partition, so its records are in one order. Offsets rise; they may have gaps,
because compaction removes records: a reader goes on at the last offset it saw plus one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import NamedTuple, Protocol

from services.chassis.log_url import parse_log_url
from services.kernel.errors import InvalidArgument

MAX_RECORD_BYTES = 1_000_000
RETENTION_DAYS = 30


class TopicPolicy(Enum):
    """What a topic forgets.

    COMPACT: records that a later one of the same key has replaced; the last one of a key stays, so the topic
    holds the state. A record without a value (tombstone) says that the key is erased.
    RETAIN_30_DAYS: whatever is older than 30 days.
    """

    COMPACT = "compact"
    RETAIN_30_DAYS = "retain-30-days"


@dataclass(frozen=True, slots=True)
class Record:
    """A record to append. `value` None is a tombstone; at most `MAX_RECORD_BYTES` in all."""

    topic: str
    key: str
    value: bytes | None
    headers: Mapping[str, str] = field(default_factory=dict)


class Stored(NamedTuple):
    """A record as it stands in the log. `time` is when it was appended, in UTC, for display only."""

    topic: str
    offset: int
    key: str
    value: bytes | None
    headers: Mapping[str, str]
    time: datetime


class Log(Protocol):
    """An ordered, durable log. Safe to use from several threads; waiting readers of one Log may queue up."""

    def ensure_topics(self, topics: Mapping[str, TopicPolicy]) -> None:
        """Create the topics that are missing; those that exist keep their policy. Idempotent.

        Raises InvalidArgument for a name that is not a topic name, Unavailable when the log is down.
        """
        ...

    def append(self, records: Sequence[Record]) -> Mapping[str, int]:
        """Append in this order; durable when it returns: for each topic the offset after its last record.

        Raises InvalidArgument for a record without key or too large, NotFound for a topic that does not exist
        (nothing is appended in both cases), Unavailable when the log is down: then some of the records may be
        there, so the caller repeats all of them and readers see those twice.
        """
        ...

    def read(self, topic: str, offset: int, limit: int, wait_seconds: float = 0.0) -> list[Stored]:
        """At most `limit` records from `offset` on, in order; when there are none, waits for the first.

        An empty list means that nothing was there at the end of `wait_seconds`. Raises NotFound for a topic
        that does not exist; OutOfRange when `offset` lies beyond the end (the log was replaced or cut) or
        before what the topic retains: never a silent jump. Unavailable when the log is down.
        """
        ...

    def wait(self, positions: Mapping[str, int], seconds: float) -> bool:
        """Return True as soon as a topic has a record at or after its offset here; False after `seconds`."""
        ...

    def end(self, topic: str) -> int:
        """The offset that the next record of the topic will get. Raises NotFound, Unavailable."""
        ...

    def first(self, topic: str) -> int:
        """The first offset that the topic still keeps. Raises NotFound, Unavailable."""
        ...

    def identity(self, topic: str) -> str:
        """Another text for a topic that was begun anew, in whatever way; at most 64 characters. Raises NotFound,
        Unavailable.
        """
        ...

    def close(self) -> None:
        """Release connections and threads; waiting readers return."""
        ...


def open_log(url: str) -> Log:
    """The log of a URL (`log_url.py`).

    Raises InvalidArgument for one of another form. The libraries of a kind are only loaded for it.
    """
    try:
        where = parse_log_url(url)
    except ValueError as error:
        raise InvalidArgument.field(
            "log_url",
            "UNSUPPORTED_LOG_URL",
            f"日志地址 {url!r} 无法识别，请写 sqlite:///文件路径 或 kafka://主机:端口",
            f"the log URL {url!r} is not understood; write sqlite:///path or kafka://host:port",
        ) from error
    if where.kind == "sqlite":
        from services.chassis.log.sql_log import SqlLog

        return SqlLog(Path(where.address))
    from services.chassis.log.kafka_log import KafkaLog

    return KafkaLog(where.address, tls=where.tls)
