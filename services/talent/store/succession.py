"""What stands under directions of an earlier catalogue."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, String, delete, func, insert, or_, select, type_coerce, update
from sqlalchemy.orm import Session

from services.catalogue.succession import Shares, divided, principal, renewed
from services.talent.domain.people.person import Person
from services.talent.domain.people.team import Team
from services.talent.domain.position import Position
from services.talent.domain.shortage.watch import Watch
from services.talent.store import schema
from services.talent.store.schema.watches import shortage_watch

PORTION = 500


def people(session: Session, codes: Iterable[str]) -> list[Person]:
    """The next of them, by id."""
    found = _names(schema.person.c.direction_shares, codes)
    return list(session.scalars(select(Person).where(found).order_by(schema.person.c.id).limit(PORTION)))


def positions(session: Session, codes: Iterable[str]) -> list[Position]:
    """The next of them, by id."""
    table = schema.position
    return list(
        session.scalars(
            select(Position).where(table.c.leaf.in_(list(codes))).order_by(table.c.id).limit(PORTION)
        )
    )


def teams(session: Session, codes: Iterable[str]) -> list[Team]:
    """The next of them, by id."""
    table, listed = schema.team, list(codes)
    found = or_(_names(table.c.directions, listed), _names(table.c.needs, listed))
    return list(session.scalars(select(Team).where(found).order_by(table.c.id).limit(PORTION)))


def watches(session: Session, codes: Iterable[str]) -> list[Watch]:
    """All of them."""
    found = shortage_watch.c.node.in_(list(codes))
    return list(session.scalars(select(Watch).where(found).order_by(shortage_watch.c.id)))


def carry_flows(session: Session, former: Mapping[str, Shares]) -> None:
    """Give training places, moves and hires of funded deals their directions of today."""
    for code, shares in former.items():
        training = schema.training_place
        session.execute(
            update(training)
            .where(training.c.leaf == code)
            .values(leaf=principal(shares), version=training.c.version + 1)
        )
        _carry_hires(session, code, shares)
    moves = schema.move
    query = select(moves.c.id, moves.c.shares).where(_names(moves.c.shares, former))
    for id_, mine in session.execute(query).all():
        session.execute(update(moves).where(moves.c.id == id_).values(shares=renewed(mine, former)))


def _carry_hires(session: Session, code: str, shares: Shares) -> None:
    """Lines of funded deals, the parts of a split as lines of their own."""
    table = schema.funded_hire
    rows = session.execute(select(table).where(table.c.leaf == code)).mappings().all()
    for row in rows:
        mine = (table.c.deal_id == row["deal_id"]) & (table.c.number == row["number"])
        session.execute(delete(table).where(mine))
        last = session.scalar(select(func.max(table.c.number)).where(table.c.deal_id == row["deal_id"]))
        start = max(row["number"], -1 if last is None else last) + 1
        parts: list[dict[str, Any]] = [
            {**row, "number": start + at, "leaf": place, "micro": micro}
            for at, (place, micro) in enumerate(divided(row["micro"], shares))
        ]
        session.execute(insert(table), parts)


def _names(column: Any, codes: Iterable[str]) -> ColumnElement[bool]:
    """Whether a column of codes in JSON has any of these."""
    text = type_coerce(column, String)
    return or_(*(text.contains(f'"{code}"', autoescape=True) for code in codes))
