"""Queries about positions and how they ended."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from services.chassis.storage.chunks import chunks
from services.talent.domain.position import OutcomeKind, Position, PositionOutcome, PositionStatus
from services.talent.domain.position.posting import LIFE_DAYS
from services.talent.domain.shortage.reasons.refusals import Refusals
from services.talent.store import schema


def sharing_demand(session: Session, positions: Sequence[Position]) -> list[Position]:
    """Stored positions that may repeat one of these, or be repeated by it, now or before it was changed."""
    table = schema.position
    again = repeating(session, [position.id for position in positions])
    keys = {position.same_key for position in (*positions, *again)}
    return [*again, *_among(session, table.c.same_key, sorted(keys))]


def repeating(session: Session, position_ids: Sequence[str]) -> list[Position]:
    """Stored positions that repeat one of these."""
    return _among(session, schema.position.c.duplicate_of, position_ids)


def _among(session: Session, column: ColumnElement[str], values: Sequence[str]) -> list[Position]:
    found: list[Position] = []
    for some in chunks(values):
        found += session.scalars(select(Position).where(column.in_(some)))
    return found


def due(session: Session, today: date) -> list[str]:
    """The ids of open positions whose last day lies before `today`."""
    table = schema.position
    late = table.c.renewed < today - timedelta(days=LIFE_DAYS)
    mine = (table.c.status == PositionStatus.OPEN) & late
    return list(session.scalars(select(table.c.id).where(mine).order_by(table.c.id)))


def by_ids(session: Session, ids: Sequence[str]) -> list[Position]:
    """The positions of these ids that are there, by id; no more than a statement can carry."""
    table = schema.position
    return list(session.scalars(select(Position).where(table.c.id.in_(ids)).order_by(table.c.id)))


def outcome(session: Session, position_id: str, number: int) -> PositionOutcome | None:
    """One record, or None."""
    return session.get(PositionOutcome, (position_id, number))


def outcomes_by_ref(session: Session, refs: Sequence[str]) -> list[PositionOutcome]:
    """Standing records that sources know by these numbers."""
    table, found = schema.position_outcome, list[PositionOutcome]()
    for some in chunks(refs):
        chosen = table.c.ref.in_(some) & table.c.voided_at.is_(None)
        found += session.scalars(select(PositionOutcome).where(chosen))
    return found


def outcomes_of(session: Session, position_ids: Sequence[str]) -> list[PositionOutcome]:
    """Standing records of these positions, in the order in which they were made."""
    table, found = schema.position_outcome, list[PositionOutcome]()
    for some in chunks(position_ids):
        mine = table.c.position_id.in_(some) & table.c.voided_at.is_(None)
        query = select(PositionOutcome).where(mine)
        found += session.scalars(query.order_by(table.c.position_id, table.c.number))
    return found


def last_outcome_number(session: Session, position_id: str) -> int:
    """The highest number used so far; 0 if none."""
    session.flush()
    table = schema.position_outcome
    query = select(func.max(table.c.number)).where(table.c.position_id == position_id)
    return session.execute(query).scalar_one() or 0


def standing_endings(session: Session, position_id: str) -> list[PositionOutcome]:
    """Withdrawals and expiries that count."""
    table = schema.position_outcome
    query = select(PositionOutcome).where(
        table.c.position_id == position_id,
        table.c.kind.in_((OutcomeKind.WITHDRAWN, OutcomeKind.EXPIRED)),
        table.c.voided_at.is_(None),
    )
    return list(session.scalars(query))


def fills(session: Session, position_id: str, person_id: str) -> bool:
    """Whether a standing record says that the person fills a head of the position."""
    table = schema.position_outcome
    query = select(table.c.number).where(
        table.c.position_id == position_id,
        table.c.person_id == person_id,
        table.c.voided_at.is_(None),
        table.c.kind != OutcomeKind.PROPOSAL_REFUSED,
    )
    return session.execute(query.limit(1)).first() is not None


def refusals(session: Session, since: date, until: date) -> list[Refusals]:
    """How many people were refused for want of each skill after `since` until `until`, by cell; repeated
    advertisements included.
    """
    table, position = schema.position_outcome, schema.position
    keys = (position.c.leaf, position.c.city, position.c.category, table.c.skill)
    query = (
        select(*keys, func.sum(table.c.heads))
        .join(position, position.c.id == table.c.position_id)
        .where(table.c.skill != "", table.c.voided_at.is_(None), table.c.day > since, table.c.day <= until)
        .group_by(*keys)
    )
    return [Refusals(*row) for row in session.execute(query)]


def forget_person(session: Session, person_id: str) -> list[tuple[str, int]]:
    """Take a person, and the notes and source numbers about them, out of the outcomes, which stay as counts; returns
    what named the person.
    """
    table = schema.position_outcome
    statement = (
        update(table)
        .where(table.c.person_id == person_id)
        .values(person_id=None, note="", void_reason="", ref=None)
    )
    rows = session.execute(statement.returning(table.c.position_id, table.c.number))
    return [(row.position_id, row.number) for row in rows]
