"""Records that no try could handle: kept with the reason, copied to `<topic>.dlq`, replayed on demand."""

import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Row, Table, delete, func, insert, select, update
from sqlalchemy.orm import Session

from services.chassis.feed.received import Poison
from services.chassis.log.log import Log, Record, Stored, TopicPolicy
from services.kernel.clock import Clock

_MAX_REASON = 2000
_MAX_COPIED = 900_000


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One record that could not be handled, and why."""

    id: int
    record: Stored
    reason: str
    buried_at: datetime
    replayed_at: datetime | None


class DeadLetters:
    """The rows of one feed in the table `dead_letter`."""

    def __init__(self, table: Table, feed: str, clock: Clock) -> None:
        self._table = table
        self._feed = feed
        self._clock = clock

    def bury(self, session: Session, record: Stored, reason: str) -> None:
        """Keep `record` in the transaction that moves the feed past it."""
        row = {
            "feed": self._feed,
            "topic": record.topic,
            "offset": record.offset,
            "key": _storable(record.key),
            "value": record.value,
            "headers": {_storable(name): _storable(value) for name, value in record.headers.items()},
            "recorded_at": record.time,
            "reason": _storable(reason)[:_MAX_REASON],
            "buried_at": self._clock.now(),
        }
        session.execute(insert(self._table).values(row))

    def forget(self, session: Session, topic: str, key: str) -> None:
        """Delete what is kept of an erased entity."""
        table = self._table
        session.execute(delete(table).where(table.c.topic == topic, table.c.key == _storable(key)))

    def waiting(self, session: Session, *, after: int = 0, limit: int = 100) -> list[DeadLetter]:
        """A page of what was buried and not replayed, by id."""
        table = self._table
        query = select(table).where(self._mine(), table.c.replayed_at.is_(None), table.c.id > after)
        return [_letter(row) for row in session.execute(query.order_by(table.c.id).limit(limit))]

    def count(self, session: Session) -> int:
        """How many were buried and not replayed."""
        query = select(func.count()).select_from(self._table)
        return int(
            session.execute(query.where(self._mine(), self._table.c.replayed_at.is_(None))).scalar_one()
        )

    def request_replay(self, session: Session, ids: Iterable[int]) -> int:
        """Ask the feed to handle these again; how many exist and were not replayed before."""
        table = self._table
        chosen = self._mine() & table.c.id.in_(list(ids)) & table.c.replayed_at.is_(None)
        statement = update(table).where(chosen).values(replay_requested_at=self._clock.now())
        return len(session.execute(statement.returning(table.c.id)).all())

    def requested(self, session: Session) -> list[DeadLetter]:
        """What is to be handled again, in the order of reading."""
        table = self._table
        query = select(table).where(self._mine(), table.c.replay_requested_at.is_not(None))
        return [_letter(row) for row in session.execute(query.order_by(table.c.id).limit(100))]

    def settle(self, session: Session, letter: DeadLetter, *, failed: str | None = None) -> None:
        """End a replay: done, or `failed` for this reason, which keeps the letter waiting."""
        outcome: dict[str, Any] = {"replay_requested_at": None}
        if failed is None:
            outcome["replayed_at"] = self._clock.now()
        else:
            outcome["reason"] = _storable(failed)[:_MAX_REASON]
        session.execute(update(self._table).where(self._table.c.id == letter.id).values(outcome))

    def unforwarded(self, session: Session) -> list[DeadLetter]:
        """What is not yet on the dead-letter topic."""
        table = self._table
        query = select(table).where(self._mine(), table.c.forwarded_at.is_(None))
        return [_letter(row) for row in session.execute(query.order_by(table.c.id).limit(100))]

    def mark_forwarded(self, session: Session, letters: Iterable[DeadLetter]) -> None:
        """Note that the dead-letter topic has them."""
        chosen = self._table.c.id.in_([letter.id for letter in letters])
        session.execute(update(self._table).where(chosen).values(forwarded_at=self._clock.now()))

    def forward(self, log: Log, letters: Iterable[DeadLetter]) -> None:
        """Append them to their dead-letter topics, with where they came from and why in the headers."""
        records = [_copy(letter, self._feed) for letter in letters]
        log.ensure_topics({record.topic: TopicPolicy.RETAIN_30_DAYS for record in records})
        log.append(records)

    def _mine(self) -> Any:
        return self._table.c.feed == self._feed


def _letter(row: Row[Any]) -> DeadLetter:
    record = Stored(
        topic=row.topic,
        offset=row.offset,
        key=row.key,
        value=row.value,
        headers=row.headers,
        time=row.recorded_at,
    )
    return DeadLetter(row.id, record, row.reason, row.buried_at, row.replayed_at)


def reason_of(error: Exception) -> str:
    """What went wrong, and where; not the error's own text, which may quote personal values."""
    if isinstance(error, Poison):
        return error.reason
    where = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {where.name}, {Path(where.filename).name}:{where.lineno}"


def _copy(letter: DeadLetter, feed: str) -> Record:
    """The record for the dead-letter topic; one too large to be copied is only announced there."""
    origin = letter.record
    size = len(origin.value or b"") + sum(len(name) + len(value) for name, value in origin.headers.items())
    fits = size <= _MAX_COPIED
    about = {
        "dlq_feed": feed,
        "dlq_offset": str(origin.offset),
        "dlq_reason": letter.reason,
        "dlq_bytes": str(size),
    }
    return Record(
        topic=f"{origin.topic}.dlq",
        key=origin.key or "none",
        value=origin.value if fits else b"",
        headers={**origin.headers, **about} if fits else about,
    )


def _storable(text: str) -> str:
    """What a database can store: no NUL, no lone surrogates."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")
