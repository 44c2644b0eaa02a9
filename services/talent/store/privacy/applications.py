"""Applications for a second person's word, and how they were answered."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, insert, select
from sqlalchemy.orm import Session

from services.talent.domain.application import Answer, Application, Verdict
from services.talent.domain.four_eyes import HOLDS, Act, Intent
from services.talent.store.privacy.intents import intent_of, values_of
from services.talent.store.schema.approvals import act_answer as answers
from services.talent.store.schema.approvals import act_application as table
from services.talent.store.schema.people import person

_MOST = 500
_CITY = case((table.c.act == Act.ERASE, person.c.city), else_="").label("city")


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
            approval_id=given.approval,
        )
    )


def open_at(now: datetime) -> ColumnElement[bool]:
    """The condition that an application can still be answered."""
    return and_(answers.c.application_id.is_(None), table.c.asked_at > now - HOLDS, _CITY.is_not(None))


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
    return (
        select(table, *answered, answers.c.reason.label("answer_reason"), _CITY)
        .outerjoin(answers, answers.c.application_id == table.c.id)
        .outerjoin(person, person.c.id == table.c.person)
    )


def _application(row: Row[Any]) -> Application:
    return Application(
        id=row.id,
        intent=intent_of(row),
        reason=row.reason,
        asked_at=row.asked_at,
        city=row.city,
        answer=None
        if row.verdict is None
        else Answer(
            verdict=Verdict(row.verdict),
            reason=row.answer_reason,
            by=row.answered_by,
            at=row.answered_at,
            approval=row.approval_id,
        ),
    )
