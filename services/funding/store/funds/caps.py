"""Approvals of amounts: who said when that an amount is meant."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from services.funding.domain.fund.caps import AmountApproval
from services.funding.store import schema


def save(session: Session, approval: AmountApproval) -> None:
    """Keep it for ever."""
    session.execute(insert(schema.amount_approval).values(vars(approval)))


def approved_by_others(session: Session, subject: str, actor: str, since: datetime) -> set[tuple[str, int]]:
    """Columns and amounts of a record that somebody other than `actor` approved since an instant."""
    table = schema.amount_approval
    query = select(table.c.field, table.c.fen).where(
        table.c.subject == subject, table.c.approved_by != actor, table.c.approved_at >= since
    )
    return {(row.field, row.fen) for row in session.execute(query)}


def of_subject(session: Session, subject: str) -> Sequence[AmountApproval]:
    """All approvals of a record, newest first."""
    table = schema.amount_approval
    query = select(table).where(table.c.subject == subject)
    rows = session.execute(query.order_by(table.c.approved_at.desc(), table.c.id.desc()).limit(500))
    return [AmountApproval(**row._mapping) for row in rows]
