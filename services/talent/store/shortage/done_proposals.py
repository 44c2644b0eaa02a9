"""Rows of proposals that came to something."""

from typing import NamedTuple

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from services.talent.store.schema import done_proposal as table


class DoneProposal(NamedTuple):
    """Of a person and a position, or of a fund and a firm (`other`: their ids with a stroke between)."""

    id: str
    kind: str
    part: str
    person_id: str | None
    other: str


def put(session: Session, found: DoneProposal) -> None:
    """Keep one in the place of what is known of it."""
    drop(session, found.id)
    session.execute(insert(table).values(found._asdict()))


def drop(session: Session, id_: str) -> None:
    """Forget one."""
    session.execute(delete(table).where(table.c.id == id_))


def of_kind(session: Session, kind: str) -> list[DoneProposal]:
    """All of a kind of pair, by id."""
    rows = session.execute(select(table).where(table.c.kind == kind).order_by(table.c.id))
    return [DoneProposal(**row._mapping) for row in rows]
