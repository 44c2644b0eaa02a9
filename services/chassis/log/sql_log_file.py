"""The SQLite file of `SqlLog`: its tables, its connections, and what its topics forget."""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from services.chassis.log.log import RETENTION_DAYS, TopicPolicy
from services.kernel.errors import Unavailable
from services.kernel.text import Text

BUSY_SECONDS = 30.0

_SCHEMA = """
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS log_topic (
    topic TEXT PRIMARY KEY,
    policy TEXT NOT NULL,
    first_offset INTEGER NOT NULL DEFAULT 0,
    next_offset INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE IF NOT EXISTS log_record (
    topic TEXT NOT NULL,
    offset INTEGER NOT NULL,
    key TEXT NOT NULL,
    value BLOB,
    headers TEXT NOT NULL,
    time INTEGER NOT NULL,
    PRIMARY KEY (topic, offset)
) STRICT;
CREATE INDEX IF NOT EXISTS log_record_key ON log_record (topic, key, offset);
CREATE TABLE IF NOT EXISTS log_identity (one INTEGER PRIMARY KEY CHECK (one = 1), id TEXT NOT NULL) STRICT;
INSERT OR IGNORE INTO log_identity VALUES (1, lower(hex(randomblob(16))));
COMMIT;
"""
_COMPACT = """
DELETE FROM log_record WHERE topic = :topic AND EXISTS (
    SELECT 1 FROM log_record AS later
    WHERE later.topic = log_record.topic AND later.key = log_record.key AND later.offset > log_record.offset)
"""
_ADVANCE = """
UPDATE log_topic SET first_offset = coalesce(
    (SELECT min(offset) FROM log_record WHERE topic = :topic AND time >= :oldest), next_offset)
WHERE topic = :topic
"""
_EXPIRE = """
DELETE FROM log_record WHERE topic = :topic
    AND offset < (SELECT first_offset FROM log_topic WHERE topic = :topic)
"""


def connect(path: Path) -> sqlite3.Connection:
    """A connection with explicit transactions; creates directory, file and tables when they are missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        _use_write_ahead_log(connection)
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA secure_delete = ON")
        connection.executescript(_SCHEMA)
    except BaseException:
        connection.close()
        raise
    return connection


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Switch the file to WAL; SQLite does not wait by itself when another process does the same at once."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL").fetchone()
            return
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)  # the lock of another process gives no signal


def forget(connection: sqlite3.Connection, topics: Sequence[str], now: datetime) -> None:
    """Delete what the topics' own policies let go; runs in the caller's transaction."""
    oldest = int((now - timedelta(days=RETENTION_DAYS)).timestamp() * 1000)
    for topic in topics:
        query = "SELECT policy FROM log_topic WHERE topic = ?"
        (policy,) = connection.execute(query, (topic,)).fetchone()
        if policy == TopicPolicy.COMPACT.value:
            connection.execute(_COMPACT, {"topic": topic})
        else:
            connection.execute(_ADVANCE, {"topic": topic, "oldest": oldest})
            connection.execute(_EXPIRE, {"topic": topic})


@contextmanager
def unavailable() -> Iterator[None]:
    """Turn SQLite's errors (locked, full, closed, not a database) and the file system's into Unavailable."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise Unavailable(
            Text(f"事件日志文件暂不可用：{error}", f"the event log's file is not available: {error}"),
            reason="LOG_UNAVAILABLE",
        ) from error
