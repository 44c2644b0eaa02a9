"""Keys of people, wrapped, and the states that came before them."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select
from sqlalchemy.orm import Session

from services.chassis.storage.bulk import find_rows, put_rows
from services.matcher.store.schema import parked_person, subject_key

Versioned = tuple[int, bytes | None]


def of(session: Session, people: Collection[str]) -> dict[str, Versioned]:
    """Version and wrapped key (None: destroyed) of those of these people whose key has come."""
    rows = find_rows(session, subject_key, ("person_id", "version", "wrapped"), "person_id", people)
    return {person: (version, wrapped) for person, version, wrapped in rows}


def destroyed(session: Session, people: Collection[str]) -> set[str]:
    """Those of these people who are erased."""
    return {person for person, (_, wrapped) in of(session, people).items() if wrapped is None}


def put_all(session: Session, keys: Mapping[str, Versioned]) -> None:
    """Keep keys, each in place of an older version only."""
    rows = ((id_, version, key) for id_, (version, key) in keys.items())
    put_rows(session, subject_key, ("person_id", "version", "wrapped"), rows, newer="version")


def parked(session: Session, people: Collection[str]) -> set[str]:
    """Those of these people whose state waits for a key."""
    return {id_ for (id_,) in find_rows(session, parked_person, ("person_id",), "person_id", people)}


def park(session: Session, person: str, version: int, state: bytes | None, changed_at: datetime) -> None:
    """Let a state wait for its key, in place of one that waits already."""
    forget_parked(session, person)
    row = {"person_id": person, "version": version, "state": state, "changed_at": changed_at}
    session.execute(parked_person.insert().values(row))


def unpark(session: Session, person: str) -> Row[Any] | None:
    """The state that waited, which waits no more."""
    row = session.execute(select(parked_person).where(parked_person.c.person_id == person)).one_or_none()
    forget_parked(session, person)
    return row


def forget_parked(session: Session, person: str) -> None:
    """Let no state of somebody wait."""
    session.execute(delete(parked_person).where(parked_person.c.person_id == person))
