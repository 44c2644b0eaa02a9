"""Rows of the sheet 人才."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.chassis.columns import canonical_json
from services.chassis.imports.batch import RowOutcome
from services.chassis.imports.outcomes import Outcome
from services.chassis.sealing import DataKey, seal
from services.kernel.clock import civil_date, midnight
from services.kernel.errors import BoleError
from services.talent.domain.person import Person, PersonFacts, PersonRecord, check_facts
from services.talent.domain.statement import IMPORT, Statement
from services.talent.service.assertions import is_news, last_word, whole
from services.talent.service.imports.facts import Values, person_facts
from services.talent.service.imports.sheet import Judged, Run
from services.talent.service.people import Entered, Newcomer, key_taken
from services.talent.store import repository
from services.talent.store.facts import plain_facts

DETAIL = "bole.talent.import-row"
_COMPARED = tuple(name for name in PersonFacts.__dataclass_fields__ if name not in ("ref", "id_digest"))


class PersonRows:
    """Rows about people. A row about somebody known is a statement of its own, and never an overwriting."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._now = run.people.clock.now()
        self._today = civil_date(self._now)
        self._known: dict[str, Person] = {}
        self._records: dict[str, str] = {}
        self._said: dict[str, list[Statement]] = {}

    def begin(self, refs: Sequence[str]) -> None:
        """Look up the people of these numbers, and what was said of them."""
        session = self._run.session
        found = self._run.people.by_refs(session, refs)
        self._known = {ref: person for ref, (person, _) in found.items()}
        self._records = {ref: record for ref, (_, record) in found.items()}
        ids = list(dict.fromkeys(each.id for each in self._known.values()))
        self._said = self._run.people.assertions.about(session, ids) if ids else {}

    def judge(self, row: int, values: Values) -> Judged:
        """New, or news about somebody known. Raises what the domain raises."""
        known = self._known.get(values["ref"])
        self._run.require_cities({values["city"], known.city} if known else (values["city"],))
        facts = person_facts(values, self._run.digest_key, self._today)
        checked = check_facts(facts, self._run.people.axes, self._today)
        record = self._records.get(values["ref"], "")
        mine = [each for each in self._said[known.id] if each.record_id == record] if known else []
        said = last_word(mine, IMPORT)
        stated = whole(checked, IMPORT, said, self._run.batch)
        since = midnight(checked.observed)
        if known is None:
            origin = values["origin"] or "REAL"
            made = PersonRecord.register(
                checked, id_=self._run.people.ids.new(), origin=origin, now=self._now
            )
            return Judged(row, RowOutcome.NEW, Newcomer(made, stated, since))
        if not is_news(stated, said):
            return Judged(row, None)
        known.require_active()
        entered = Entered(known, stated, since, record)
        return Judged(row, RowOutcome.CHANGED, entered, self._shown([known])[known.id])

    def conflicts(self, judged: Sequence[Judged]) -> Mapping[int, BoleError]:
        """Rows whose identity number belongs to somebody else, in the library or earlier in the chunk."""
        held: dict[str, str] = {}
        spoken = [(each, digest) for each in judged if (digest := _number_of(each))]
        if spoken:
            digests = [digest for _, digest in spoken]
            held = repository.holders_of(self._run.session, "id_digest", digests, self._run.cities)
        found: dict[int, BoleError] = {}
        for each, digest in spoken:
            holder = held.setdefault(digest, each.subject.person.id)
            if holder != each.subject.person.id:
                found[each.row] = key_taken("id_digest", holder)
        self._look_for_doubles([each for each in judged if each.row not in found])
        return found

    def _look_for_doubles(self, judged: Sequence[Judged]) -> None:
        new = [each for each in judged if each.kind is RowOutcome.NEW]
        if self._run.doubles is None or not new:
            return
        found = self._run.doubles.of(self._run.session, [each.subject for each in new])
        for each, ids in zip(new, found, strict=True):
            each.doubles = ids

    def write(self, judged: Sequence[Judged]) -> list[Outcome]:
        """Keep new people, and record what is stated about known ones."""
        people, session, actor = self._run.people, self._run.session, self._run.actor
        new = [each.subject for each in judged if each.kind is RowOutcome.NEW]
        people.add(session, new, actor)
        changed = [each for each in judged if each.kind is RowOutcome.CHANGED]
        after: dict[str, dict[str, Any]] = {}
        keys: dict[str, DataKey] = {}
        if changed:
            people.state(session, [each.subject for each in changed], actor)
            persons = [each.subject.person for each in changed]
            self._said = people.assertions.about(session, [each.id for each in persons])
            after = self._shown(persons)
            keys = people.assertions.keys_of(session, [each.id for each in persons])
        return [_outcome(each, after, keys) for each in judged if each.kind is not None]

    def _shown(self, persons: Sequence[Person]) -> dict[str, dict[str, Any]]:
        """The values shown of people, as texts and numbers."""
        shown = self._run.people.assertions.shown
        return {
            each.id: plain_facts(
                {
                    name: getattr(facts, name)
                    for facts in [shown(each.ref, self._said[each.id], each.purposes)]
                    for name in _COMPARED
                }
            )
            for each in persons
        }


def _number_of(judged: Judged) -> str | None:
    """The digest of the identity number that a row states, if it is to be written."""
    return None if judged.kind is None else judged.subject.stated.facts.get("id_digest")


def _outcome(judged: Judged, after: Mapping[str, Mapping[str, Any]], keys: Mapping[str, DataKey]) -> Outcome:
    person: PersonRecord = judged.subject.person
    kind = judged.kind
    assert kind is not None  # noqa: S101 (rows that are known already have no outcome)
    if judged.before is None:
        doubles = canonical_json({"doubles": list(judged.doubles)}).encode() if judged.doubles else None
        return Outcome(judged.row, kind, person.id, person.version, doubles)
    different = [name for name in _COMPARED if judged.before.get(name) != after[person.id].get(name)]
    detail = {
        "before": {name: judged.before.get(name) for name in different},
        "after": {name: after[person.id].get(name) for name in different},
    }
    sealed = seal(f"persons/{person.id}", canonical_json(detail).encode(), keys[person.id], schema=DETAIL)
    return Outcome(judged.row, kind, person.id, person.version, sealed)
