"""Which source numbers are known, without loading whom they belong to."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from services.talent.domain.person import PersonStatus
from services.talent.store import schema
from services.talent.store.statements import chunks


class Known(NamedTuple):
    """The person shown for a source number, and the record that has it: another one after a merge."""

    person_id: str
    record_id: str
    city: str
    status: PersonStatus


def known_by_refs(session: Session, refs: Sequence[str]) -> dict[str, Known]:
    """Whom these source numbers belong to, by number; merged records included."""
    person, link = schema.person, schema.record_link
    own = select(person.c.ref, person.c.id, person.c.id.label("record_id"), person.c.city, person.c.status)
    merged = select(link.c.ref, person.c.id, link.c.record_id, person.c.city, person.c.status).select_from(
        link.join(person, person.c.id == link.c.person_id)
    )
    return {
        ref: Known(*rest)
        for query, column in ((merged, link.c.ref), (own, person.c.ref))
        for ref, *rest in _rows(session, query, column, refs)
    }


def spoken_of_before(session: Session, person_ids: Sequence[str], batch: str) -> set[str]:
    """Which of these people anything but this batch has said something about."""
    table, found = schema.statement, set[str]()
    other = table.c.batch.is_(None) | (table.c.batch != batch)
    for some in chunks(person_ids):
        query = select(table.c.record_id).where(table.c.record_id.in_(some), other)
        found.update(session.scalars(query.distinct()))
    return found


def _rows(session: Session, query: Select[Any], column: Any, refs: Sequence[str]) -> list[Any]:
    return [row for some in chunks(refs) for row in session.execute(query.where(column.in_(some)))]
