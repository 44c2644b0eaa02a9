"""Which source numbers are known, without loading whom they belong to."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, not_, select
from sqlalchemy.orm import Session

from services.chassis.storage.chunks import chunks
from services.talent.domain.people.person import PersonStatus
from services.talent.store import schema


class Known(NamedTuple):
    """The person shown for a source number, and the record that has it: another one after a merge."""

    person_id: str
    record_id: str
    city: str
    status: PersonStatus


def known_by_refs(session: Session, refs: Sequence[str]) -> dict[str, Known]:
    """Whom these source numbers belong to, by number; merged records included."""
    person, link = schema.person, schema.record_link
    own = select(person.c.ref, person.c.id, person.c.city, person.c.status)
    found = {
        row.ref: Known(row.id, row.id, row.city, row.status)
        for row in _rows(session, own, person.c.ref, refs)
    }
    merged = _rows(session, select(link.c.ref, link.c.record_id, link.c.person_id), link.c.ref, refs)
    if merged:  # a join that mostly finds nothing would be planned anew, and wrongly, while the table grows
        ids = list({row.person_id for row in merged})
        shown = {row.id: row for row in _rows(session, own, person.c.id, ids)}
        for row in merged:
            into = shown[row.person_id]
            found.setdefault(row.ref, Known(into.id, row.record_id, into.city, into.status))
    return found


def spoken_of_before(session: Session, person_ids: Sequence[str], batch: str) -> set[str]:
    """Which of these people anything but this batch has said something about."""
    table, found = schema.statement, set[str]()
    other = table.c.batch.is_(None) | (table.c.batch != batch)
    for some in chunks(person_ids):
        query = select(table.c.record_id).where(table.c.record_id.in_(some), other)
        found.update(session.scalars(query.distinct()))
    return found


def of_batch_alone(batch: str) -> ColumnElement[bool]:
    """The condition that a person is known by this batch and by nothing else.

    That this batch said something follows from the two: SQLite, asked for it, would read the whole batch for everybody.
    """
    table, person = schema.statement, schema.person
    said = select(table.c.record_id).where(table.c.record_id == person.c.id).correlate(person)
    other = table.c.batch.is_(None) | (table.c.batch != batch)
    return and_(exists(said), not_(exists(said.where(other))))


def _rows(session: Session, query: Select[Any], column: Any, refs: Sequence[str]) -> list[Any]:
    return [row for some in chunks(refs) for row in session.execute(query.where(column.in_(some)))]
