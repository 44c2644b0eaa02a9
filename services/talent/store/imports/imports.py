"""What an undo asks of the records that an import wrote, and what it keeps of those that it took back."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import exists, insert, select
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


def changed_since(session: Session, entity: str, ids: Sequence[str], instant: datetime) -> set[str]:
    """Which of these have a version of after an instant that was not taken back."""
    history, gone = schema.shared.history, schema.taken_back
    nothing = exists().where(
        gone.c.entity == history.c.entity,
        gone.c.id == history.c.id,
        history.c.version.between(gone.c.first, gone.c.last),
    )
    later = (history.c.entity == entity, history.c.id.in_(ids), history.c.changed_at > instant)
    return set(session.scalars(select(history.c.id).where(*later, ~nothing)))


def moved_on(session: Session, entity: str, versions: Mapping[str, tuple[int, int]]) -> set[str]:
    """Which of these, given by the version that was written and the one that stands, have a version in between or
    at the end that was not taken back.
    """
    gone = spans(session, entity, list(versions))

    def counted(id_: str, version: int, now: int) -> bool:
        while version < now and (id_, version + 1) in gone:
            version = gone[id_, version + 1]
        return version != now

    return {id_ for id_, (version, now) in versions.items() if counted(id_, version, now)}


def spans(session: Session, entity: str, ids: Sequence[str]) -> dict[tuple[str, int], int]:
    """Of these records the last version of each span that was taken back, by record and first version."""
    gone = schema.taken_back
    query = select(gone.c.id, gone.c.first, gone.c.last).where(gone.c.entity == entity, gone.c.id.in_(ids))
    return {(row[0], row[1]): row[2] for row in session.execute(query)}


def take_back(session: Session, entity: str, versions: Iterable[tuple[str, int, int]]) -> None:
    """Note spans of versions, each of a record from first to last, as taken back."""
    rows: list[dict[str, Any]] = [
        {"entity": entity, "id": id_, "first": first, "last": last} for id_, first, last in versions
    ]
    if rows:
        session.execute(insert(schema.taken_back), rows)
