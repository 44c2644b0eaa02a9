"""The audit: an append-only table in which every entry carries the hash of the one before it.

    hash(n) = SHA-256( hash(n - 1) | JSON of [n, at, actor, roles, …, detail] ),   hash(0) = 32 zero bytes

Entries are numbered without gaps from 1. An edited, deleted, moved or inserted entry breaks the chain where
it happened. Entries cut off the end together with the head row leave a chain that is whole: only a head
remembered elsewhere (`audit_heads.py`) shows that they are missing.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from json.encoder import encode_basestring
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Row,
    String,
    Table,
    func,
    insert,
    select,
    type_coerce,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.chassis.storage.append_only import append_only
from services.chassis.storage.bulk import add_rows
from services.chassis.storage.columns import Json, UtcInstant, big_integer, canonical_json
from services.chassis.storage.db import Database
from services.kernel.text import Text

_ORIGIN = bytes(32)
_PAGE = 1000
_CONTENT = ("at", "actor", "roles", "action", "resource", "purpose", "outcome", "request_id", "detail")


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what to which resource, for which purpose, with which outcome.

    `action` is an RPC's full name, `resource` a resource name, `outcome` a gRPC status name. `detail` must
    hold no personal values: names of fields, counts, versions.
    """

    at: datetime
    actor: str
    roles: Sequence[str]
    action: str
    resource: str
    purpose: str
    outcome: str
    request_id: str
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AuditHead:
    """The last entry's number (0: none yet) and hash. Remembered elsewhere, it proves all entries up to it."""

    sequence: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class AuditVerdict:
    """`head`: how far the chain is whole. `first_bad`: the number of the first entry that is not as written,
    and `problem` what is wrong with it; both None if all is well.
    """

    head: AuditHead
    first_bad: int | None = None
    problem: Text | None = None


@dataclass(frozen=True, slots=True)
class AuditTables:
    """`audit_entry`, `audit_head` (one row, whose lock puts writers in line) and, in services that answer who looked
    at what, `audit_shown`: an index, by the ids of what the entries showed, that is no part of the chain.
    """

    entries: Table
    head: Table
    shown: Table | None = None


def define_shown(metadata: MetaData) -> Table:
    """Define the index of what entries showed. Whoever defines it accounts for it at an erasure."""
    return Table(
        "audit_shown",
        metadata,
        Column("id", String(128), nullable=False),
        Column("sequence", big_integer(), nullable=False),
        PrimaryKeyConstraint("id", "sequence"),
        sqlite_with_rowid=False,
    )


def define_audit(metadata: MetaData, shown: Table | None = None) -> AuditTables:
    """Define the trail. A migration that makes it calls `create_append_only(op, "audit_entry")`."""
    entries = Table(
        "audit_entry",
        metadata,
        Column("sequence", big_integer(), primary_key=True, autoincrement=False),
        Column("at", UtcInstant, nullable=False, index=True),
        Column("actor", String(200), nullable=False, index=True),
        Column("roles", Json, nullable=False),
        Column("action", String(200), nullable=False),
        Column("resource", String(300), nullable=False, index=True),
        Column("purpose", String(200), nullable=False),
        Column("outcome", String(40), nullable=False),
        Column("request_id", String(64), nullable=False),
        Column("detail", Json, nullable=False),
        Column("hash", LargeBinary, nullable=False),
    )
    head = Table(
        "audit_head",
        metadata,
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("sequence", big_integer(), nullable=False),
        Column("hash", LargeBinary, nullable=False),
    )
    return AuditTables(append_only(entries), head, shown)


class Audit:
    """Writes the chain and reads its head."""

    def __init__(self, tables: AuditTables) -> None:
        self._tables = tables

    def append(self, session: Session, entry: AuditEntry, shown: Iterable[str] = ()) -> int:
        """Add `entry` in the transaction of `session`, last of all; its number. `shown`: names of the resources by
        which it is to be found.

        From here to the commit all other writers of the audit wait: that is what keeps the numbers gapless.
        """
        head = self._lock_head(session)
        chained = AuditHead(head.sequence + 1, _chain(head.hash, head.sequence + 1, _hashed(entry)))
        row = {name: getattr(entry, name) for name in _CONTENT} | {"roles": list(entry.roles)}
        row |= {"detail": dict(entry.detail), "sequence": chained.sequence, "hash": chained.hash}
        session.execute(insert(self._tables.entries).values(row))
        session.execute(update(self._tables.head).values(sequence=chained.sequence, hash=chained.hash))
        if self._tables.shown is not None:
            rows = [(id_, chained.sequence) for id_ in ids_of(shown)]
            add_rows(session, self._tables.shown, ("id", "sequence"), rows)
        return chained.sequence

    def head(self, session: Session) -> AuditHead:
        """The last entry, to be remembered elsewhere."""
        row = session.execute(select(self._tables.head)).one_or_none()
        return AuditHead(row.sequence, row.hash) if row else AuditHead(0, _ORIGIN)

    def _lock_head(self, session: Session) -> AuditHead:
        query = select(self._tables.head).with_for_update()
        row = session.execute(query).one_or_none()
        if row is None:
            dialect = session.get_bind().dialect.name
            make = postgresql.insert if dialect == "postgresql" else sqlite.insert
            first = make(self._tables.head).values(id=1, sequence=0, hash=_ORIGIN)
            session.execute(first.on_conflict_do_nothing())
            row = session.execute(query).one()
        return AuditHead(row.sequence, row.hash)


