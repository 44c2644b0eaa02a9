"""Erasures as partners were told them, and their acknowledgements."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from services.chassis.filtering import Schema
from services.chassis.storage.bulk import add_rows
from services.chassis.storage.listing import Listing
from services.matcher.domain.partners.subscription import ERASED
from services.matcher.store.partners.partner_erasure_schema import erasure_acknowledgement, partner_erasure
from services.matcher.store.schema import match_event, partner

_COLUMNS = ("partner_id", "sequence", "acknowledged_at")


class Open(NamedTuple):
    """How many are not acknowledged, and when the oldest of them was told."""

    number: int
    since: datetime | None


def told(session: Session, sequences: Collection[int]) -> dict[int, str]:
    """Of those of these numbers that tell of an erasure, whose."""
    table = match_event.c
    query = select(table.sequence, table.candidate_id).where(
        table.type == ERASED, table.sequence.in_(sequences)
    )
    return dict(session.execute(query).all())


def acknowledged(session: Session, partner_id: str, sequences: Collection[int]) -> set[int]:
    """Those of these numbers that a partner has acknowledged."""
    table = erasure_acknowledgement.c
    query = select(table.sequence).where(table.partner_id == partner_id, table.sequence.in_(sequences))
    return set(session.scalars(query))


def acknowledge(session: Session, partner_id: str, sequences: Collection[int], at: datetime) -> None:
    """Keep that a partner acknowledged what it had not before."""
    rows = [(partner_id, sequence, at) for sequence in sequences]
    add_rows(session, erasure_acknowledgement, _COLUMNS, rows)


def open_of(session: Session, partner_id: str) -> Open:
    """What a partner has not acknowledged."""
    query = select(func.count(), func.min(partner_erasure.c.told_at))
    return Open(*session.execute(query.where(of_partner(partner_id), waiting(open_only=True))).one())


def open_and_overdue(session: Session, told_before: datetime) -> tuple[int, int]:
    """What all partners have not acknowledged, and how much of that was told before an instant.

    One partner after the other: asked of all at once, SQLite looks through every event there is.
    """
    late = func.count().filter(partner_erasure.c.told_at <= told_before)
    query = select(func.count(), late).where(waiting(open_only=True))
    found = [
        session.execute(query.where(of_partner(id_))).one() for id_ in session.scalars(select(partner.c.id))
    ]
    return sum(row[0] for row in found), sum(row[1] for row in found)


def of_partner(partner_id: str) -> ColumnElement[bool]:
    """Erasures that one partner was told."""
    return partner_erasure.c.partner_id == partner_id


def waiting(*, open_only: bool) -> ColumnElement[bool]:
    """Those that are not acknowledged, or all."""
    return partner_erasure.c.acknowledged_at.is_(None) if open_only else true()


def listing() -> Listing:
    """ListPartnerErasures of one partner, the oldest first."""
    return Listing("ListPartnerErasures", Schema.of(), {}, {}, partner_erasure.c.sequence)
