"""What every change leaves behind, in its own transaction: a row of history and an event in the outbox.

History holds the same bytes as the event, personal parts sealed: once a person's key is destroyed, neither
can be read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from google.protobuf.message import Message
from sqlalchemy import Column, LargeBinary, MetaData, PrimaryKeyConstraint, String, Table
from sqlalchemy.orm import Session

from services.chassis.log.cloudevents import OutgoingEvent
from services.chassis.outbox.outbox import Outbox
from services.chassis.storage.bulk import add_rows
from services.chassis.storage.columns import UtcInstant, big_integer
from services.chassis.storage.db import append_only
from services.chassis.telemetry.trace import kept_at_hand
from services.kernel.clock import Clock
from services.kernel.ids import Ids

HISTORY_COLUMNS = ("entity", "id", "version", "changed_at", "actor", "state")
FORMER: Final = "bole/former"
"""The actor of versions that a former database of the service told, and this one knows from the log alone."""


@dataclass(frozen=True, slots=True)
class Topic:
    """Where the state of one kind of entity goes: topic, name of the entity, its collection.

    Of a `secret` one history keeps that there was a version, and not what it was: a key that stayed in an
    append-only table could never be destroyed.
    """

    name: str
    entity: str
    collection: str
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """One new version of one entity. `state` None means erased."""

    topic: Topic
    id: str
    version: int
    state: Message | None
    actor: str


def define_history(metadata: MetaData) -> Table:
    """Define the append-only table `history`: one row per version of an entity."""
    return append_only(
        Table(
            "history",
            metadata,
            Column("entity", String(32), nullable=False),
            Column("id", String(64), nullable=False),
            Column("version", big_integer(), nullable=False),
            Column("changed_at", UtcInstant, nullable=False),
            Column("actor", String(128), nullable=False),
            Column("state", LargeBinary),
            PrimaryKeyConstraint("entity", "id", "version"),
        )
    )


class Journal:
    """Writes history and outbox of one service."""

    def __init__(self, history: Table, outbox: Table, source: str, ids: Ids, clock: Clock) -> None:
        self._history = history
        self._outbox = Outbox(outbox)
        self.source = source
        self._ids = ids
        self._clock = clock

    def record(self, session: Session, changes: Sequence[Change]) -> None:
        """Add history and events of `changes`, in order. Raises InvalidArgument for a state too large."""
        if not changes:
            return
        events, history = self.written_up(changes, self._clock.now())
        self._outbox.put_all(session, events)
        add_rows(session, self._history, HISTORY_COLUMNS, history)

    def written_up(
        self, changes: Sequence[Change], now: datetime
    ) -> tuple[list[OutgoingEvent], list[Sequence[Any]]]:
        """The events of changes, and their rows of history, values in the order of HISTORY_COLUMNS."""
        payloads = [_bytes(change) for change in changes]
        traceparent = kept_at_hand()
        events = [
            self._event(each, state, now, traceparent) for each, state in zip(changes, payloads, strict=True)
        ]
        history: list[Sequence[Any]] = [
            (c.topic.entity, c.id, c.version, now, c.actor, None if c.topic.secret else state)
            for c, state in zip(changes, payloads, strict=True)
        ]
        return events, history

    def _event(
        self, change: Change, payload: bytes | None, now: datetime, traceparent: str | None
    ) -> OutgoingEvent:
        verb = "changed" if change.state is not None else "erased"
        return OutgoingEvent(
            id=self._ids.new(),
            topic=change.topic.name,
            aggregatetype=change.topic.entity,
            aggregateid=change.id,
            type=f"bole.{change.topic.entity}.{verb}.v1",
            source=self.source,
            subject=f"{change.topic.collection}/{change.id}",
            version=change.version,
            time=now,
            payload=payload,
            dataschema=change.state.DESCRIPTOR.full_name if change.state is not None else None,
            traceparent=traceparent,
        )


def _bytes(change: Change) -> bytes | None:
    return None if change.state is None else change.state.SerializeToString(deterministic=True)
