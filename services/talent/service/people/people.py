"""Registering people, and taking down what is stated about them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from operator import attrgetter
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy.orm import Session

from services.catalogue import Catalogue
from services.chassis.log.topics import PERSONS, TEAMS
from services.chassis.outbox.journal import Change, Journal
from services.chassis.request_log import RequestLog
from services.chassis.sealing import DataKey
from services.kernel.clock import Clock, civil_date, midnight
from services.kernel.errors import AlreadyExists, NotFound, Violation
from services.kernel.ids import Ids
from services.kernel.text import Text
from services.talent import events
from services.talent.domain.axes import Axes
from services.talent.domain.people.person import Person, PersonFacts, Purpose, Sensitive, check_facts
from services.talent.domain.people.statement import OFFICE, Stated, Statement
from services.talent.domain.people.team import Team
from services.talent.service.people.assertions import About, Assertions, as_recorded, whole
from services.talent.service.people.moves import Moves
from services.talent.service.people.newcomers import Newcomers, Stating, consents_of, keep
from services.talent.service.privacy.consents import Consents
from services.talent.store import repository, schema
from services.talent.store.people import statements

Cities: TypeAlias = frozenset[str] | None
# Larger than the number of any statement that was read.
_AFTER_ALL = 2**62
_found_by = attrgetter(
    *("name", "other_names", "employer", "title", "affiliations", "profile", "works", "work_items"),
    *("direction_shares", "city", "category"),
)
"""What somebody is found by."""


class Why(StrEnum):
    """Why a person may show other facts: somebody in another city has moved, was put down wrongly, or is shown
    from other records since a merge or its undoing, which says nothing of moves.
    """

    NEWS = "NEWS"
    PUT_RIGHT = "PUT_RIGHT"
    MERGED = "MERGED"


class Entered(NamedTuple):
    """A person with what is stated about them, and since when their consent is as stated.

    `about`: the merged record that the source means, by its own number; empty for the person's own record.
    """

    person: Person
    stated: Stated
    consented_at: datetime
    about: str = ""

    @property
    def record_id(self) -> str:
        """The record that the statement is about."""
        return self.about or self.person.id


@dataclass(frozen=True)
class OnRecord:
    """What is on record of some people, read once and kept level with what is stated of them since: what was said,
    the records of each, the keys of these, and what each allows.
    """

    said: dict[str, list[Statement]]
    records: dict[str, list[str]]
    keys: dict[str, DataKey]
    purposes: dict[str, frozenset[Purpose]]

    def add(self, entered: Iterable[Entered], actor: str, now: datetime) -> None:
        """What was recorded just now: it counts as said after all that was read."""
        for number, each in enumerate(entered, _AFTER_ALL):
            about = About(each.record_id, each.stated)
            self.said[each.person.id].append(as_recorded(about, number, actor, now))


@dataclass(frozen=True)
class People:
    """The use cases of people."""

    catalogue: Catalogue
    axes: Axes
    assertions: Assertions
    consents: Consents
    journal: Journal
    requests: RequestLog
    clock: Clock
    ids: Ids
    moves: Moves

    def get(self, session: Session, id_: str) -> Person:
        """The person; of a merged record, the one it is shown as. Raises NotFound."""
        person = repository.shown_person(session, id_)
        if person is None:
            raise NotFound.resource(f"persons/{id_}")
        return person

    def register(
        self, session: Session, facts: PersonFacts, origin: str, actor: str, cities: Cities = None
    ) -> Person:
        """A new record. Raises InvalidArgument, or AlreadyExists if the source number is taken, or a strong key
        by somebody in `cities`, those whose records the caller keeps (None: all).
        """
        now = self.clock.now()
        checked = check_facts(facts, self.axes, civil_date(now))
        person = Person.register(checked, id_=self.ids.new(), origin=origin, now=now)
        taken = self.by_refs(session, [person.ref])
        if taken:
            raise AlreadyExists(
                Text(
                    f"来源编号“{person.ref}”已登记，请改用更新",
                    f"the source number {person.ref!r} is registered; update that record instead",
                ),
                reason="SOURCE_REF_TAKEN",
                metadata={"resource": f"persons/{taken[person.ref][0].id}"},
            )
        keys = {"id_digest": checked.id_digest, "orcid": checked.orcid}
        self.require_own_keys(session, person.id, keys, cities)
        since = midnight(checked.observed)
        self.add(session, [Entered(person, whole(checked, OFFICE), since)], actor)
        repository.attach(session, person)
        return person

    def by_refs(self, session: Session, refs: Sequence[str]) -> dict[str, tuple[Person, str]]:
        """The person and the record that have these source numbers, by number; merged records included."""
        own = repository.by_refs(session, Person, schema.person, refs)
        found = {ref: (person, person.id) for ref, person in own.items()}
        return {**found, **repository.merged_by_refs(session, [ref for ref in refs if ref not in found])}

    def add(self, session: Session, entered: Sequence[Stating], actor: str) -> None:
        """Keep new records with what is stated about them, each with a key of its own, and tell of them."""
        dialect = session.get_bind().dialect
        newcomers = Newcomers(self.catalogue, self.assertions.keys, self.journal, dialect)
        keep(session, newcomers.written_up(entered, actor, self.clock.now()))

    def on_record(self, session: Session, person_ids: Sequence[str]) -> OnRecord:
        """What is on record of these people."""
        heard = self.assertions.heard(session, person_ids)
        return OnRecord(*heard, self.consents.purposes(session, person_ids))

    def state(
        self, session: Session, entered: Sequence[Entered], actor: str, known: OnRecord | None = None
    ) -> dict[str, PersonFacts]:
        """Record what is stated about known people, and show what the rule chooses now, sensitive facts
        included. `known`: what is on record of them; level with it afterwards.

        The facts have been checked. Raises FailedPrecondition for a withdrawn record.
        """
        for each in entered:
            each.person.require_active()
        persons = list(dict.fromkeys(each.person for each in entered))
        found = known or self.on_record(session, [each.id for each in persons])
        said = [About(each.record_id, each.stated) for each in entered]
        self.assertions.record(session, said, found.keys, actor)
        found.add(entered, actor, self.clock.now())
        consents = [(each, consents_of(each, found.purposes[each.person.id])) for each in entered]
        self.consents.record(session, [one for _, some in consents for one in some], found.keys, actor)
        asked = list(dict.fromkeys(each.person.id for each, some in consents if some))
        found.purposes.update(self.consents.purposes(session, asked) if asked else {})
        return self._show(session, persons, found, actor, Why.NEWS)

    def amend(
        self,
        session: Session,
        person: Person,
        facts: Mapping[str, Any],
        actor: str,
        cities: Cities = None,
    ) -> None:
        """An officer's correction of some facts: a statement of the office of today, as sure as what it replaces.

        Raises InvalidArgument with every broken rule, FailedPrecondition for a withdrawn record, AlreadyExists
        for a strong key of somebody in `cities`, those whose records the caller keeps (None: all).
        """
        person.require_active()
        said, now = self.assertions.about(session, [person.id])[person.id], self.clock.now()
        cleaned = self.checked(person, facts, said)
        shown = self.assertions.shown(person.ref, said, person.purposes)
        changes = {name: value for name, value in cleaned.items() if value != getattr(shown, name)}
        self.require_own_keys(session, person.id, changes, cities)
        if changes:
            stated = Stated(
                facts=changes,
                source=OFFICE,
                observed=civil_date(now),
                confidence=self.assertions.sureness(said, changes),
            )
            self.state(session, [Entered(person, stated, now)], actor)

    def require_own_keys(
        self, session: Session, id_: str, facts: Mapping[str, Any], cities: Cities = None
    ) -> None:
        """Raise AlreadyExists if an identity number or an ORCID belongs to somebody else in `cities`: the two
        records are to be reviewed as one person. Of records elsewhere the caller is not told; those who keep
        both find the pair among the suggestions.
        """
        keys = facts.get("id_digest"), facts.get("orcid") or ""
        for name, holder in repository.holders(session, *keys, id_, cities).items():
            raise key_taken(name, holder)

    def sensitive(self, session: Session, person_ids: Sequence[str]) -> dict[str, Sensitive]:
        """The facts of people that no row holds."""
        found = self.assertions.about(session, person_ids)
        return {id_: self.assertions.sensitive(said) for id_, said in found.items()}

    def reproject(
        self, session: Session, persons: Sequence[Person], actor: str, why: Why = Why.PUT_RIGHT
    ) -> None:
        """Show what the rule chooses from the statements as they stand, and tell of it.

        Raises FailedPrecondition (NOTHING_STATED) when a required field is stated by nobody any more.
        """
        self._show(session, persons, self.on_record(session, [each.id for each in persons]), actor, why)

    def _show(
        self, session: Session, persons: Sequence[Person], known: OnRecord, actor: str, why: Why
    ) -> dict[str, PersonFacts]:
        cities, found = (
            {each.id: each.city for each in persons},
            {each.id: _found_by(each) for each in persons},
        )
        shown: dict[str, PersonFacts] = {}
        now = self.clock.now()
        for each in persons:
            said, allowed = known.said[each.id], known.purposes[each.id]
            shown[each.id] = self.assertions.shown(each.ref, said, allowed)
            each.show(shown[each.id], now)
        # Only news are about somebody who could be found before.
        stale = [each for each in persons if why is not Why.NEWS or _found_by(each) != found[each.id]]
        years = {id_: facts.birth_year for id_, facts in shown.items()}
        self._write(session, persons, stale, known.keys, years, actor)
        self._count_moves(session, persons, known.records)
        settle = self.moves.follow if why is Why.NEWS else self.moves.take_back
        for each in persons if why is not Why.MERGED else ():
            settle(session, each, cities[each.id], actor)
        return shown

    def checked(self, person: Person, facts: Mapping[str, Any], said: Sequence[Statement]) -> dict[str, Any]:
        """Some facts of a person, cleaned. `said`: of the person, for schools are held against the year of birth.

        Raises InvalidArgument with every rule they break.
        """
        stated = {"birth_year": self.assertions.sensitive(said).birth_year, **facts}
        whole_facts = check_facts(replace(person.facts, **stated), self.axes, civil_date(self.clock.now()))
        return {name: getattr(whole_facts, name) for name in facts}

    def changed(self, session: Session, persons: Sequence[Person], actor: str) -> None:
        """Write changed records, each as a new version, and tell of them."""
        ids = [person.id for person in persons]
        counted = [person.id for person in persons if Purpose.STATISTICS in person.purposes]
        years = {id_: facts.birth_year for id_, facts in self.sensitive(session, counted).items()}
        self._write(session, persons, persons, self.assertions.keys_of(session, ids), years, actor)
        self._count_moves(session, persons, statements.records_of(session, ids))

    def _write(
        self,
        session: Session,
        persons: Sequence[Person],
        stale: Sequence[Person],
        keys: Mapping[str, DataKey],
        years: Mapping[str, int | None],
        actor: str,
    ) -> None:
        """`stale`: those that are to be found otherwise than before; `years`: of birth, of whom it is told."""
        repository.next_version(session, persons)
        repository.index_persons(session, stale, self.catalogue)
        self.journal.record(
            session,
            [
                Change(
                    PERSONS,
                    each.id,
                    each.version,
                    events.person_event(each, keys[each.id], years.get(each.id)),
                    actor,
                )
                for each in persons
            ],
        )

    def take_back(self, session: Session, persons: Sequence[Person], batch: str, actor: str) -> None:
        """Take back what a batch stated about people of whom others have said something too.

        Raises FailedPrecondition (NOTHING_STATED) if they have stated only a part of such a record.
        """
        ids = [each.id for each in persons]
        self.assertions.retract_batch(session, batch, ids, actor)
        self.consents.annul_batch(session, batch, ids, actor)
        self.reproject(session, persons, actor)

    def retract(
        self, session: Session, person: Person, taken: Sequence[Statement], actor: str, reason: str
    ) -> None:
        """Take statements about a person back. Raises FailedPrecondition (NOTHING_STATED, PERSON_WITHDRAWN)."""
        person.require_active()
        self.assertions.retract(session, taken, actor, reason)
        self.reproject(session, [person], actor)

    def tell_teams(self, session: Session, teams: Sequence[Team], actor: str) -> None:
        """Tell of new versions of teams, their people as they are known now."""
        shown_as = repository.shown_as(session, teams)
        changes = [
            Change(TEAMS, team.id, team.version, events.team_event(team, shown_as), actor) for team in teams
        ]
        self.journal.record(session, changes)

    def _count_moves(
        self, session: Session, persons: Sequence[Person], records: Mapping[str, Sequence[str]]
    ) -> None:
        """Moves count while the person agrees to be counted. Those of a merged one come back when it is parted."""
        counted = {each.id for each in persons if each.permits(Purpose.STATISTICS)}
        self.moves.resume(session, [record for id_ in counted for record in records[id_]])
        others = [records[each.id] for each in persons if each.id not in counted]
        self.moves.suspend(session, [record for mine in others if len(mine) > 1 for record in mine])
        self.forget_moves(session, [mine[0] for mine in others if len(mine) == 1])

    def forget_moves(self, session: Session, person_ids: Sequence[str]) -> None:
        """Erase the moves of records, and the kept answers that told of them."""
        for move in self.moves.forget(session, person_ids):
            self.requests.forget(session, f"moves/{move}")


def key_taken(name: str, holder: str) -> AlreadyExists:
    """The refusal of a strong key that another record has."""
    zh, en = {"id_digest": ("证件号码", "identity number"), "orcid": ("ORCID", "ORCID")}[name]
    text = Text(
        f"该{zh}已属于另一条记录，请核对；若为同一人，请在重复审核中合并",
        f"this {en} belongs to another record; check it, and if it is the same person, merge the two in the review",
    )
    return AlreadyExists(
        text,
        reason={"id_digest": "IDENTITY_NUMBER_TAKEN", "orcid": "ORCID_TAKEN"}[name],
        violations=[Violation(name, "KEY_TAKEN", text)],
        metadata={"resource": f"persons/{holder}"},
    )
