"""Erasure: the record and its key are destroyed, and with them what anything else holds of the person."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from services.chassis.log.topics import KEYS, PERSONS
from services.chassis.outbox.journal import Change, Topic
from services.talent.domain.identity.method import Method
from services.talent.domain.people.person import Person
from services.talent.service.people.duplicates.suggesting import Suggesting
from services.talent.service.people.evidence import forget_evidence
from services.talent.service.people.nomination_steps import forget_nominee
from services.talent.service.people.people import People
from services.talent.service.privacy.leaving import Leaving
from services.talent.store import repository
from services.talent.store.findable import PEOPLE_BY_WORDS
from services.talent.store.people import duplicate_blocks, statements
from services.talent.store.people.duplicate_blocks import Keys
from services.talent.store.privacy import erasure


@dataclass(frozen=True)
class Erasing:
    """The use cases of erasure."""

    people: People
    method: Method = field(default_factory=Method)

    def erase(self, session: Session, person: Person, actor: str) -> None:
        """Destroy the record and its key: what log, history and statements hold of it cannot be read again."""
        requests = self.people.requests
        records = statements.records_of(session, [person.id])[person.id]
        Leaving(self.people).leave(session, records, actor)
        for record in records:
            forget_nominee(session, self.people, record, actor)
            forget_evidence(session, requests, record)
        self.people.forget_moves(session, records)
        keys = duplicate_blocks.keys_of(session, [person.id])
        session.delete(person)
        session.flush()
        erasure.erase_records(session, records)
        self._suggest_without(session, keys)
        PEOPLE_BY_WORDS.scrub(session)
        for record in records:
            requests.forget(session, f"persons/{record}")
        gone = [_gone(session, topic, record, actor) for topic in (KEYS, PERSONS) for record in records]
        self.people.journal.record(session, gone)

    def remove(self, session: Session, persons: Sequence[Person], actor: str) -> None:
        """Destroy records that nothing else names: people whom a batch made and nobody needs."""
        gone = [(each.id, each.version + 1) for each in persons]
        ids = [id_ for id_, _ in gone]
        keys = duplicate_blocks.keys_of(session, ids)
        for each in persons:
            session.delete(each)
        session.flush()
        erasure.erase_records(session, ids)
        self._suggest_without(session, keys)
        versions = repository.last_versions(session, KEYS.entity, ids)
        changes = [Change(KEYS, id_, versions[id_] + 1, None, actor) for id_ in ids]
        self.people.journal.record(
            session, [*changes, *(Change(PERSONS, *each, None, actor) for each in gone)]
        )

    def _suggest_without(self, session: Session, keys: Keys) -> None:
        """Let those be compared who follow people that had these keys among the oldest of a block."""
        Suggesting(self.people.assertions, self.people.clock, self.method).again(session, keys, {})


def _gone(session: Session, topic: Topic, record_id: str, actor: str) -> Change:
    version = repository.last_versions(session, topic.entity, [record_id])[record_id] + 1
    return Change(topic, record_id, version, None, actor)
