"""The audit trail: an append-only table whose rows are chained by hashes, so that no change of it stays unseen.

hash_n = SHA-256(hash_{n−1} ‖ canonical JSON of entry n). Sequences have no gap. A trail that was cut at its end
is found by comparing with a head that was noted elsewhere.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import Column, MetaData, Row, String, Table, Text, insert, select, text
from sqlalchemy.orm import Session

from services.chassis.columns import Json, UtcInstant, big_integer, canonical_json
from services.chassis.db import Database, append_only

FIRST = "0" * 64
_CHUNK = 5_000
_LOCK = 7_203_311


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what to which resource, why, and how it ended. `detail` holds no personal value."""

    at: datetime
    actor: str
    roles: tuple[str, ...]
    action: str
    resource: str
    outcome: str
    purpose: str | None = None
    request_id: str = ""
    detail: dict[str, object] = field(default_factory=dict)

    def canonical(self, sequence: int) -> str:
        """The text that is hashed."""
        return canonical_json(
            {
                "sequence": sequence,
                "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
                "actor": self.actor,
                "roles": list(self.roles),
                "action": self.action,
                "resource": self.resource,
                "outcome": self.outcome,
                "purpose": self.purpose,
                "request_id": self.request_id,
                "detail": self.detail,
            }
        )


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the trail: the last sequence (0: empty) and its hash."""

    sequence: int
    hash: str


@dataclass(frozen=True, slots=True)
class AuditVerdict:
    """What a verification found; `broken_at` is the first sequence that does not hold."""

    entries: int
    head: Head
    broken_at: int | None = None
    problem: str = ""

    @property
    def intact(self) -> bool:
        """Whether the whole chain holds."""
        return self.broken_at is None

    def __str__(self) -> str:
        if self.intact:
            return f"完整 intact: {self.entries} entries, head {self.head.sequence} {self.head.hash}"
        return f"已被改动 broken at entry {self.broken_at}: {self.problem}"


def define_audit(metadata: MetaData) -> Table:
    """Define the append-only table `audit`."""
    return append_only(
        Table(
            "audit",
            metadata,
            Column("sequence", big_integer(), primary_key=True, autoincrement=False),
            Column("at", UtcInstant, nullable=False),
            Column("actor", String(128), nullable=False),
            Column("roles", Json, nullable=False),
            Column("action", String(64), nullable=False),
            Column("resource", Text, nullable=False, index=False),
            Column("outcome", String(64), nullable=False),
            Column("purpose", String(64)),
            Column("request_id", String(128), nullable=False),
            Column("detail", Json, nullable=False),
            Column("previous_hash", String(64), nullable=False),
            Column("hash", String(64), nullable=False),
        )
    )


class Audit:
    """Writes the trail of one service."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def append(self, session: Session, entry: AuditEntry) -> Head:
        """Add an entry to the transaction of `session`; writers of the trail take turns until they commit."""
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        last = self.head(session)
        sequence = last.sequence + 1
        hashed = _hash(last.hash, entry.canonical(sequence))
        row = {
            "sequence": sequence,
            "at": entry.at,
            "actor": entry.actor,
            "roles": list(entry.roles),
            "action": entry.action,
            "resource": entry.resource,
            "outcome": entry.outcome,
            "purpose": entry.purpose,
            "request_id": entry.request_id,
            "detail": entry.detail,
            "previous_hash": last.hash,
            "hash": hashed,
        }
        session.execute(insert(self._table).values(row))
        return Head(sequence, hashed)

    def head(self, session: Session) -> Head:
        """The end of the trail as this transaction sees it: worth noting elsewhere."""
        table = self._table
        query = select(table.c.sequence, table.c.hash).order_by(table.c.sequence.desc()).limit(1)
        last = session.execute(query).first()
        return Head(0, FIRST) if last is None else Head(last.sequence, last.hash)


def verify(database: Database, table: Table, known: Head | None = None) -> AuditVerdict:
    """Walk the whole chain in bounded memory; `known` is a head noted earlier, which must still be in it."""
    last, met = Head(0, FIRST), known is None or known.sequence == 0
    for row in _rows(database, table):
        problem = _problem(row, last)
        if problem:
            return AuditVerdict(last.sequence, last, last.sequence + 1, problem)
        last = Head(row.sequence, row.hash)
        met = met or last == known
    if not met and known is not None:
        return AuditVerdict(
            last.sequence, last, known.sequence, "the head that was noted is not in the trail"
        )
    return AuditVerdict(last.sequence, last)


def _rows(database: Database, table: Table) -> Iterator[Row[tuple[object, ...]]]:
    at = 0
    while True:
        query = select(table).where(table.c.sequence > at).order_by(table.c.sequence).limit(_CHUNK)
        with database.read() as session:
            rows = session.execute(query).all()
        yield from rows
        if len(rows) < _CHUNK:
            return
        at = rows[-1].sequence


def _problem(row: Row[tuple[object, ...]], last: Head) -> str:
    if row.sequence != last.sequence + 1:
        return f"entry {row.sequence} follows entry {last.sequence}"
    if row.previous_hash != last.hash:
        return "its link to the entry before does not hold"
    entry = AuditEntry(
        row.at,
        row.actor,
        tuple(row.roles),
        row.action,
        row.resource,
        row.outcome,
        row.purpose,
        row.request_id,
        row.detail,
    )
    return "" if _hash(last.hash, entry.canonical(row.sequence)) == row.hash else "its content was changed"


def _hash(previous: str, canonical: str) -> str:
    return hashlib.sha256(previous.encode() + canonical.encode()).hexdigest()
