"""Applications for a second person's word, and how they were answered."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, insert, select
from sqlalchemy.orm import Session

from services.talent.domain.privacy.application import Answer, Application, Verdict
from services.talent.domain.privacy.four_eyes import HOLDS, Approval, Intent
from services.talent.store.privacy.intents import (
    SUBJECTS,
    beside_subjects,
    intent_of,
    settled_of,
    unsettled,
    values_of,
)
from services.talent.store.schema.approvals import act_answer as answers
from services.talent.store.schema.approvals import act_application as table
from services.talent.store.schema.approvals import act_approval, act_approval_use
from services.talent.store.schema.people import person

_MOST = 500
_CITY = func.coalesce(person.c.city, "")


def save(session: Session, application: Application) -> None:
    """Keep it for ever."""
    row = values_of(application.intent) | {
        "id": application.id,
        "reason": application.reason,
        "asked_at": application.asked_at,
    }
    session.execute(insert(table).values(row))


def get(session: Session, id_: str, *, lock: bool = False) -> Application | None:
    """One application. `lock`: nobody else answers it meanwhile."""
    if lock:  # and in a statement of its own: the answer is read as it is once the lock is there
        session.execute(select(table.c.id).where(table.c.id == id_).with_for_update())
    row = session.execute(_query().where(table.c.id == id_)).one_or_none()
    return None if row is None else _application(row)


def answer(session: Session, application: Application, given: Answer) -> None:
    """It is answered so."""
    session.execute(
        insert(answers).values(
            application_id=application.id,
            verdict=given.verdict,
            reason=given.reason,
            answered_by=given.by,
            answered_at=given.at,
            approval_id=given.approval.id if given.approval else None,
        )
    )


def open_at(now: datetime) -> ColumnElement[bool]:
    """The condition that an application can still be answered."""
    return and_(answers.c.application_id.is_(None), table.c.asked_at > now - HOLDS, unsettled(table))


def answered_by(reach: frozenset[str]) -> ColumnElement[bool]:
    """The condition that officers of these cities may answer."""
    return _CITY.in_(reach)


def of_intent(intent: Intent) -> ColumnElement[bool]:
    """The condition that it asks for this very act."""
    return and_(*(table.c[name] == value for name, value in values_of(intent).items()))


def listed(session: Session, *conditions: ColumnElement[bool]) -> Sequence[Application]:
    """Applications that meet the conditions, newest first, at most 500."""
    query = _query().where(*conditions).order_by(table.c.asked_at.desc(), table.c.id.desc()).limit(_MOST)
    return [_application(row) for row in session.execute(query)]


def _query() -> Select[Any]:
    answered = [column for column in answers.c if column.name not in ("application_id", "reason")]
    given = (answers.c.reason.label("answer_reason"), act_approval.c.approved_at, act_approval_use.c.used_for)
    query = (
        select(table, *answered, *given, *SUBJECTS)
        .outerjoin(answers, answers.c.application_id == table.c.id)
        .outerjoin(act_approval, act_approval.c.id == answers.c.approval_id)
        .outerjoin(act_approval_use, act_approval_use.c.approval_id == answers.c.approval_id)
    )
    return beside_subjects(query, table)


def _application(row: Row[Any]) -> Application:
    return Application(
        id=row.id,
        intent=intent_of(row),
        reason=row.reason,
        asked_at=row.asked_at,
        city=row.person_city or "",
        answer=None if row.verdict is None else _answer(row),
        settled=settled_of(row),
    )


def _answer(row: Row[Any]) -> Answer:
    return Answer(
        verdict=Verdict(row.verdict),
        reason=row.answer_reason,
        by=row.answered_by,
        at=row.answered_at,
        approval=_approval(row) if row.approval_id else None,
    )


def _approval(row: Row[Any]) -> Approval:
    return Approval(
        id=row.approval_id,
        intent=intent_of(row),
        reason=row.answer_reason,
        approved_by=row.answered_by,
        approved_at=row.approved_at,
        used_for=row.used_for or "",
        settled=settled_of(row),
    )
