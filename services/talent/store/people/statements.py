"""Rows of statements, retractions and consents, by the records they are about."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, exists, insert, or_, select, update
from sqlalchemy.orm import Session

from services.chassis.storage.bulk import add_rows
from services.chassis.storage.chunks import chunks
from services.chassis.storage.db import scrub_after
from services.talent.domain.people.person import SENSITIVE, PersonStatus
from services.talent.domain.privacy.consent import ConsentKind
from services.talent.store import schema

STATEMENT_COLUMNS = (
    "record_id",
    "source",
    "confidence",
    "observed",
    "valid_from",
    "valid_to",
    "entered_by",
    "recorded_at",
    "batch",
    "sealed",
)
CONSENT_COLUMNS = (
    "record_id",
    "kind",
    "purposes",
    "basis",
    "effective_at",
    "entered_by",
    "recorded_at",
    "batch",
    "annuls",
    "sealed",
)


def records_of(session: Session, person_ids: Iterable[str]) -> dict[str, list[str]]:
    """The records that are shown as each person: its own, and those merged into it."""
    found = {id_: [id_] for id_ in person_ids}
    link = schema.record_link
    for ids in chunks(found):
        query = select(link.c.person_id, link.c.record_id).where(link.c.person_id.in_(ids))
        for row in session.execute(query.order_by(link.c.record_id)):
            found[row.person_id].append(row.record_id)
    return found


def person_of(session: Session, record_id: str) -> str | None:
    """The person that a merged record is shown as; None for a record that is not merged."""
    link = schema.record_link
    return session.scalar(select(link.c.person_id).where(link.c.record_id == record_id))


def add_statements(session: Session, rows: Iterable[Sequence[Any]]) -> None:
    """Append statements: values in the order of STATEMENT_COLUMNS."""
    add_rows(session, schema.statement, STATEMENT_COLUMNS, rows)


def statements_about(session: Session, record_ids: Sequence[str]) -> list[Row[Any]]:
    """Statements of these records in the order of recording, each with its retraction."""
    table, gone = schema.statement, schema.statement_retraction
    joined = table.outerjoin(gone, gone.c.number == table.c.number)
    query = select(table, gone.c.retracted_at, gone.c.retracted_by, gone.c.sealed.label("why")).select_from(
        joined
    )
    return _about(session, query, table.c.record_id, record_ids, table.c.number)


def statements_of_batch(session: Session, batch: str, record_ids: Sequence[str]) -> list[Row[Any]]:
    """Number and record of the statements about these records that a batch made and that still stand."""
    table, gone = schema.statement, schema.statement_retraction
    standing = ~exists().where(gone.c.number == table.c.number)
    query = select(table.c.number, table.c.record_id).where(table.c.batch == batch, standing)
    return _about(session, query, table.c.record_id, record_ids, table.c.number)


def bounded_records(session: Session, day: date) -> list[str]:
    """Records about which a statement has begun, or ended, to hold by `day`, by its stated validity."""
    table = schema.statement
    turned = (table.c.valid_from <= day) | (table.c.valid_to < day)
    bounded = table.c.valid_from.is_not(None) | table.c.valid_to.is_not(None)
    return list(session.scalars(select(table.c.record_id).where(bounded, turned).distinct()))


def add_retractions(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Append retractions."""
    if rows:
        session.execute(insert(schema.statement_retraction), list(rows))


def add_consents(session: Session, rows: Iterable[Sequence[Any]]) -> None:
    """Append entries of the consent ledger: values in the order of CONSENT_COLUMNS."""
    add_rows(session, schema.consent_entry, CONSENT_COLUMNS, rows)


def consents_about(session: Session, record_ids: Sequence[str]) -> list[Row[Any]]:
    """Entries of these records in the order of recording."""
    table = schema.consent_entry
    return _about(session, select(table), table.c.record_id, record_ids, table.c.number)


def withdrawals(session: Session) -> list[Row[Any]]:
    """Record, instant and purposes of each withdrawal that is not annulled, of people who are in the library, the
    oldest first; `left`: the record is in no use any more.
    """
    table, person = schema.consent_entry, schema.person
    later = table.alias()
    standing = ~exists().where(later.c.record_id == table.c.record_id, later.c.annuls == table.c.number)
    query = (
        select(
            table.c.record_id,
            table.c.effective_at,
            table.c.purposes,
            (person.c.status == PersonStatus.WITHDRAWN).label("left"),
        )
        .join(person, person.c.id == table.c.record_id)
        .where(table.c.kind == ConsentKind.WITHDRAWN, standing)
        .order_by(table.c.number)
    )
    return list(session.execute(query))


def consents_of_batch(session: Session, batch: str, record_ids: Sequence[str]) -> list[Row[Any]]:
    """Entries about these records that came with a batch and are not annulled."""
    table = schema.consent_entry
    later = table.alias()
    # An entry is annulled by one about the same record: that is what the index finds.
    standing = ~exists().where(later.c.record_id == table.c.record_id, later.c.annuls == table.c.number)
    query = select(table).where(table.c.batch == batch, standing)
    return _about(session, query, table.c.record_id, record_ids, table.c.number)


def without_statement(session: Session, limit: int) -> list[Row[Any]]:
    """Rows of people about whom no statement is recorded, locked against other writers."""
    table, statement = schema.person, schema.statement
    missing = ~exists().where(statement.c.record_id == table.c.id)
    query = select(table).where(missing).order_by(table.c.id).limit(limit)
    return list(session.execute(query.with_for_update()))


def in_clear(session: Session, after: str, limit: int) -> list[str]:
    """The next people, by id, whose row holds a sensitive fact: the columns are those that older versions fill."""
    table = schema.person
    filled = or_(*(table.c[name].is_not(None) for name in SENSITIVE))
    query = select(table.c.id).where(table.c.id > after, filled).order_by(table.c.id).limit(limit)
    return list(session.scalars(query))


def empty_sensitive(session: Session, person_ids: Sequence[str]) -> int:
    """Empty these columns of people, but for those whom somebody else is writing; of how many that was. No byte is left
    in the files of SQLite.
    """
    table, emptied = schema.person, 0
    for some in chunks(person_ids):
        scrub_after(session)
        free = select(table.c.id).where(table.c.id.in_(some)).with_for_update(skip_locked=True)
        ids = list(session.scalars(free))
        session.execute(update(table).where(table.c.id.in_(ids)).values(dict.fromkeys(SENSITIVE)))
        emptied += len(ids)
    return emptied


def by_record(rows: Iterable[Row[Any]]) -> Mapping[str, list[Row[Any]]]:
    """Rows by the record they are about."""
    found: defaultdict[str, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        found[row.record_id].append(row)
    return found


def _about(
    session: Session, query: Select[Any], column: Any, record_ids: Sequence[str], order: Any
) -> list[Row[Any]]:
    found: list[Row[Any]] = []
    for ids in chunks(record_ids):
        found.extend(session.execute(query.where(column.in_(ids)).order_by(order)))
    return found