def verify(database: Database, tables: AuditTables, remembered: Iterable[AuditHead] = ()) -> AuditVerdict:
    """Recompute the whole chain, page by page in one snapshot, and compare it with the head row.

    Also prove that it still goes through all `remembered` heads.
    """
    known = _by_number(remembered)
    with database.read() as session:
        head = AuditHead(0, _ORIGIN)
        for row in _rows(session, tables.entries):
            broken = _check(head, row)
            if broken is not None:
                return AuditVerdict(head, head.sequence + 1, broken)
            head = AuditHead(row.sequence, row.hash)
            if known.get(head.sequence, {head.hash}) != {head.hash}:
                return AuditVerdict(head, head.sequence, _REWRITTEN)
        stored = Audit(tables).head(session)
    end = max(stored.sequence, *known, 0)
    if end > head.sequence:
        return AuditVerdict(head, head.sequence + 1, _cut(head.sequence + 1, end))
    if stored != head:
        return AuditVerdict(head, stored.sequence + 1, _NOT_IN_HEAD)
    return AuditVerdict(head)


def _by_number(heads: Iterable[AuditHead]) -> dict[int, set[bytes]]:
    found: dict[int, set[bytes]] = {}
    for head in heads:
        found.setdefault(head.sequence, set()).add(head.hash)
    return found


_REWRITTEN = Text(
    "链已被重写：此条与留存的链头不符", "the chain was rewritten: this entry is not the remembered head"
)
_NOT_IN_HEAD = Text(
    "链头记录与最后一条不符：有条目被添加，或链头被改动",
    "the head row does not name the last entry: entries were added, or the head was changed",
)
_ALTERED = Text("内容与其哈希不符：此条被改动", "the content does not match its hash: it was changed")


def _cut(first: int, last: int) -> Text:
    return Text(f"第 {first} 至 {last} 条缺失", f"entries {first} to {last} are missing")


def _check(head: AuditHead, row: Row[Any]) -> Text | None:
    """What is wrong with the entry after `head`, if anything."""
    expected = head.sequence + 1
    if row.sequence > expected:
        return _cut(expected, row.sequence - 1)
    if row.sequence < expected:
        return Text(f"编号 {row.sequence} 不应存在", f"there must be no entry {row.sequence}")
    _sequence, *content, stored_hash = tuple(row)
    # A forged value may have another type, which JSON might refuse.
    whole = set(map(type, content)) == {str} and _chain(head.hash, expected, content) == stored_hash
    return None if whole else _ALTERED


def _rows(session: Session, entries: Table) -> Iterator[Row[Any]]:
    """All entries by number, a page at a time, as the bare texts that are stored: a forged one may not parse."""
    columns = [_bare(each, session.get_bind().dialect.name) for each in entries.c]
    query = select(*columns).order_by(entries.c.sequence).limit(_PAGE)
    page = session.execute(query).all()
    while page:
        yield from page
        page = session.execute(query.where(entries.c.sequence > page[-1].sequence)).all()


def _bare(column: Column[Any], dialect: str) -> ColumnElement[Any]:
    """A column as the text of it that is hashed, which PostgreSQL makes of an instant faster than we."""
    if column.name == "at" and dialect == "postgresql":
        written: ColumnElement[Any] = func.to_char(func.timezone("UTC", column), "YYYY-MM-DD HH24:MI:SS.US")
    elif column.name in {"at", "roles", "detail"}:
        written = type_coerce(column, String)
    else:
        return column
    return written.label(column.name)


def ids_of(names: Iterable[str]) -> list[str]:
    """The ids of resources; of what lies below one, its own (`persons/x/statements/3`: x)."""
    return sorted({parts[1] for name in names if len(parts := name.split("/")) > 1})


def _hashed(entry: AuditEntry) -> tuple[str, ...]:
    """The content as it is hashed."""
    return (
        _instant(entry.at),
        entry.actor,
        canonical_json(list(entry.roles)),
        entry.action,
        entry.resource,
        entry.purpose,
        entry.outcome,
        entry.request_id,
        canonical_json(dict(entry.detail)),
    )


def _instant(at: datetime) -> str:
    """As SQLite keeps it."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def _chain(previous: bytes, sequence: int, content: Sequence[str]) -> bytes:
    text = f"[{sequence},{','.join(map(encode_basestring, content))}]"  # as `canonical_json`, several times faster
    return hashlib.sha256(previous + text.encode()).digest()
