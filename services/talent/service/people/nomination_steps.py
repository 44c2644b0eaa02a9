"""Steps of nominations as they are kept and told: what they say is sealed under the key of whom they are about."""

from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.chassis.log.topics import NOMINATIONS
from services.chassis.outbox.journal import Change
from services.chassis.sealing import DataKey, open_sealed, seal
from services.talent import events
from services.talent.domain.nomination import Detail, Nomination, Step, StepKind
from services.talent.service.people.assertions import Assertions
from services.talent.service.people.people import People
from services.talent.store.people import nominations as store

SCHEMA = "bole.talent.nomination_step"


def write_step(session: Session, people: People, nomination: Nomination, step: Step) -> None:
    """Append a step of a nomination whose subject is in the library, and tell where it stands now."""
    subject = str(nomination.subject)
    key = people.assertions.keys_of(session, [subject])[subject]
    row: dict[str, Any] = {
        "nomination_id": nomination.id,
        "number": step.number,
        "kind": step.kind,
        "before": step.before,
        "after": step.after,
        "actor": step.actor,
        "at": step.at,
        "subject": subject,
        "sealed": seal(f"persons/{subject}", store.encode_detail(step.detail), key, schema=SCHEMA),
    }
    session.flush()
    store.add_step(session, row)
    _tell(session, people, nomination, step.actor)


def read_steps(session: Session, assertions: Assertions, nomination: Nomination) -> list[Step]:
    """The steps so far; what those about an erased person said is gone."""
    rows = store.steps_of(session, nomination.id)
    keys = assertions.keys_of(session, sorted({row.subject for row in rows}))
    return [_step(row, keys.get(row.subject)) for row in rows]


def leave_nominations(session: Session, people: People, person_id: str, actor: str) -> None:
    """End the open nominations about somebody who withdraws."""
    detail = Detail(note="本人撤回同意 consent withdrawn")
    for each in store.open_of(session, person_id):
        now = people.clock.now()
        step = each.take(StepKind.WITHDRAW, detail, taken=(), employer="", actor=actor, now=now)
        write_step(session, people, each, step)
        people.requests.forget(session, f"nominations/{each.id}")


def forget_nominee(session: Session, people: People, person_id: str, actor: str) -> None:
    """Keep of the nominations about somebody who is erased that there were so many; those that named the person
    leave the log.
    """
    for each in store.about(session, person_id):
        named = each.person_id is not None
        each.forget_nominee()
        session.flush()
        people.requests.forget(session, f"nominations/{each.id}")
        _tell(session, people, each, actor, gone=named)


def _tell(
    session: Session, people: People, nomination: Nomination, actor: str, *, gone: bool = False
) -> None:
    state = None if gone else events.nomination_event(nomination)
    people.journal.record(session, [Change(NOMINATIONS, nomination.id, nomination.version, state, actor)])


def _step(row: Row[Any], key: DataKey | None) -> Step:
    detail = Detail()
    if key is not None:
        subject = f"persons/{row.subject}"
        detail = store.decode_detail(open_sealed(subject, row.sealed, key, schema=SCHEMA))
    return Step(
        number=row.number,
        kind=row.kind,
        before=row.before,
        after=row.after,
        actor=row.actor,
        at=row.at,
        detail=detail,
    )
