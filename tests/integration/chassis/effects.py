"""A service in miniature for the tests of relay and feed: numbered things in, one effect per event out."""

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import Column, Integer, String, Table, insert, select
from sqlalchemy.orm import Session

from services.chassis.feed.received import Poison, Received
from services.chassis.feed.tables import define_feed_tables
from services.chassis.log.cloudevents import OutgoingEvent
from services.chassis.outbox.journal import define_history
from services.chassis.outbox.outbox import define_outbox
from services.chassis.storage.columns import new_metadata
from services.chassis.storage.db import Database

TOPIC = "bole.things.v1"
METADATA = new_metadata()
OUTBOX = define_outbox(METADATA)
FEED_TABLES = define_feed_tables(METADATA)
HISTORY = define_history(METADATA)
STATES = Table(
    "state", METADATA, Column("key", String(20), primary_key=True), Column("version", Integer, nullable=False)
)
EFFECTS = Table(
    "effect",
    METADATA,
    Column("position", Integer, primary_key=True),
    Column("key", String(20), nullable=False),
    Column("version", Integer, nullable=False),
)


def event(key: str, version: int, payload: bytes | None = b"ok", topic: str = TOPIC) -> OutgoingEvent:
    return OutgoingEvent(
        id=f"{topic}-{key}-{version}",
        topic=topic,
        aggregatetype="thing",
        aggregateid=key,
        type="thing.changed.v1",
        source="/bole/test",
        subject=f"things/{key}",
        version=version,
        time=datetime(2026, 1, 1, tzinfo=UTC),
        payload=payload,
    )


class Effects:
    """Notes every event whose version is newer than the last of its key; payloads may misbehave."""

    def __init__(self, misbehave: Callable[[bytes], None] = lambda payload: None) -> None:
        self.misbehave = misbehave
        self.finished: list[bool] = []

    def handle(self, session: Session, event: Received) -> None:
        known = session.scalar(select(STATES.c.version).where(STATES.c.key == event.key))
        if known is not None and known >= event.version:
            return
        session.execute(STATES.delete().where(STATES.c.key == event.key))
        session.execute(insert(STATES).values(key=event.key, version=event.version))
        session.execute(insert(EFFECTS).values(key=event.key, version=event.version))
        if event.value == b"poison":
            raise Poison("it says so")
        self.misbehave(event.value or b"")

    def finish(self, session: Session, level: bool) -> None:
        self.finished.append(level)


def effects(database: Database) -> list[tuple[str, int]]:
    """All effects, in the order in which they happened."""
    with database.read() as session:
        query = select(EFFECTS.c.key, EFFECTS.c.version).order_by(EFFECTS.c.position)
        return [(key, version) for key, version in session.execute(query)]
