"""Approvals of acts on people: who may do what, by whose word, and what came of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, insert, select
from sqlalchemy.orm import Session

from services.talent.domain.privacy.four_eyes import Approval
from services.talent.store.privacy.intents import SUBJECTS, beside_subjects, intent_of, settled_of, values_of
from services.talent.store.schema.approvals import act_approval as table
from services.talent.store.schema.approvals import act_approval_use as uses

_MOST = 500


def save(session: Session, approval: Approval) -> None:
    """Keep it for ever."""
    row = values_of(approval.intent) | {
        "id": approval.id,
        "reason": approval.reason,
        "approved_by": approval.approved_by,
        "approved_at": approval.approved_at,
    }
    session.execute(insert(table).values(row))


def of_account(session: Session, account: str, since: datetime, *, lock: bool = False) -> list[Approval]:
    """What an account was approved since an instant, oldest first. `lock`: nobody else uses any of it up meanwhile."""
    mine = (table.c.account == account, table.c.approved_at >= since)
    if lock:  # and in a statement of its own: the uses are read as they are once the lock is there
        session.execute(select(table.c.id).where(*mine).with_for_update())
    query = _query().where(*mine).order_by(table.c.approved_at, table.c.id)
    return [_approval(row) for row in session.execute(query)]


def use(session: Session, approval: Approval, used_for: str, at: datetime) -> None:
    """It is used up by what came of it."""
    session.execute(insert(uses).values(approval_id=approval.id, used_for=used_for, used_at=at))


def listed(session: Session, *conditions: ColumnElement[bool]) -> Sequence[Approval]:
    """Approvals that meet the conditions, newest first, at most 500."""
    query = _query().where(*conditions).order_by(table.c.approved_at.desc(), table.c.id.desc()).limit(_MOST)
    return [_approval(row) for row in session.execute(query)]


def _query() -> Select[Any]:
    query = select(table, uses.c.used_for, *SUBJECTS).outerjoin(uses, uses.c.approval_id == table.c.id)
    return beside_subjects(query, table)


def _approval(row: Row[Any]) -> Approval:
    return Approval(
        id=row.id,
        intent=intent_of(row),
        reason=row.reason,
        approved_by=row.approved_by,
        approved_at=row.approved_at,
        used_for=row.used_for or "",
        settled=settled_of(row),
    )
