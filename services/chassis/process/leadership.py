"""One leader at a time: a lock that the operating system or PostgreSQL frees when its holder dies."""

import hashlib
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from services.chassis.files.file_lock import FileLock


class LeaderLock(Protocol):
    """A lock that at most one thread of one process holds."""

    def acquire(self, *, wait: bool = False) -> bool:
        """Take the lock, or say that somebody else has it; with `wait`, stand in line for it."""
        ...

    def held(self) -> bool:
        """Whether it is still held: a lost database connection loses the lock."""
        ...

    def release(self) -> None:
        """Give it back, if held."""
        ...


def leader_lock(engine: Engine, name: str) -> LeaderLock:
    """The lock `name` of a database: advisory in PostgreSQL, a file next to a SQLite database."""
    if engine.dialect.name == "postgresql":
        return AdvisoryLock(engine, name)
    return FileLock(Path(f"{engine.url.database}.{name}.lock"))


class AdvisoryLock:
    """A session-level advisory lock on a connection of its own."""

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
        self._connection: Connection | None = None

    def acquire(self, *, wait: bool = False) -> bool:
        """See LeaderLock."""
        if self.held():
            return True
        connection = self._engine.connect()
        verb = "pg_advisory_lock" if wait else "pg_try_advisory_lock"
        # pg_advisory_lock returns void, which reads as an empty string.
        if connection.scalar(text(f"SELECT {verb}(:key)"), {"key": self._key}) is False:
            connection.close()
            return False
        self._connection = connection
        return True

    def held(self) -> bool:
        """See LeaderLock."""
        if self._connection is None:
            return False
        try:
            self._connection.execute(text("SELECT 1"))
        except DBAPIError:
            self._drop()
            return False
        return True

    def release(self) -> None:
        """See LeaderLock."""
        if self._connection is not None:
            # Said aloud: the server notices only a moment later that a session has gone.
            with suppress(DBAPIError):
                self._connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": self._key})
            self._drop()

    def _drop(self) -> None:
        """End the server session itself: a pooled connection would keep the lock."""
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None
