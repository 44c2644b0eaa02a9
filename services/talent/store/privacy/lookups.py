"""Reading the audit trail for what it says about people."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from services.talent.domain.privacy.lookup import REVEAL, Look
from services.talent.store import schema

_TABLE = schema.shared.audit.entries
_SHOWN = schema.metadata.tables["audit_shown"]
_PAGE = 1000


def looks_at(session: Session, names: Sequence[str], before: int | None, limit: int) -> list[Look]:
    """Entries that show any of these resources or what lies below them, or change one of them: newest first, older
    than `before`.
    """
    found = {number for query in numbers(names, before, limit) for number in session.scalars(query)}
    newest = sorted(found, reverse=True)[:limit]
    entries = select(_TABLE).where(_TABLE.c.sequence.in_(newest)).order_by(_TABLE.c.sequence.desc())
    return [_look(row) for row in session.execute(entries)]


def numbers(names: Sequence[str], before: int | None, limit: int) -> tuple[Select[int], Select[int]]:
    """What asks for the newest entries that show, and for those that change: each by an index of its own."""
    ids = [name.split("/")[1] for name in names]
    shown = select(_SHOWN.c.sequence).distinct().where(_SHOWN.c.id.in_(ids))
    changing = select(_TABLE.c.sequence).where(_TABLE.c.resource.in_(names), _TABLE.c.action != REVEAL)
    if before is not None:
        shown, changing = shown.where(_SHOWN.c.sequence < before), changing.where(_TABLE.c.sequence < before)
    return (
        shown.order_by(_SHOWN.c.sequence.desc()).limit(limit),
        changing.order_by(_TABLE.c.sequence.desc()).limit(limit),
    )


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
        request_id=row.request_id,
    )
