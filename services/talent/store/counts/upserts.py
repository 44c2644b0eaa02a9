"""Writing rows that may exist already, the same on both engines."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.chassis.storage.chunks import chunks

_PORTION = 2_000


def add_up(session: Session, table: Table, rows: Sequence[Mapping[str, Any]], summed: Sequence[str]) -> None:
    """Insert; where the key exists, add the columns `summed` and replace the others."""
    _write(session, table, rows, summed)


def replace(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert; where the key exists, replace everything else."""
    _write(session, table, rows, ())


def insert_once(session: Session, table: Table, row: Mapping[str, Any]) -> bool:
    """Insert unless the key exists; whether it did. Two at once: the later waits for the earlier."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).values(**row).on_conflict_do_nothing()
    made = session.connection().execute(statement.returning(*table.primary_key))
    return made.first() is not None


def _write(session: Session, table: Table, rows: Sequence[Mapping[str, Any]], summed: Sequence[str]) -> None:
    if not rows:
        return
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table)
    key = [column.name for column in table.primary_key]
    values = {
        column.name: table.c[column.name] + statement.excluded[column.name]
        if column.name in summed
        else statement.excluded[column.name]
        for column in table.c
        if column.name not in key
    }
    statement = statement.on_conflict_do_update(index_elements=key, set_=values)
    for some in chunks(rows, _PORTION):
        session.execute(statement, [dict(row) for row in some])
