"""New people: everything that is kept of each, as rows that are ready for the engine, before anything is written.

Nothing here reads or writes: a million people can be written up beside the process that keeps them.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from operator import attrgetter, itemgetter
from typing import NamedTuple, Protocol

from sqlalchemy import Dialect
from sqlalchemy.orm import Session

from services.catalogue import Catalogue
from services.chassis.log.topics import KEYS, PERSONS
from services.chassis.outbox.journal import HISTORY_COLUMNS, Change, Journal
from services.chassis.outbox.outbox import OUTBOX_COLUMNS, outbox_rows
from services.chassis.sealing import DataKey, KeyRing
from services.chassis.storage.bulk import Form, Ready, add_ready
from services.talent import events
from services.talent.domain.people.person import SENSITIVE, PersonRecord, Purpose
from services.talent.domain.people.statement import Stated
from services.talent.domain.privacy.consent import Consent, ConsentKind
from services.talent.domain.shortage.counts.tally import Supplied, supplied
from services.talent.service.people.assertions import About, statement_rows
from services.talent.service.privacy.consents import consent_rows
from services.talent.store import schema
from services.talent.store.counts.collecting import remember_new
from services.talent.store.findable import PEOPLE_BY_WORDS, person_words
from services.talent.store.people.statements import CONSENT_COLUMNS, STATEMENT_COLUMNS
from services.talent.store.repository import direction_rows

_PERSON_COLUMNS = tuple(column.name for column in schema.person.c if column.name not in SENSITIVE)
_WORD_COLUMNS = PEOPLE_BY_WORDS.columns
_person_row = attrgetter(*_PERSON_COLUMNS)
_word_row = itemgetter(*_WORD_COLUMNS)


class Newcomer(NamedTuple):
    """A record that is not kept yet, with what is stated about it, and since when its consent is as stated."""

    person: PersonRecord
    stated: Stated
    consented_at: datetime

    @property
    def record_id(self) -> str:
        """The record that the statement is about."""
        return self.person.id


class Stating(Protocol):
    """A person with what is stated: a newcomer, or somebody known."""

    @property
    def record_id(self) -> str:
        """The record that the statement is about."""
        ...

    @property
    def person(self) -> PersonRecord:
        """The person."""
        ...

    @property
    def stated(self) -> Stated:
        """What is stated."""
        ...

    @property
    def consented_at(self) -> datetime:
        """Since when consent is as stated."""
        ...


class WrittenUp(NamedTuple):
    """The rows of new people, in the order in which they can be written, and what is counted of them."""

    ready: list[Ready]
    counted: list[Supplied]


class Newcomers:
    """Writes up new people for one engine. Not thread-safe."""

    def __init__(self, catalogue: Catalogue, keys: KeyRing, journal: Journal, dialect: Dialect) -> None:
        self._catalogue, self._keys, self._journal = catalogue, keys, journal
        shared = schema.shared
        self._persons = Form(schema.person, _PERSON_COLUMNS, dialect)
        self._directions = Form(schema.person_direction, ("person_id", "code", "is_industry"), dialect)
        self._words = Form(schema.person_text, _WORD_COLUMNS, dialect)
        self._wrapped = Form(schema.person_key, ("person_id", "wrapped"), dialect)
        self._statements = Form(schema.statement, STATEMENT_COLUMNS, dialect)
        self._consents = Form(schema.consent_entry, CONSENT_COLUMNS, dialect)
        self._outbox = Form(shared.outbox, OUTBOX_COLUMNS, dialect)
        self._history = Form(shared.history, HISTORY_COLUMNS, dialect)

    def written_up(self, entered: Sequence[Stating], actor: str, now: datetime) -> WrittenUp:
        """Each record as its first version, under a key of its own, with all that tells of it."""
        persons = [each.person for each in entered]
        for person in persons:
            person.version = 1
        made = {each.id: self._keys.create(f"persons/{each.id}") for each in persons}
        keys = {id_: key for id_, (key, _) in made.items()}
        codes = {each.id: [code for code, _ in each.direction_shares] for each in persons}
        consents = (consent for each in entered for consent in consents_of(each, frozenset()))
        said = (About(each.record_id, each.stated) for each in entered)
        ready = [
            self._persons.ready(map(_person_row, persons)),
            self._directions.ready(direction_rows(codes, self._catalogue)),
            self._words.ready(map(_word_row, map(person_words, persons))),
            self._wrapped.ready((id_, wrapped) for id_, (_, wrapped) in made.items()),
            self._statements.ready(statement_rows(said, keys, actor, now)),
            self._consents.ready(consent_rows(consents, keys, actor, now)),
            *self._told(entered, {id_: wrapped for id_, (_, wrapped) in made.items()}, keys, actor, now),
        ]
        counted = (supplied(partial(getattr, each)) for each in persons)
        return WrittenUp(ready, [each for each in counted if each is not None])

    def _told(
        self,
        entered: Sequence[Stating],
        wrapped: Mapping[str, bytes],
        keys: Mapping[str, DataKey],
        actor: str,
        now: datetime,
    ) -> Iterator[Ready]:
        """Keys are told before the people that are sealed under them."""
        changes = [Change(KEYS, id_, 1, events.key_event(id_, each), actor) for id_, each in wrapped.items()]
        for each in entered:
            id_, year = each.person.id, each.stated.facts.get("birth_year")
            event = events.person_event(each.person, keys[id_], year)
            changes.append(Change(PERSONS, id_, 1, event, actor))
        told, history = self._journal.written_up(changes, now)
        yield self._outbox.ready(outbox_rows(told))
        yield self._history.ready(history)


def keep(session: Session, people: WrittenUp) -> None:
    """Write new people, and remember to count them."""
    session.flush()
    for each in people.ready:
        add_ready(session, schema.metadata, each)
    remember_new(session, people.counted)


def consents_of(entered: Stating, before: frozenset[Purpose]) -> list[Consent]:
    """What a statement changes of what the person allows."""
    if "purposes" not in entered.stated.facts:
        return []
    after = entered.stated.facts["purposes"]
    changes = ((ConsentKind.GIVEN, after - before), (ConsentKind.WITHDRAWN, before - after))
    return [
        Consent(
            record_id=entered.record_id,
            kind=kind,
            purposes=purposes,
            effective_at=entered.consented_at,
            batch=entered.stated.batch,
        )
        for kind, purposes in changes
        if purposes
    ]
