"""Rows of the sheet 人才 about people who are known already."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from services.chassis.imports.batch import RowOutcome
from services.chassis.imports.outcomes import Outcome
from services.chassis.imports.sheets import Judged
from services.chassis.sealing import DataKey, seal
from services.chassis.storage.columns import canonical_json
from services.kernel.clock import civil_date, midnight
from services.talent.domain.people.person import (
    Person,
    PersonFacts,
    PersonStatus,
    Purpose,
    check_facts,
    require_in_use,
)
from services.talent.domain.people.statement import Stated
from services.talent.service.imports.facts import Values, person_facts, silent
from services.talent.service.imports.lost_moves import DETAIL, Moves, lost, moves_by_person
from services.talent.service.imports.sheet import Run
from services.talent.service.people.assertions import Heard, is_news, last_word, whole
from services.talent.service.people.people import Entered, OnRecord
from services.talent.store import repository
from services.talent.store.people.facts import plain_facts
from services.talent.store.people.known import Known

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
        self._heard = Heard({}, {}, {})

    def begin(self, known: Mapping[str, Known]) -> None:
        """Look up what was said of these people, by their source numbers."""
        self._known = known
        ids = list(dict.fromkeys(each.person_id for each in known.values()))
        self._heard = self._run.people.assertions.heard(self._run.session, ids)

    def judge(self, row: int, values: Values) -> Judged:
        """News about somebody, or none. Raises what the domain raises."""
        known = self._known[values["ref"]]
        self._run.require_cities({values["city"], known.city})
        facts = person_facts(values, self._run.digest_key, self._today)
        checked = check_facts(facts, self._run.people.axes, self._today)
        heard = self._heard.said[known.person_id]
        mine = [each for each in heard if each.record_id == known.record_id]
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
        known = OnRecord(*self._heard, people.consents.purposes(session, ids))
        persons = repository.persons_by_id(session, ids)
        before = self._shown(persons.values())
        uncounted = _uncounted(each.subject for each in news)
        moves = moves_by_person(session, uncounted)
        entered = [_entered(each.subject, persons) for each in news]
        after = people.state(session, entered, self._run.actor, known)
        left = moves_by_person(session, uncounted)
        gone = {id_: lost(moves, left, id_) for id_ in uncounted}
        return [
            _outcome(each.row, persons[each.subject.known.person_id], before, after, gone, known.keys)
            for each in news
        ]

    def _shown(self, persons: Iterable[Person]) -> dict[str, PersonFacts]:
        """What is shown of people, sensitive facts included."""
        said, shown = self._heard.said, self._run.people.assertions.shown
        return {each.id: shown(each.ref, said[each.id], each.purposes) for each in persons}


def _uncounted(news: Iterable[_News]) -> list[str]:
    """People who do not, or no longer, agree to be counted: their moves may go."""
    said = ((each.known.person_id, each.stated.facts.get("purposes")) for each in news)
    return list(
        dict.fromkeys(
            id_ for id_, allowed in said if allowed is not None and Purpose.STATISTICS not in allowed
        )
    )


def _entered(news: _News, persons: Mapping[str, Person]) -> Entered:
    known = news.known
    return Entered(persons[known.person_id], news.stated, midnight(news.stated.observed), known.record_id)


def _outcome(
    row: int,
    person: Person,
    before: Mapping[str, PersonFacts],
    after: Mapping[str, PersonFacts],
    gone: Moves,
    keys: Mapping[str, DataKey],
) -> Outcome:
    was, is_ = before[person.id], after[person.id]
    different = [name for name in _COMPARED if getattr(was, name) != getattr(is_, name)]
    detail: dict[str, Any] = {
        "before": plain_facts({name: getattr(was, name) for name in different}),
        "after": plain_facts({name: getattr(is_, name) for name in different}),
        **({"moves": gone[person.id]} if gone.get(person.id) else {}),
    }
    sealed = seal(f"persons/{person.id}", canonical_json(detail).encode(), keys[person.id], schema=DETAIL)
    return Outcome(row, RowOutcome.CHANGED, person.id, person.version, sealed)
