"""Engines and transactions. One unit of work is one transaction: all of it is committed, or nothing."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, cast

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.pool import ConnectionPoolEntry

from services.chassis.configuration import ConfigurationError
from services.chassis.fail_points import reach
from services.chassis.storage.append_only import append_only
from services.chassis.storage.columns import Json, UtcInstant, big_integer, canonical_json, new_metadata
from services.chassis.storage.connections import Connections
from services.chassis.storage.residue import Residue
from services.kernel.errors import Aborted, Unavailable
from services.kernel.text import Text

__all__ = [
    "Database",
    "Json",
    "UtcInstant",
    "append_only",
    "big_integer",
    "canonical_json",
    "new_metadata",
    "open_engine",
    "scrub_after",
]

_READING, _ERASED = "bole_reading", "bole_erased"
# Primary result codes of SQLite: BUSY, LOCKED, PROTOCOL;
# NOMEM, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, NOTADB.
_SQLITE_BUSY = frozenset({5, 6, 15})
_SQLITE_DOWN = frozenset({7, 8, 10, 11, 13, 14, 26})
# FULL; disk_full
_SQLITE_FULL, _POSTGRESQL_FULL = 13, "53100"
# serialization_failure, deadlock_detected
_POSTGRESQL_CONFLICT = frozenset({"40001", "40P01"})
# Extended codes of SQLite: CONSTRAINT_PRIMARYKEY, CONSTRAINT_UNIQUE; unique_violation
_SQLITE_TAKEN = frozenset({1555, 2067})
_POSTGRESQL_TAKEN = "23505"


POOL_SIZE: Final = 24
MAX_OVERFLOW: Final = 8
"""Connections that a process keeps, and those that it makes besides for a while; locks and loops take of these."""
CONNECTIONS: Final = POOL_SIZE + MAX_OVERFLOW + 1
"""All that a process may have to its database: one more asks whether it answers."""

# Of libpq. A server whose machine is gone answers nothing any more, not even that the connection has ended: the system
# would wait for a quarter of an hour, or for two hours where nothing is on its way. A long statement is no such thing.
_PATIENCE: Final = {
    "connect_timeout": 10,  # seconds
    "keepalives_idle": 15,  # seconds
    "keepalives_interval": 5,  # seconds
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,  # milliseconds
}


def open_engine(url: str | URL, *, pool_size: int = POOL_SIZE, busy_seconds: float = 20.0) -> Engine:
    """An engine for `sqlite:///file` (its directory is made) or `postgresql://…` (psycopg 3).

    `busy_seconds`: how long a SQLite writer waits for another one. Any other URL: ConfigurationError.
    """
    parsed = make_url(url)
    # Parameters of statements hold personal values: they must not reach an error's text.
    pool: dict[str, Any] = {"pool_size": pool_size, "max_overflow": MAX_OVERFLOW, "pool_timeout": 10}
    if parsed.get_backend_name() == "postgresql":
        patience = {name: value for name, value in _PATIENCE.items() if name not in parsed.query}
        return create_engine(parsed, pool_pre_ping=True, hide_parameters=True, connect_args=patience, **pool)
    if parsed.get_backend_name() != "sqlite" or not parsed.database or parsed.database == ":memory:":
        raise ConfigurationError(
            "database_url",
            "只支持 sqlite:///文件 或 postgresql://，请更正",
            "only sqlite:///file and postgresql:// are supported; correct it",
        )
    Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, hide_parameters=True, **pool)
    event.listen(engine, "connect", _sqlite_settings(busy_seconds))
    event.listen(engine, "begin", _sqlite_begin)
    return engine


class Database:
    """The transactions of one engine. Safe to share between threads; sessions are not."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._write = sessionmaker(engine, expire_on_commit=False)
        reading = engine.execution_options(**{_READING: True})
        if engine.dialect.name == "postgresql":
            reading = reading.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._read = sessionmaker(reading, expire_on_commit=False)
        self._before_commit: list[Callable[[Session], None]] = []
        self._after_commit: list[Callable[[], None]] = []
        self._residue = Residue(engine)
        # Who asks whether the database answers must not stand in line behind those who wait for it to answer.
        self._apart = open_engine(engine.url, pool_size=1) if engine.dialect.name == "postgresql" else engine
        self._connections = Connections(engine, self._apart)
        self._probing = self._apart.execution_options(**{_READING: True})
        self._asking: sqlite3.Connection | None = None
        self._asking_lock = threading.Lock()

    @contextmanager
    def write(self, *, alone: bool = False) -> Iterator[Session]:
        """One transaction, committed when the block ends, rolled back when it raises; never retried.

        Raises Aborted where another transaction was first: it changed the same row, or took a unique key that was
        looked for and not found. `alone`: nobody else writes what this does, and a key that is taken is a fault and no
        race. Raises Unavailable when the database is down or stays locked; anything else that the block or the database
        raises, unchanged.
        """
        with _translated(), _racing(alone=alone), self._write.begin() as session:
            yield session
            # A rehearsal has rolled back by itself: there is nothing to commit.
            for settle in self._before_commit if session.in_transaction() else ():
                settle(session)
            erases = bool(session.info.get(_ERASED)) and session.in_transaction()
            if erases:
                self._residue.expect()
        for callback in self._after_commit:
            callback()
        if erases:
            reach("erasure.after_commit_before_scrub")
            self._residue.owe()
            self._residue.scrub(rewrite=False)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One snapshot that sees no later commit and refuses to write. Raises Unavailable as `write` does."""
        with _translated(), self._read.begin() as session:
            yield session

    def before_commit(self, callback: Callable[[Session], None]) -> None:
        """Call `callback(session)` at the end of every `write`: what it writes is committed with the rest."""
        self._before_commit.append(callback)

    def on_commit(self, callback: Callable[[], None]) -> None:
        """Call `callback` after every committed `write`: quickly, and without raising."""
        self._after_commit.append(callback)

    def version(self) -> int | None:
        """Another number after whatever anybody committed, for a hundredth of what a query costs; None where that
        cannot be asked. Raises Unavailable as `read` does.
        """
        if self.engine.dialect.name != "sqlite":
            return None
        with _translated(), self._asking_lock:
            if self._asking is None:
                self._asking = self._connection_of_its_own()
            try:
                found: tuple[int] = self._asking.execute("PRAGMA data_version").fetchone()
            except sqlite3.Error as error:
                raise _unavailable("DATABASE_UNAVAILABLE") from error
        return found[0]

    def scrub(self, *, at_once: bool = False) -> bool:
        """Take away what erasures have left in SQLite's files (see `Residue`), if that is due; whether it is still
        owed. The relay asks again and again.
        """
        return self._residue.scrub(rewrite=True, at_once=at_once)

    def ask(self) -> None:
        """Return once the database has answered; on PostgreSQL on a connection beside the others. Raises Unavailable
        as `read` does.
        """
        with _translated(), self._probing.connect() as connection:
            connection.execute(text("SELECT 1"))
        self._connections.answered()

    def hang_up(self) -> None:
        """End all connections to a PostgreSQL that gives no answer: whoever waits for one is raised Unavailable, and so
        is whoever wants one before `ask` had its answer. It does not wait itself. SQLite has nobody at the other end.
        """
        self._connections.hang_up()

    def close(self) -> None:
        """Close all idle connections."""
        with self._asking_lock:
            if self._asking is not None:
                self._asking.close()
                self._asking = None
        self.engine.dispose()
        self._apart.dispose()

    def _connection_of_its_own(self) -> sqlite3.Connection:
        """One outside of the pool: it counts what all others commit."""
        pooled = self.engine.raw_connection()
        driver: Any = pooled.driver_connection
        pooled.detach()
        return cast(sqlite3.Connection, driver)


def scrub_after(session: Session) -> None:
    """Say that a transaction erases: once it is committed, what SQLite's files hold of it goes too."""
    session.info[_ERASED] = True


