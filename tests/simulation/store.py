"""The database: SQLite in memory. It may be away, and a process may end just before or just after a commit."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from google.protobuf.wrappers_pb2 import Int64Value, StringValue
from sqlalchemy import Column, Engine, Integer, String, Table, create_engine, event, insert, select, update
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from services.chassis.feed.received import Poison, Received
from services.chassis.feed.tables import define_feed_tables
from services.chassis.log.cloudevents import OutgoingEvent
from services.chassis.outbox.outbox import Outbox, define_outbox
from services.chassis.request_log import RequestLog, define_request_log
from services.chassis.storage.columns import new_metadata
from services.chassis.storage.db import Database
from tests.simulation.faults import Chance, Clock, Crash, away

TOPIC = "bole.things.v1"
METADATA = new_metadata()
OUTBOX, REQUESTS, FEED = define_outbox(METADATA), define_request_log(METADATA), define_feed_tables(METADATA)
THINGS = Table(
    "thing", METADATA, Column("key", String(8), primary_key=True), Column("version", Integer, nullable=False)
)
KNOWN = Table(
    "known", METADATA, Column("key", String(8), primary_key=True), Column("version", Integer, nullable=False)
)
EFFECTS = Table(
    "effect",
    METADATA,
    Column("position", Integer, primary_key=True),
    Column("key", String(8), nullable=False),
    Column("version", Integer, nullable=False),
    Column("operation", String(36), nullable=False),
)


def memory_engine() -> Engine:
    """One connection, with transactions that begin when the program says so."""
    engine = create_engine("sqlite://", poolclass=StaticPool)
    event.listen(engine, "connect", lambda connection, _record: setattr(connection, "isolation_level", None))
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    METADATA.create_all(engine)
    return engine


class Store(Database):
    """Commits are atomic, and that is all there is to lean on."""

    def __init__(self, engine: Engine, chance: Chance) -> None:
        super().__init__(engine)
        self._chance = chance

    @contextmanager
    def write(self, *, alone: bool = False) -> Iterator[Session]:
        """See `Database.write`."""
        if self._chance.strikes("write: away", 3):
            raise away("write")
        with super().write(alone=alone) as session:
            yield session
            session.flush()
            if self._chance.strikes("write: crash before commit", 3):
                raise Crash
            if self._chance.strikes("write: refused at commit", 3):
                raise away("commit")
        if self._chance.strikes("write: crash after commit", 3):
            raise Crash
        if self._chance.strikes("write: no answer", 3):
            raise away("commit")

    def version(self) -> int:
        """See `Database.version`; all processes share the one connection, which counts."""
        with self.engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            return int(driver.total_changes)

    def empty(self) -> None:
        """Delete every row."""
        with self.engine.begin() as connection:
            for table in METADATA.sorted_tables:
                connection.execute(table.delete())


def change(store: Store, requests: RequestLog, clock: Clock, operation: str, key: str, poisoned: bool) -> int:
    """The use case: the next version of a thing, once for each operation; which one it is."""
    wanted = StringValue(value=f"{key} {poisoned}")
    with store.write() as session:

        def act() -> Int64Value:
            version = (session.scalar(select(THINGS.c.version).where(THINGS.c.key == key)) or 0) + 1
            if version == 1:
                session.execute(insert(THINGS).values(key=key, version=1))
            else:
                session.execute(update(THINGS).where(THINGS.c.key == key).values(version=version))
            Outbox(OUTBOX).put(session, _event(operation, key, version, poisoned, clock))
            return Int64Value(value=version)

        return requests.once(session, ("client", "Change"), operation, wanted, Int64Value, act).value


def operation_of(headers: Mapping[str, str]) -> str:
    """Which operation an event tells of."""
    return headers["ce_id"].partition(".")[0]


def _event(operation: str, key: str, version: int, poisoned: bool, clock: Clock) -> OutgoingEvent:
    return OutgoingEvent(
        id=f"{operation}.{version}",
        topic=TOPIC,
        aggregatetype="thing",
        aggregateid=key,
        type="thing.changed.v1",
        source="/bole/simulation",
        subject=f"things/{key}",
        version=version,
        time=clock.now(),
        payload=b"poison" if poisoned else b"ok",
    )


class Effects:
    """The handler: takes a state only if it is newer, and gives every effect the next number."""

    def handle(self, session: Session, event: Received) -> None:
        """See `Handler`."""
        if event.value == b"poison":
            raise Poison("it says so")
        known = session.scalar(select(KNOWN.c.version).where(KNOWN.c.key == event.key))
        if not self.is_news(known, event.version):
            return
        if known is None:
            session.execute(insert(KNOWN).values(key=event.key, version=event.version))
        else:
            session.execute(update(KNOWN).where(KNOWN.c.key == event.key).values(version=event.version))
        effect = {"key": event.key, "version": event.version, "operation": operation_of(event.headers)}
        session.execute(insert(EFFECTS).values(effect))

    def is_news(self, known: int | None, version: int) -> bool:
        """The gate."""
        return known is None or version > known

    def finish(self, session: Session, level: bool) -> None:
        """Nothing is gathered."""
