"""How heads of a position were filled, and how its search ended: one record each, taken back and never deleted."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from services.kernel.clock import civil_date
from services.kernel.errors import FailedPrecondition, InvalidArgument, NotFound
from services.kernel.text import Text
from services.talent.domain.people.person import PersonStatus
from services.talent.domain.position import OutcomeKind, OutcomeStated, Position, PositionOutcome
from services.talent.domain.position.outcome import refuse_repeated
from services.talent.store import positions as store
from services.talent.store import repository


def record(session: Session, position: Position, stated: OutcomeStated, now: datetime, actor: str) -> int:
    """Record a fill and count it, or a refused proposal; its number within the position.

    Raises InvalidArgument for what is stated, FailedPrecondition if the search has ended or the person has
    withdrawn.
    """
    fill = stated.checked()
    if fill.person_id is not None:
        _require_person(session, position, fill.person_id)
    day = fill.day or civil_date(now)
    if fill.kind is OutcomeKind.PROPOSAL_REFUSED:
        position.refuse_proposal(day, now)
        repository.next_version(session, [position])
    else:
        position.record_fill(fill.heads, day, now, outcome=fill.kind)
    return _keep(session, position, fill, day, now, actor)


def end(
    session: Session,
    position: Position,
    kind: OutcomeKind,
    reason: str,
    day: date,
    now: datetime,
    actor: str,
) -> None:
    """Withdraw the heads that are left. Raises InvalidArgument for EXPIRED, which only time decides."""
    if kind is OutcomeKind.EXPIRED:
        raise InvalidArgument.field(
            "outcome",
            "OUTCOME_BY_SYSTEM",
            "过期由系统按 180 天未更新登记，不能手工填写",
            "expiry is recorded by the system after 180 days without renewal; it cannot be stated",
        )
    left = position.headcount - position.filled
    position.withdraw(reason, now, on=day)
    _keep(
        session, position, OutcomeStated(kind=kind, heads=left, note=position.status_reason), day, now, actor
    )


def expired(session: Session, position: Position, now: datetime, actor: str) -> None:
    """Record that a position has expired on the day after its last one."""
    left = position.headcount - position.filled
    _keep(session, position, OutcomeStated(kind=OutcomeKind.EXPIRED, heads=left), civil_date(now), now, actor)


def void(session: Session, position: Position, number: int, reason: str, now: datetime, actor: str) -> None:
    """Take back a fill or a refused proposal.

    Raises NotFound, InvalidArgument without a reason, FailedPrecondition for an ending.
    """
    outcome = store.outcome(session, position.id, number)
    if outcome is None:
        raise NotFound.resource(f"positions/{position.id}/outcomes/{number}")
    if outcome.kind is OutcomeKind.PROPOSAL_REFUSED:
        outcome.void(reason, now)
        position.take_back_refusal(now)
        repository.next_version(session, [position])
        return
    if not outcome.kind.is_fill:
        raise FailedPrecondition(
            Text(
                "撤回与过期不能单独撤销，请重新开放或续期该岗位",
                "a withdrawal or expiry is not voided by itself; reopen or renew the position",
            ),
            reason="OUTCOME_NOT_A_FILL",
        )
    outcome.void(reason, now)
    position.undo_fill(outcome.heads, outcome.day, now)
    if position.outcome is OutcomeKind.EXPIRED:
        expired(session, position, now, actor)


def void_endings(session: Session, position: Position, reason: str, now: datetime) -> None:
    """Take back the withdrawal or expiry of a position that looks for people again."""
    if position.outcome is not None:
        return
    for outcome in store.standing_endings(session, position.id):
        outcome.void(reason, now)


def _require_person(session: Session, position: Position, person_id: str) -> None:
    person = repository.person_by_id(session, person_id)
    if person is None:
        raise NotFound.resource(f"persons/{person_id}")
    if person.status is PersonStatus.WITHDRAWN:
        raise FailedPrecondition(
            Text("该人才已撤回同意，不能登记", "the person has withdrawn; nothing can be recorded"),
            reason="PERSON_WITHDRAWN",
        )
    if store.fills(session, position.id, person_id):
        raise refuse_repeated(person_id)


def _keep(
    session: Session, position: Position, stated: OutcomeStated, day: date, now: datetime, actor: str
) -> int:
    """The number is counted under the lock that the position's own new version takes."""
    number = store.last_outcome_number(session, position.id) + 1
    session.add(
        PositionOutcome(
            position_id=position.id,
            number=number,
            kind=stated.kind,
            heads=stated.heads,
            day=day,
            person_id=stated.person_id,
            note=stated.note,
            skill=stated.skill,
            actor=actor,
            recorded_at=now,
        )
    )
    return number
