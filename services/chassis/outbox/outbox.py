"""The outbox: events are written in the transaction of the change they tell of, and moved to the log later.

The columns carry the names that Debezium's outbox event router expects, so that it can replace the relay.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Column, Index, LargeBinary, MetaData, String, Table
from sqlalchemy.orm import Session

from services.chassis.log.cloudevents import OutgoingEvent, make_headers
from services.chassis.storage.bulk import add_rows
from services.chassis.storage.columns import Texts, UtcInstant, big_integer
from services.kernel.errors import InvalidArgument

MAX_PAYLOAD_BYTES = 900_000
"""Brokers refuse records over 1 MiB: one that is too large is refused while its author can still act."""
OUTBOX_COLUMNS = ("id", "topic", "aggregatetype", "aggregateid", "type", "payload", "headers", "created_at")


def define_outbox(metadata: MetaData) -> Table:
    """Define the table `outbox`. `published_at` is NULL until the log has the event."""
    table = Table(
        "outbox",
        metadata,
        Column("position", big_integer(), primary_key=True, autoincrement=True),
        Column("id", String(64), nullable=False, unique=True),
        Column("topic", String(128), nullable=False),
        Column("aggregatetype", String(64), nullable=False),
        Column("aggregateid", String(128), nullable=False),
        Column("type", String(128), nullable=False),
        Column("payload", LargeBinary),
        Column("headers", Texts, nullable=False),
        Column("created_at", UtcInstant, nullable=False),
        Column("published_at", UtcInstant),
        sqlite_autoincrement=True,
    )
    waiting = table.c.published_at.is_(None)
    Index("ix_outbox_waiting", table.c.position, sqlite_where=waiting, postgresql_where=waiting)
    Index("ix_outbox_published_at", table.c.published_at)
    return table


class Outbox:
    """Writes events into the table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def put(self, session: Session, event: OutgoingEvent) -> None:
        """Add one event to the transaction of `session`. Raises as `put_all`."""
        self.put_all(session, [event])

    def put_all(self, session: Session, events: Sequence[OutgoingEvent]) -> None:
        """Add events, in this order, after the changes that the session holds.

        Raises InvalidArgument (EVENT_TOO_LARGE) for a payload over MAX_PAYLOAD_BYTES.
        """
        rows = outbox_rows(events)
        # The entity's row lock comes first: it orders the positions of one entity like its versions.
        session.flush()
        add_rows(session, self._table, OUTBOX_COLUMNS, rows)


def outbox_rows(events: Iterable[OutgoingEvent]) -> list[Sequence[Any]]:
    """Rows of the table, values in the order of OUTBOX_COLUMNS. Raises InvalidArgument as `put_all`."""
    rows: list[Sequence[Any]] = []
    for event in events:
        _check_size(event)
        rows.append(_row(event))
    return rows


def _row(event: OutgoingEvent) -> tuple[object, ...]:
    return (
        event.id,
        event.topic,
        event.aggregatetype,
        event.aggregateid,
        event.type,
        event.payload,
        make_headers(event),
        event.time,
    )


def _check_size(event: OutgoingEvent) -> None:
    size = len(event.payload or b"")
    if size > MAX_PAYLOAD_BYTES:
        raise InvalidArgument.field(
            "payload",
            "EVENT_TOO_LARGE",
            f"{event.subject} 的内容过大（{size} 字节，上限 {MAX_PAYLOAD_BYTES}），请精简后再保存",
            f"{event.subject} is too large ({size} bytes, at most {MAX_PAYLOAD_BYTES}); shorten it",
        )
