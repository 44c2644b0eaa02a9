"""Rows of the sheet 人才 about people who are known already."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from services.chassis.columns import canonical_json
from services.chassis.imports.batch import RowOutcome
from services.chassis.imports.outcomes import Outcome
from services.chassis.imports.sheets import Judged
from services.chassis.sealing import DataKey, seal
from services.kernel.clock import civil_date, midnight
from services.talent.domain.person import (
    Person,
    PersonFacts,
    PersonStatus,
    check_facts,
    require_in_use,
)
from services.talent.domain.statement import Stated, Statement
from services.talent.service.assertions import is_news, last_word, whole
from services.talent.service.imports.facts import Values, person_facts, silent
from services.talent.service.imports.lost_moves import DETAIL, Moves, lost, moves_by_person
from services.talent.service.imports.sheet import Run
from services.talent.service.people import Entered
from services.talent.store import repository
from services.talent.store.facts import plain_facts
from services.talent.store.known import Known

_COMPARED = tuple(name for name in PersonFacts.__dataclass_fields__ if name not in ("ref", "id_digest"))


class _News(NamedTuple):
    """What a row states that its source did not state before."""

    known: Known
    stated: Stated


class KnownPeople:
    """A row about somebody known is a statement of its own, and never an overwriting."""

    def __init__(self, run: Run, columns: Collection[str]) -> None:
        self._silent = silent(columns)
        self._run = run
        self._today = civil_date(run.people.clock.now())
        self._known: Mapping[str, Known] = {}
        self._said: dict[str, list[Statement]] = {}

    def begin(self, known: Mapping[str, Known]) -> None:
        """Look up what was said of these people, by their source numbers."""
        self._known = known
        ids = list(dict.fromkeys(each.person_id for each in known.values()))
        self._said = self._run.people.assertions.about(self._run.session, ids) if ids else {}

    def judge(self, row: int, values: Values) -> Judged:
        """News about somebody, or none. Raises what the domain raises."""
        known = self._known[values["ref"]]
        self._run.require_cities({values["city"], known.city})
        facts = person_facts(values, self._run.digest_key, self._today)
        checked = check_facts(facts, self._run.people.axes, self._today)
        mine = [each for each in self._said[known.person_id] if each.record_id == known.record_id]
        source = values["source_list"] or self._run.source
        said = last_word(mine, source)
        stated = whole(checked, source, said, self._run.batch, self._silent)
        if not is_news(stated, said):
            return Judged(row, None)
        require_in_use(known.status is PersonStatus.ACTIVE)
        return Judged(row, RowOutcome.CHANGED, _News(known, stated))

    def write(self, judged: Sequence[Judged]) -> list[Outcome]:
        """Record what is stated; the outcome of each row that states anything new."""
        news = [each for each in judged if each.kind is not None]
        if not news:
            return []
        people, session = self._run.people, self._run.session
        ids = list(dict.fromkeys(each.subject.known.person_id for each in news))
        persons = repository.persons_by_id(session, ids)
        before = self._shown(persons.values())
        moves = moves_by_person(session, ids)
        people.state(session, [_entered(each.subject, persons) for each in news], self._run.actor)
        self._said = people.assertions.about(session, ids)
        after = self._shown(persons.values())
        keys = people.assertions.keys_of(session, ids)
        left = moves_by_person(session, ids)
        gone = {id_: lost(moves, left, id_) for id_ in ids}
        return [
            _outcome(each.row, persons[each.subject.known.person_id], before, after, gone, keys)
            for each in news
        ]

    def _shown(self, persons: Any) -> dict[str, dict[str, Any]]:
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


def _entered(news: _News, persons: Mapping[str, Person]) -> Entered:
    known = news.known
    return Entered(persons[known.person_id], news.stated, midnight(news.stated.observed), known.record_id)


def _outcome(
    row: int,
    person: Person,
    before: Mapping[str, Mapping[str, Any]],
    after: Mapping[str, Mapping[str, Any]],
    gone: Moves,
    keys: Mapping[str, DataKey],
) -> Outcome:
    was, is_ = before[person.id], after[person.id]
    different = [name for name in _COMPARED if was.get(name) != is_.get(name)]
    detail: dict[str, Any] = {
        "before": {name: was.get(name) for name in different},
        "after": {name: is_.get(name) for name in different},
        **({"moves": gone[person.id]} if gone[person.id] else {}),
    }
    sealed = seal(f"persons/{person.id}", canonical_json(detail).encode(), keys[person.id], schema=DETAIL)
    return Outcome(row, RowOutcome.CHANGED, person.id, person.version, sealed)
