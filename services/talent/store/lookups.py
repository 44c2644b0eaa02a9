"""Reading the audit trail for what it says about people."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Text, or_, select, type_coerce
from sqlalchemy.orm import Session

from services.talent.domain.lookup import REVEAL, Look
from services.talent.store import schema

_TABLE = schema.shared.audit.entries
_PAGE = 1000


def looks_at(session: Session, names: Sequence[str], before: int | None, limit: int) -> list[Look]:
    """Entries that name any of these resources or what lies below them, newest first, older than `before`."""
    detail = type_coerce(_TABLE.c.detail, Text)
    shown = [detail.like(f'%"{name}{end}%') for name in names for end in ('"', "/")]
    reveals = (_TABLE.c.action == REVEAL) & or_(*shown)
    changes = (_TABLE.c.action != REVEAL) & _TABLE.c.resource.in_(names)
    query = select(_TABLE).where(reveals | changes).order_by(_TABLE.c.sequence.desc()).limit(limit)
    if before is not None:
        query = query.where(_TABLE.c.sequence < before)
    return [_look(row) for row in session.execute(query)]


def reveals_since(session: Session, since: datetime) -> Iterator[Look]:
    """Every look since an instant, in the order of the trail."""
    query = select(_TABLE).where(_TABLE.c.action == REVEAL, _TABLE.c.at >= since)
    query, last = query.order_by(_TABLE.c.sequence).limit(_PAGE), 0
    while rows := session.execute(query.where(_TABLE.c.sequence > last)).all():
        yield from map(_look, rows)
        last = rows[-1].sequence


def nominations_about(session: Session, record_ids: Sequence[str]) -> list[str]:
    """Names of the nominations about a person."""
    table = schema.nomination
    query = select(table.c.id).where(table.c.subject.in_(record_ids))
    return [f"nominations/{id_}" for id_ in session.scalars(query)]


def _look(row: Row[Any]) -> Look:
    detail = row.detail
    return Look(
        number=row.sequence,
        at=row.at,
        actor=row.actor,
        roles=tuple(row.roles),
        action=row.action,
        purpose=row.purpose,
        fields=tuple(detail.get("fields", ())),
        count=int(detail.get("count", 0)),
    )
