"""Changes to an audit trail and to its signed heads, drawn by seed, and whether the verifier finds them."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, delete, select, text, update
from sqlalchemy.orm import Session

from services.chassis.audit.audit import Audit, AuditEntry, AuditHead, define_audit, verify
from services.chassis.audit.heads import SignedHead, Signer, forged, key_id_of
from services.chassis.storage.columns import new_metadata
from services.chassis.storage.db import Database, open_engine

METADATA = new_metadata()
TABLES = define_audit(METADATA)
LENGTH = 40
SIGNED_AFTER = (10, 25, LENGTH)
SERVICE = "talent"
BEGAN = datetime(2026, 1, 1, 12, tzinfo=UTC)
_CONTENT = [column.name for column in TABLES.entries.c if column.name not in {"sequence", "hash"}]


def entry(number: int, actor: str = "staff/li") -> AuditEntry:
    """The entry of a number."""
    return AuditEntry(
        at=BEGAN + timedelta(seconds=number),
        actor=actor,
        roles=["talent_officer"],
        action="bole.talent.v1.TalentLibraryService/GetPerson",
        resource=f"persons/p-{number % 7}",
        purpose="contact",
        outcome="OK",
        request_id=f"r-{number}",
        detail={"fields": ["phone"], "count": number},
    )


class Target:
    """A trail of LENGTH entries on SQLite without its triggers, the heads signed after some, all of it restorable."""

    def __init__(self, path: Path) -> None:
        self.database = Database(open_engine(f"sqlite:///{path}"))
        METADATA.create_all(self.database.engine)
        key = Ed25519PrivateKey.generate()
        self.keys, self.signer = {key_id_of(key.public_key()): key.public_key()}, Signer(key)
        self.heads: list[SignedHead] = []
        for number in range(1, LENGTH + 1):
            with self.database.write() as session:
                Audit(TABLES).append(session, entry(number))
                head = Audit(TABLES).head(session)
            if number in SIGNED_AFTER:
                self.heads.append(self.signer.sign(SERVICE, head, entry(number).at))
        with self.database.engine.begin() as connection:
            for verb in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER audit_entry_no_{verb}"))
            self._kept = self._rows(connection)

    def is_found(self, heads: Sequence[SignedHead]) -> bool:
        """Whether the verifier says that this trail, or one of these heads, is not as it was written."""
        if forged(heads, SERVICE, self.keys) is not None:
            return True
        return verify(self.database, TABLES, [each.head for each in heads]).problem is not None

    def restore(self, connection: Connection) -> None:
        """As it was written."""
        entries, head = self._kept
        connection.execute(delete(TABLES.entries))
        connection.execute(delete(TABLES.head))
        _put_back(connection, "audit_entry", entries)
        _put_back(connection, "audit_head", head)

    def is_changed(self, connection: Connection) -> bool:
        """Whether the tables hold anything else than what was written."""
        return self._rows(connection) != self._kept

    @staticmethod
    def _rows(connection: Connection) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
        queries = ("SELECT * FROM audit_entry ORDER BY sequence", "SELECT * FROM audit_head")
        entries, head = ([tuple(row) for row in connection.execute(text(query))] for query in queries)
        return entries, head

    def close(self) -> None:
        """Let go of the file."""
        self.database.close()


def attempt(target: Target, seed: int) -> str | None:
    """One change; what it was if the verifier did not find it. None also for one that changed nothing."""
    chance = random.Random(seed)
    kind = chance.choice(sorted(kind for kind in _KINDS if target.heads or kind != "head"))
    if kind == "head":
        heads = _forge(target, chance)
        return None if target.is_found(heads) else f"{kind} (seed {seed})"
    with target.database.engine.begin() as connection:
        _KINDS[kind](connection, chance)
        changed = target.is_changed(connection)
    found = target.is_found(target.heads)
    with target.database.engine.begin() as connection:
        target.restore(connection)
    return f"{kind} (seed {seed})" if changed and not found else None


def _edit(connection: Connection, chance: random.Random) -> None:
    column = chance.choice([*_CONTENT, "hash"])
    garbage = chance.choice(["", "x", "staff/nobody", b"\x00\x01", 7, "[]", "2020-01-01 00:00:00.000000"])
    _execute(connection, f"UPDATE audit_entry SET {column} = :garbage WHERE sequence = :number",
             garbage=garbage, number=chance.randint(1, LENGTH))  # fmt: skip


def _take_out(connection: Connection, chance: random.Random) -> None:
    """One entry, or several in a row."""
    first = chance.randint(1, LENGTH)
    _execute(connection, "DELETE FROM audit_entry WHERE sequence BETWEEN :first AND :last",
             first=first, last=first + chance.choice((0, 0, 1, 5)))  # fmt: skip


def _put_in(connection: Connection, chance: random.Random) -> None:
    names = ", ".join([*_CONTENT, "hash"])
    _execute(
        connection,
        f"INSERT OR REPLACE INTO audit_entry (sequence, {names}) "
        f"SELECT :number, {names} FROM audit_entry WHERE sequence = :source",
        number=chance.randint(-3, LENGTH + 3),
        source=chance.randint(1, LENGTH),
    )


def _swap(connection: Connection, chance: random.Random) -> None:
    """Two stretches of up to five entries, as two days would be."""
    length = chance.randint(1, 5)
    first = chance.randint(1, LENGTH - 2 * length + 1)
    second = chance.randint(first + length, LENGTH - length + 1)
    move = "UPDATE audit_entry SET sequence = sequence + :by WHERE sequence BETWEEN :first AND :last"
    for at, to in ((first, first + 1000), (second, first), (first + 1000, second)):
        _execute(connection, move, by=to - at, first=at, last=at + length - 1)


def _cut(connection: Connection, chance: random.Random) -> None:
    """The last entries, the head row set as if they had never been: a table rolled back from a backup."""
    last = chance.randint(0, LENGTH - 1)
    connection.execute(delete(TABLES.entries).where(TABLES.entries.c.sequence > last))
    _point_head(connection, last)


def _write_anew(connection: Connection, chance: random.Random) -> None:
    """From some entry on, with an actor exchanged and every hash made as the program makes it."""
    first = chance.randint(1, LENGTH)
    connection.execute(delete(TABLES.entries).where(TABLES.entries.c.sequence >= first))
    _point_head(connection, first - 1)
    session = Session(bind=connection)
    for number in range(first, LENGTH + 1):
        made = entry(number, "staff/nobody" if number == first else "staff/li")
        Audit(TABLES).append(session, made)
    session.flush()


def _head_row(connection: Connection, chance: random.Random) -> None:
    connection.execute(
        update(TABLES.head).values(sequence=chance.randint(0, LENGTH + 5), hash=chance.randbytes(32))
    )


def _forge(target: Target, chance: random.Random) -> list[SignedHead]:
    """The heads, one of them changed in one of its values, or signed by another key."""
    heads = list(target.heads)
    at = chance.randrange(len(heads))
    one = heads[at]
    stranger = Signer(Ed25519PrivateKey.generate())
    heads[at] = chance.choice(
        [
            replace(one, head=AuditHead(one.head.sequence + chance.choice((-1, 1)), one.head.hash)),
            replace(one, head=AuditHead(one.head.sequence, chance.randbytes(32))),
            replace(one, signed_at=one.signed_at + timedelta(seconds=chance.randint(1, 10**6))),
            replace(one, signature=chance.randbytes(64)),
            replace(one, service="funding"),
            stranger.sign(SERVICE, one.head, one.signed_at),
            replace(stranger.sign(SERVICE, one.head, one.signed_at), key_id=one.key_id),
        ]
    )
    return heads


_KINDS: dict[str, Callable[[Connection, random.Random], None]] = {
    "edit": _edit,
    "take out": _take_out,
    "put in": _put_in,
    "swap": _swap,
    "cut": _cut,
    "write anew": _write_anew,
    "head row": _head_row,
    "head": lambda _connection, _chance: None,
}


def _point_head(connection: Connection, last: int) -> None:
    hash_ = connection.scalar(select(TABLES.entries.c.hash).where(TABLES.entries.c.sequence == last))
    connection.execute(update(TABLES.head).values(sequence=last, hash=hash_ or bytes(32)))


def _execute(connection: Connection, statement: str, **values: object) -> None:
    connection.execute(text(statement), values)


def _put_back(connection: Connection, table: str, rows: list[tuple[Any, ...]]) -> None:
    marks = ", ".join("?" * len(rows[0]))
    connection.exec_driver_sql(f"INSERT INTO {table} VALUES ({marks})", rows)
