"""The columns of an act that somebody means, which applications and approvals have in common, and what became of it."""

from dataclasses import fields
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Table, and_, or_

from services.chassis.imports.batch import BatchState
from services.talent.domain.privacy.four_eyes import Act, Intent, Settled
from services.talent.store.schema import imports
from services.talent.store.schema.people import person

NAMES = tuple(field.name for field in fields(Intent))
_batch = imports.batch
SUBJECTS = (
    person.c.city.label("person_city"),
    _batch.c.state.label("batch_state"),
    _batch.c.undone_by.label("batch_undone_by"),
    _batch.c.undone_at.label("batch_undone_at"),
)
"""Of the person or the import that an act is about, what `settled_of` reads."""


def values_of(intent: Intent) -> dict[str, Any]:
    """What stands in a row."""
    return {name: getattr(intent, name) for name in NAMES}


def intent_of(row: Row[Any]) -> Intent:
    """What a row says."""
    kept = row._mapping
    return Intent(**{name: kept[name] for name in NAMES} | {"act": Act(kept["act"])})


def beside_subjects(query: Select[Any], table: Table) -> Select[Any]:
    """A query of acts in `table` with the person or the import that each is about."""
    joined = query.outerjoin(person, person.c.id == table.c.person)
    return joined.outerjoin(_batch, _batch.c.id == table.c.batch)


def unsettled(table: Table) -> ColumnElement[bool]:
    """The condition, within `beside_subjects`, that something is left of an act to be done."""
    there = or_(table.c.act != Act.ERASE, person.c.id.is_not(None))
    return and_(there, or_(table.c.act != Act.UNDO, _batch.c.state != BatchState.UNDONE))


def settled_of(row: Row[Any]) -> Settled | None:
    """What became of an act otherwise, by a row with SUBJECTS; None if it is still to be done."""
    if row.act == Act.ERASE and row.person_city is None:
        return Settled()
    if row.act == Act.UNDO and row.batch_state is BatchState.UNDONE:
        return Settled(by=row.batch_undone_by, at=row.batch_undone_at)
    return None
