"""Queries about imports and their rows."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Table, delete, select, update
from sqlalchemy.orm import Session

from services.talent.domain.batch import Batch, BatchState, RowOutcome
from services.talent.store import schema

_CHUNK = 500


def batch_by_id(session: Session, id_: str) -> Batch | None:
    """The import, or None."""
    return session.get(Batch, id_)


def written_before(session: Session, sha256: str, but: str) -> str | None:
    """Id of the newest other import of the same file that was written and stands."""
    table = schema.import_batch
    query = select(table.c.id).where(
        table.c.sha256 == sha256, table.c.state == BatchState.COMMITTED, table.c.id != but
    )
    return session.scalar(query.order_by(table.c.created_at.desc()).limit(1))


def hear(session: Session, id_: str, processed: int, now: datetime) -> None:
    """Note how far a running import is."""
    table = schema.import_batch
    session.execute(update(table).where(table.c.id == id_).values(processed=processed, heard_at=now))


def forget_rows(session: Session, id_: str) -> None:
    """Drop what an earlier attempt of the same import reported."""
    session.execute(delete(schema.import_row).where(schema.import_row.c.batch_id == id_))


def written_rows(session: Session, id_: str, sheet: str) -> Iterator[list[Row[Any]]]:
    """Rows of one sheet that made or changed something, in chunks, in the order of the file."""
    table, last = schema.import_row, 0
    while True:
        query = select(table).where(
            table.c.batch_id == id_,
            table.c.sheet == sheet,
            table.c.outcome != RowOutcome.REFUSED,
            table.c.row > last,
        )
        rows = list(session.execute(query.order_by(table.c.row).limit(_CHUNK)))
        if not rows:
            return
        last = rows[-1].row
        yield rows


def changed_after(session: Session, entity: str, ids: Sequence[str], instant: datetime) -> set[str]:
    """Which of these entities have a version written after an instant."""
    history = schema.shared.history
    query = select(history.c.id).where(
        history.c.entity == entity, history.c.id.in_(ids), history.c.changed_at > instant
    )
    return set(session.scalars(query))


def present(session: Session, table: Table, ids: Sequence[str]) -> set[str]:
    """Which of these records are there."""
    return set(session.scalars(select(table.c.id).where(table.c.id.in_(ids))))


def merged(session: Session, ids: Sequence[str]) -> set[str]:
    """Which of these records are shown as another person, or show another record."""
    link = schema.record_link
    query = select(link.c.record_id, link.c.person_id).where(
        link.c.record_id.in_(ids) | link.c.person_id.in_(ids)
    )
    return {id_ for row in session.execute(query) for id_ in row}