def _sqlite_settings(busy_seconds: float) -> Callable[[DBAPIConnection, ConnectionPoolEntry], None]:
    def apply(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        # The driver must not begin transactions by itself: `_sqlite_begin` does.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout={int(busy_seconds * 1000)}",
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            "recursive_triggers=ON",
            "secure_delete=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return apply


def _sqlite_begin(connection: Connection) -> None:
    """Writers take the write lock at once: a lock taken halfway could fail after the work was done."""
    reading = connection.get_execution_options().get(_READING, False)
    connection.exec_driver_sql(f"PRAGMA query_only={'ON' if reading else 'OFF'}")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


@contextmanager
def _racing(*, alone: bool) -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        sqlite, postgresql = (getattr(error.orig, name, None) for name in ("sqlite_errorcode", "sqlstate"))
        if not alone and (sqlite in _SQLITE_TAKEN or postgresql == _POSTGRESQL_TAKEN):
            raise _conflict() from error
        raise


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except StaleDataError as error:
        raise _conflict() from error
    except PoolTimeout as error:
        raise _unavailable("DATABASE_BUSY") from error
    except (OperationalError, InterfaceError) as error:
        raise _meaning(error) from error


def _meaning(error: DBAPIError) -> Exception:
    """What a failure of the driver means to the caller; faults in our own SQL stay what they are."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code == _SQLITE_FULL or getattr(error.orig, "sqlstate", None) == _POSTGRESQL_FULL:
        return Unavailable(
            Text(
                "数据库所在磁盘或临时目录已满，未写入；请联系管理员腾出空间，再以相同的 request_id 重试",
                "the disk of the database, or that of its temporary files, is full and nothing was written: have some "
                "room freed, and retry with the same request_id",
            ),
            reason="DATABASE_FULL",
        )
    if code is not None:
        if code & 0xFF in _SQLITE_BUSY:
            return _unavailable("DATABASE_BUSY")
        return _unavailable("DATABASE_UNAVAILABLE") if code & 0xFF in _SQLITE_DOWN else error
    if getattr(error.orig, "sqlstate", None) in _POSTGRESQL_CONFLICT:
        return _conflict()
    return _unavailable("DATABASE_UNAVAILABLE")


def _conflict() -> Aborted:
    return Aborted(
        Text(
            "数据已被他人修改，请重新读取后再提交",
            "the data were changed by somebody else; read them again and resubmit",
        ),
        reason="CONCURRENT_CHANGE",
    )


def _unavailable(reason: str) -> Unavailable:
    return Unavailable(
        Text("数据库暂不可用，请稍后重试", "the database is unavailable for the moment; retry later"),
        reason=reason,
    )
