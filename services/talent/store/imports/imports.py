"""What an undo asks of the records that an import wrote."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.chassis.imports.batch import RowOutcome
from services.talent.store import schema
from services.talent.store.positions import outcomes_of

_TABLES = {
    "persons": schema.person,
    "teams": schema.team,
    "positions": schema.position,
    "training": schema.training_place,
    "moves": schema.move,
    "evidence": schema.evidence,
}


def merged(session: Session, ids: Sequence[str]) -> set[str]:
    """Which of these records are shown as another person, or show another record."""
    link = schema.record_link
    query = select(link.c.record_id, link.c.person_id).where(
        link.c.record_id.in_(ids) | link.c.person_id.in_(ids)
    )
    return {id_ for row in session.execute(query) for id_ in row}


def brought_people(session: Session, id_: str) -> bool:
    """Whether an import made records of people."""
    row = schema.imports.row
    made = (row.c.batch_id == id_, row.c.sheet == "persons", row.c.outcome == RowOutcome.NEW)
    return session.scalar(select(row.c.row).where(*made).limit(1)) is not None


def import_that_made(session: Session, sheet: str, id_: str, at: datetime) -> str:
    """`imports/{id}` of the import that made a record of a sheet at an instant; empty if none did."""
    batch, row = schema.imports.batch.c, schema.imports.row.c
    then = (batch.created_at <= at, or_(batch.ended_at.is_(None), batch.ended_at >= at))
    made = (row.sheet == sheet, row.outcome == RowOutcome.NEW, row.resource_id == id_)
    found = session.scalar(select(batch.id).where(*then, row.batch_id == batch.id, *made).limit(1))
    return f"imports/{found}" if found else ""


def refs_of(session: Session, sheet: str, ids: Sequence[str]) -> dict[str, str]:
    """Source numbers of the records of a sheet, by id; of outcomes by the position's id and their number."""
    if not ids:
        return {}
    if sheet == "outcomes":
        found = outcomes_of(session, sorted({id_.partition("/")[0] for id_ in ids}))
        return {f"{each.position_id}/{each.number}": each.ref for each in found if each.ref}
    table = _TABLES[sheet]
    query = select(table.c.id, table.c.ref).where(table.c.id.in_(ids))
    return {row.id: row.ref or "" for row in session.execute(query)}
