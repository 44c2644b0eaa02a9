"""Reading and writing notes on deals and what became of their reminders."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date

from sqlalchemy import ColumnElement, func, insert, select, tuple_
from sqlalchemy.orm import Session

from services.funding.domain.deal.note import Note, Settled
from services.funding.store import schema

Place = tuple[date, str, int]
"""Where a list of reminders stands: day, deal, number."""


def next_number(session: Session, deal_id: str) -> int:
    """The number of the next note on a deal."""
    table = schema.deal_note
    query = select(func.max(table.c.number)).where(table.c.deal_id == deal_id)
    return (session.execute(query).scalar_one() or 0) + 1


def save(session: Session, note: Note) -> None:
    """Add a note."""
    session.execute(insert(schema.deal_note).values(**asdict(note)))


def one(session: Session, deal_id: str, number: int) -> Note | None:
    """A note of a deal."""
    table = schema.deal_note
    query = select(table).where(table.c.deal_id == deal_id, table.c.number == number)
    row = session.execute(query).mappings().first()
    return None if row is None else Note(**row)


def of_deal(session: Session, deal_id: str, before: int | None, most: int) -> list[Note]:
    """At most so many notes of a deal, newest first; `before` None: from the newest on."""
    table = schema.deal_note
    query = select(table).where(table.c.deal_id == deal_id).order_by(table.c.number.desc()).limit(most)
    if before is not None:
        query = query.where(table.c.number < before)
    return [Note(**row) for row in session.execute(query).mappings()]


def due(
    session: Session,
    account: str | None,
    until: date,
    seen: ColumnElement[bool],
    after: Place | None,
    most: int,
) -> list[Note]:
    """At most so many notes with an open reminder of an account (None: of anybody), earliest first. `seen`: which
    deals count.
    """
    table, done, deal = schema.deal_note, schema.reminder_settled, schema.deal
    place = (table.c.remind_on, table.c.deal_id, table.c.number)
    settled = select(done.c.number).where(done.c.deal_id == table.c.deal_id, done.c.number == table.c.number)
    query = (
        select(table)
        .join(deal, deal.c.id == table.c.deal_id)
        .where(table.c.remind_on <= until, ~settled.exists(), seen)
        .order_by(*place)
        .limit(most)
    )
    if account is not None:
        query = query.where(table.c.reminded == account)
    if after is not None:
        query = query.where(tuple_(*place) > after)
    return [Note(**row) for row in session.execute(query).mappings()]


def words(session: Session, notes: Iterable[Note]) -> dict[str, str]:
    """What these notes say, by commitment; erased words are not among them."""
    table, keys = schema.private_text, [(each.deal_id, each.commitment) for each in notes]
    query = select(table.c.commitment, table.c.text)
    found = session.execute(query.where(tuple_(table.c.deal_id, table.c.commitment).in_(keys)))
    return {row.commitment: row.text for row in found}


def settled(session: Session, notes: Iterable[Note]) -> dict[tuple[str, int], Settled]:
    """Which of these reminders are settled, by deal and number."""
    keys: Sequence[tuple[str, int]] = [(each.deal_id, each.number) for each in notes]
    table = schema.reminder_settled
    query = select(table).where(tuple_(table.c.deal_id, table.c.number).in_(keys))
    found = [Settled(**row) for row in session.execute(query).mappings()]
    return {(each.deal_id, each.number): each for each in found}


def save_settled(session: Session, done: Settled) -> None:
    """Add that a reminder was settled."""
    session.execute(insert(schema.reminder_settled).values(**asdict(done)))
