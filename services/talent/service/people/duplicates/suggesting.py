"""Comparing the people who meet, and keeping what is found of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.chassis.storage.chunks import chunks
from services.kernel.clock import Clock
from services.kernel.names.organisation import organisation
from services.talent.domain.identity.comparison import Band, compare
from services.talent.domain.identity.judgement import Judgement, Verdict
from services.talent.domain.identity.method import Method
from services.talent.domain.identity.person_name import read_name
from services.talent.domain.identity.traits import Traits, mailbox, organisations, telephone
from services.talent.domain.people.person import Person, PersonFacts, Sensitive
from services.talent.service.people.assertions import Assertions
from services.talent.store import schema
from services.talent.store.people import duplicates, statements
from services.talent.store.people.duplicate_blocks import Keys, Meetings, Pair

_UNREAD: Final[Mapping[str, Traits]] = MappingProxyType({})


@dataclass(frozen=True)
class Suggesting:
    """What the people of a block resemble. Needs no secret: their keys are written."""

    assertions: Assertions
    clock: Clock
    method: Method = field(default_factory=Method)

    def again(
        self,
        session: Session,
        before: Keys,
        after: Keys,
        require: Callable[[int], None] = lambda _pairs: None,
        known: Mapping[str, Traits] = _UNREAD,
    ) -> None:
        """Find anew what people resemble who had the keys `before` and have those `after`, and others whom that made
        one of the oldest of a block, or no longer one. `known` are read already; `require` as in `Finding.refresh`.
        """
        met = Meetings.around(session, before, after, self.method.oldest)
        require(met.most())
        duplicates.drop_suggestions(session, sorted({*before, *met.keys}))
        self._suggest(session, met.pairs(session), known)

    def traits(self, session: Session, ids: Sequence[str]) -> dict[str, Traits]:
        """People as they are compared, by id."""
        found: dict[str, Traits] = {}
        for some in chunks(ids):
            persons = session.scalars(select(Person).where(schema.person.c.id.in_(some))).all()
            said = self.assertions.about(session, [each.id for each in persons])
            teams = duplicates.teams_of(session, [each.id for each in persons])
            for person in persons:
                alone = traits_of(person.id, person.facts, self.assertions.sensitive(said[person.id]))
                found[person.id] = _in_teams(alone, teams.get(person.id, {}))
        return found

    def _suggest(self, session: Session, pairs: set[Pair], read: Mapping[str, Traits]) -> None:
        others = {id_ for pair in pairs for id_ in pair} - read.keys()
        known = {**read, **self.traits(session, sorted(others))}
        weighed = {pair: compare(known[pair[0]], known[pair[1]], self.method) for pair in sorted(pairs)}
        found = {pair: each for pair, each in weighed.items() if each.band is not Band.APART}
        verdicts = self.verdicts(session, list(found))
        now = self.clock.now()
        rows: list[dict[str, Any]] = [
            {
                "id": duplicates.suggestion_id(pair),
                "left": pair[0],
                "right": pair[1],
                "band": each.band,
                "millibits": each.millibits,
                "evidence": [[e.feature, e.outcome, e.bits] for e in each.evidence],
                "verdict": verdicts.get(pair),
                "method": self.method.version,
                "found_at": now,
            }
            for pair, each in found.items()
        ]
        duplicates.add_suggestions(session, rows)

    def verdicts(self, session: Session, pairs: Sequence[Pair]) -> dict[Pair, Verdict]:
        """What was decided about pairs of people: negative if any of their records were, else unsure."""
        records = statements.records_of(session, {id_ for pair in pairs for id_ in pair})
        person = {record: id_ for id_, mine in records.items() for record in mine}
        wanted = set(pairs)
        found: dict[Pair, Verdict] = {}
        for each in duplicates.judgements_about(session, person):
            pair = _people(each, person)
            if pair in wanted and found.get(pair) is not Verdict.NEGATIVE:
                found[pair] = each.verdict
        return found


def traits_of(id_: str, facts: PersonFacts, sensitive: Sensitive) -> Traits:
    """A person as they are compared; `sensitive`: the facts that no row holds."""
    names = (facts.name, *(other.text for other in facts.other_names))
    return Traits(
        id=id_,
        names=tuple(map(read_name, names)),
        city=facts.city,
        id_digest=facts.id_digest or "",
        orcid=facts.orcid,
        phone=telephone(sensitive.phone),
        email=mailbox(sensitive.email),
        birth_year=sensitive.birth_year,
        employers=organisations([facts.employer, *(each.employer for each in facts.affiliations)]),
        schools=frozenset((organisation(each.school), each.year) for each in facts.education),
        directions=facts.direction_shares,
    )


def _in_teams(traits: Traits, teams: Mapping[str, frozenset[str]]) -> Traits:
    mates = frozenset().union(*teams.values()) - {traits.id}
    return replace(traits, teams=frozenset(teams), mates=mates) if teams else traits


def _people(judgement: Judgement, person: Mapping[str, str]) -> Pair:
    one, other = person.get(judgement.left, ""), person.get(judgement.right, "")
    return (one, other) if one < other else (other, one)
