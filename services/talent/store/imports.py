"""What an undo asks of the records that an import wrote."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.chassis.imports.batch import RowOutcome
from services.talent.store import schema


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
