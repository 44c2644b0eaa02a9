"""The log as one SQLite file that several processes share: the embedded default."""

import json
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import orjson

from services.chassis.files.bell import Bell
from services.chassis.log.log import Record, Stored, TopicPolicy
from services.chassis.log.refusals import (
    beyond_end,
    check_position,
    check_records,
    check_topics,
    expired,
    unknown_topic,
)
from services.chassis.log.sql_log_file import connect, forget, unavailable
from services.kernel.clock import Clock, SystemClock

_UNTOLD_SECONDS = 0.1
"""How late at most is seen what nobody rang for: whoever committed it died, or is of a release before."""

_ALLOT = "UPDATE log_topic SET next_offset = next_offset + ? WHERE topic = ? RETURNING next_offset, policy"
_INSERT = "INSERT INTO log_record (topic, offset, key, value, headers, time) VALUES (?, ?, ?, ?, ?, ?)"
_READ = """
SELECT offset, key, value, headers, time FROM log_record
WHERE topic = ? AND offset >= ? ORDER BY offset LIMIT ?
"""
_ERASE = "DELETE FROM log_record WHERE topic = ? AND key = ? AND offset < ?"


class SqlLog:
    """A log in a SQLite file; any number of processes and threads append and read.

    An append is one transaction of the file's single writer, which also allots the offsets: it is there as a
    whole or not at all, and offsets have no gaps but those of compaction. Commits survive the death of any
    process (`synchronous=NORMAL`); a power failure may undo the last of them, never tear one. Whoever has
    committed rings a bell; of the threads that wait one listens, for all of them. A tombstone in a compacted
    topic erases the older records of its key at once, from the pages of the file too; what else a policy
    forgets goes when `ensure_topics` is called.
    """

    def __init__(self, path: Path, clock: Clock | None = None) -> None:
        """Open or create the file. Raises Unavailable when that is impossible."""
        self._clock = clock or SystemClock()
        with unavailable():
            self._writer = connect(path)
            self._reader = connect(path)
        self._write_lock = threading.Lock()
        self._read_lock = threading.Lock()
        self._closed = threading.Event()
        self._bell = Bell(path)
        self._news = threading.Condition()
        self._seen, self._watched = -1, False

    def ensure_topics(self, topics: Mapping[str, TopicPolicy]) -> None:
        """Create what is missing, then forget what the topics' policies let go."""
        check_topics(list(topics))
        with self._transaction() as connection:
            connection.executemany(
                "INSERT INTO log_topic (topic, policy) VALUES (?, ?) ON CONFLICT DO NOTHING",
                [(topic, policy.value) for topic, policy in topics.items()],
            )
            forget(connection, list(topics), self._clock.now())
        self._flush_erased()  # a process before may have ended between a tombstone and this

    def append(self, records: Sequence[Record]) -> Mapping[str, int]:
        """Append all of the records, or none; see `Log.append`."""
        check_records(records)
        if not records:
            return {}
        now = _milliseconds(self._clock.now())
        with self._transaction() as connection:
            offsets, compacted = _allot(connection, Counter(record.topic for record in records))
            rows = [(next(offsets[record.topic]), record) for record in records]
            connection.executemany(_INSERT, (_row(offset, record, now) for offset, record in rows))
            erased = [
                (record.topic, record.key, offset)
                for offset, record in rows
                if record.value is None and record.topic in compacted
            ]
            connection.executemany(_ERASE, erased)
        if erased:
            self._flush_erased()
        return {record.topic: offset + 1 for offset, record in rows}

    def read(self, topic: str, offset: int, limit: int, wait_seconds: float = 0.0) -> list[Stored]:
        """At most `limit` records from `offset` on; see `Log.read`."""
        check_position(offset, limit)
        found = self._select(topic, offset, limit)
        if not found and wait_seconds > 0 and self.wait({topic: offset}, wait_seconds):
            found = self._select(topic, offset, limit)
        return found

    def wait(self, positions: Mapping[str, int], seconds: float) -> bool:
        """True as soon as one of the topics has a record at or after its offset; noticed at once."""
        deadline, looked_at = time.monotonic() + seconds, -1
        while True:
            version = self._version()
            if version != looked_at and any(end > positions.get(topic, end) for topic, end in self._ends()):
                return True
            looked_at = version
            if not self._changes(version, deadline):
                return False

    def end(self, topic: str) -> int:
        """The offset of the next record."""
        return self._bounds(topic)[1]

    def has(self, topic: str) -> bool:
        """Whether the topic exists."""
        return any(name == topic for name, _ in self._ends())

    def first(self, topic: str) -> int:
        """The first offset that the topic's policy still keeps. Raises NotFound for a topic that does not exist."""
        return self._bounds(topic)[0]

    def identity(self, topic: str) -> str:
        """The random id of the file, which it got when it was made."""
        self._bounds(topic)
        with self._read_lock, unavailable():
            found: tuple[str] = self._reader.execute("SELECT id FROM log_identity").fetchone()
        return found[0]

    def close(self) -> None:
        """Close the file; waiting readers return empty-handed."""
        self._closed.set()
        self._bell.ring()
        with self._news:
            self._news.notify_all()
            self._news.wait_for(lambda: not self._watched)
        self._bell.close()
        with self._write_lock, self._read_lock:
            self._writer.close()
            self._reader.close()

    def _select(self, topic: str, offset: int, limit: int) -> list[Stored]:
        first, end = self._bounds(topic)
        if offset > end:
            raise beyond_end(topic, offset, end)
        if offset < first:
            raise expired(topic, offset, first)
        with self._read_lock, unavailable():
            rows = self._reader.execute(_READ, (topic, offset, limit)).fetchall()
        return [
            Stored(topic, at, key, value, orjson.loads(headers), _instant(time_ms))
            for at, key, value, headers, time_ms in rows
        ]

    def _bounds(self, topic: str) -> tuple[int, int]:
        with self._read_lock, unavailable():
            query = "SELECT first_offset, next_offset FROM log_topic WHERE topic = ?"
            row = self._reader.execute(query, (topic,)).fetchone()
        if row is None:
            raise unknown_topic(topic)
        first, end = row
        return first, end

    def _ends(self) -> list[tuple[str, int]]:
        if self._closed.is_set():
            return []
        with self._read_lock, unavailable():
            return self._reader.execute("SELECT topic, next_offset FROM log_topic").fetchall()

    def _version(self) -> int:
        """Another number after whatever was committed: to ask for it is a tenth of the work of looking."""
        if self._closed.is_set():
            return 0
        with self._read_lock, unavailable():
            found: tuple[int] = self._reader.execute("PRAGMA data_version").fetchone()
        if found[0] != self._seen:
            with self._news:
                self._seen = found[0]
                self._news.notify_all()
        return found[0]

    def _changes(self, version: int, deadline: float) -> bool:
        """Whether something is committed after `version` and before the deadline. One thread listens for all; when it
        goes, the next one does.
        """
        with self._news:
            told = self._news.wait_for(
                lambda: self._seen != version or not self._watched or self._closed.is_set(),
                deadline - time.monotonic(),
            )
            if not told or self._seen != version or self._closed.is_set():
                self._hand_over()
                return told and not self._closed.is_set()
            self._watched = True
        try:
            while self._version() == version:
                remaining = deadline - time.monotonic()
                if remaining <= 0 or self._closed.is_set():
                    return False
                self._bell.wait(min(_UNTOLD_SECONDS, remaining))
            return not self._closed.is_set()
        finally:
            with self._news:
                self._watched = False
                self._hand_over()

    def _hand_over(self) -> None:
        """Wake one who goes on listening, unless somebody does; only with `_news`."""
        if self._closed.is_set():
            self._news.notify_all()
        elif not self._watched:
            self._news.notify()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._write_lock, unavailable():
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
            except BaseException:
                self._writer.execute("ROLLBACK")
                raise
            self._writer.execute("COMMIT")
        self._bell.ring()

    def _flush_erased(self) -> None:
        """Empty the write-ahead file too, which still holds what was erased."""
        with self._write_lock, unavailable():
            self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()


def _allot(
    connection: sqlite3.Connection, counts: Mapping[str, int]
) -> tuple[dict[str, Iterator[int]], frozenset[str]]:
    """The offsets for so many new records of each topic, and which of the topics are compacted."""
    offsets: dict[str, Iterator[int]] = {}
    compacted = set()
    for topic, count in counts.items():
        row = connection.execute(_ALLOT, (count, topic)).fetchone()
        if row is None:
            raise unknown_topic(topic)
        offsets[topic] = iter(range(row[0] - count, row[0]))
        if row[1] == TopicPolicy.COMPACT.value:
            compacted.add(topic)
    return offsets, frozenset(compacted)


def _row(offset: int, record: Record, now: int) -> tuple[str, int, str, bytes | None, str, int]:
    headers = json.dumps(dict(record.headers), ensure_ascii=False)
    return record.topic, offset, record.key, record.value, headers, now


@lru_cache(maxsize=64)
def _instant(milliseconds: int) -> datetime:
    """The same for all records of a transaction."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _milliseconds(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)
