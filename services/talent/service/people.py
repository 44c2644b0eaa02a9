"""Registering, revising, withdrawing and erasing people."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from services.catalogue import Catalogue
from services.chassis.journal import Change, Journal
from services.chassis.request_log import RequestLog
from services.chassis.sealing import DataKey, KeyRing
from services.chassis.topics import KEYS, PERSONS, TEAMS
from services.kernel.clock import Clock
from services.kernel.errors import AlreadyExists, NotFound
from services.kernel.ids import Ids
from services.kernel.text import Text
from services.talent import events
from services.talent.domain.axes import Axes
from services.talent.domain.person import Person, PersonFacts
from services.talent.store import positions, repository, schema


@dataclass(frozen=True)
class People:
    """The use cases of people."""

    catalogue: Catalogue
    axes: Axes
    keys: KeyRing
    journal: Journal
    requests: RequestLog
    clock: Clock
    ids: Ids

    def get(self, session: Session, id_: str) -> Person:
        """The person. Raises NotFound."""
        person = repository.person_by_id(session, id_)
        if person is None:
            raise NotFound.resource(f"persons/{id_}")
        return person

    def register(self, session: Session, facts: PersonFacts, origin: str, actor: str) -> Person:
        """A new record. Raises InvalidArgument, or AlreadyExists if the source number is taken."""
        person = Person.register(
            facts, id_=self.ids.new(), origin=origin, axes=self.axes, now=self.clock.now()
        )
        taken = repository.by_refs(session, Person, schema.person, [person.ref])
        if taken:
            raise AlreadyExists(
                Text(
                    f"来源编号“{person.ref}”已登记，请改用更新",
                    f"the source number {person.ref!r} is registered; update that record instead",
                ),
                reason="SOURCE_REF_TAKEN",
                metadata={"resource": f"persons/{taken[person.ref].id}"},
            )
        self.add(session, [person], actor)
        return person

    def add(self, session: Session, persons: Sequence[Person], actor: str) -> None:
        """Keep new records, each with a key of its own, and tell of them."""
        made = {person.id: self.keys.create(f"persons/{person.id}") for person in persons}
        session.add_all(persons)
        session.flush()
        repository.save_keys(session, ((id_, wrapped) for id_, (_, wrapped) in made.items()))
        repository.index_persons(session, persons, self.catalogue)
        told = [
            Change(KEYS, id_, 1, events.key_event(id_, wrapped), actor) for id_, (_, wrapped) in made.items()
        ]
        self.journal.record(session, told)
        self._tell(session, persons, {id_: key for id_, (key, _) in made.items()}, actor)

    def changed(self, session: Session, persons: Sequence[Person], actor: str) -> None:
        """Write changed records and tell of them."""
        session.flush()
        repository.index_persons(session, persons, self.catalogue)
        wrapped = repository.wrapped_keys(session, [person.id for person in persons])
        keys = {id_: self.keys.unwrap(f"persons/{id_}", each) for id_, each in wrapped.items()}
        self._tell(session, persons, keys, actor)

    def revise(self, session: Session, person: Person, facts: PersonFacts, actor: str) -> None:
        """Replace the facts. Raises InvalidArgument, FailedPrecondition for a withdrawn record."""
        if person.revise(facts, axes=self.axes, now=self.clock.now()):
            self.changed(session, [person], actor)

    def withdraw(self, session: Session, person: Person, reason: str, actor: str) -> None:
        """Record that consent was withdrawn; teams lose the member, a team without lead is dissolved."""
        person.withdraw(reason, self.clock.now())
        self.changed(session, [person], actor)
        self._leave_teams(session, person.id, actor)
        self._leave_outcomes(session, person.id)

    def erase(self, session: Session, person: Person, actor: str) -> None:
        """Destroy the record and its key: what the log and the history hold of it cannot be read again."""
        self._leave_teams(session, person.id, actor)
        self._leave_outcomes(session, person.id)
        name, version = f"persons/{person.id}", person.version + 1
        session.delete(person)
        session.flush()
        self.requests.forget(session, name)
        self.journal.record(
            session,
            [
                Change(KEYS, person.id, 2, None, actor),
                Change(PERSONS, person.id, version, None, actor),
            ],
        )

    def _leave_teams(self, session: Session, person_id: str, actor: str) -> None:
        teams = repository.teams_of(session, person_id)
        for team in teams:
            team.remove_person(person_id, self.clock.now())
        session.flush()
        changes = [Change(TEAMS, team.id, team.version, events.team_event(team), actor) for team in teams]
        self.journal.record(session, changes)

    def _leave_outcomes(self, session: Session, person_id: str) -> None:
        for position_id, number in positions.forget_person(session, person_id):
            self.requests.forget(session, f"positions/{position_id}/outcomes/{number}")

    def _tell(
        self, session: Session, persons: Sequence[Person], keys: dict[str, DataKey], actor: str
    ) -> None:
        self.journal.record(
            session,
            [
                Change(PERSONS, each.id, each.version, events.person_event(each, keys[each.id]), actor)
                for each in persons
            ],
        )
