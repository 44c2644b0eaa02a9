"""Taking a record out of sight when it is merged, and bringing it back as it was."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from services.chassis.log.topics import PERSONS
from services.chassis.outbox.journal import Change
from services.talent import events
from services.talent.domain.people.person import SHOWN, Person, PersonStatus
from services.talent.domain.people.team import Team
from services.talent.service.people.people import People
from services.talent.store import repository, schema


def hide(session: Session, people: People, gone: Person, into: str, actor: str) -> None:
    """Take the row away and tell that the record is shown as `into`. Its key and its statements stay."""
    id_, version = gone.id, gone.version + 1
    session.delete(gone)
    session.flush()
    key = people.assertions.keys_of(session, [id_])[id_]
    state = events.merged_event(id_, version, into, key)
    people.journal.record(session, [Change(PERSONS, id_, version, state, actor)])


def restore(
    session: Session, people: People, saved: Row[Any], standing: tuple[PersonStatus, str], actor: str
) -> Person:
    """Bring a row back from what was stated about its records, as a version after all that were told.

    Raises FailedPrecondition (NOTHING_STATED) if all that was stated has been retracted since.
    """
    id_, now = saved.record_id, people.clock.now()
    said = people.assertions.about(session, [id_])[id_]
    facts = people.assertions.shown(saved.ref, said, people.consents.purposes(session, [id_])[id_])
    status, reason = standing
    version = repository.last_versions(session, PERSONS.entity, [id_])[id_] + 1
    person = Person(
        **{name: getattr(facts, name) for name in SHOWN},
        id=id_,
        status=status,
        status_reason=reason,
        origin=saved.origin,
        version=0,
        created_at=saved.created_at,
        updated_at=now,
    )
    session.add(person)
    session.flush()  # as a new row, which is version 1: who has read a later one must not take it for theirs
    session.execute(update(schema.person).where(schema.person.c.id == id_).values(version=version))
    set_committed_value(person, "version", version)
    repository.index_persons(session, [person], people.catalogue)
    key = people.assertions.keys_of(session, [id_])[id_]
    state = events.person_event(person, key, facts.birth_year)
    people.journal.record(session, [Change(PERSONS, id_, person.version, state, actor)])
    return person


def touch_teams(session: Session, people: People, records: Iterable[str], actor: str) -> None:
    """Tell anew of the teams in which any of these records stands: their people may be known otherwise now."""
    found: dict[str, Team] = {}
    for record in records:
        found.update({team.id: team for team in repository.teams_of(session, record)})
    repository.next_version(session, list(found.values()))
    people.tell_teams(session, list(found.values()), actor)
