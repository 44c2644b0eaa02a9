"""Finding records that may be of one person, and keeping what was found level with the library."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.kernel.clock import Clock
from services.kernel.names.organisation import organisation
from services.talent.domain.identity.blocking import block_keys
from services.talent.domain.identity.comparison import Band, Comparison, compare
from services.talent.domain.identity.judgement import Judgement, Verdict
from services.talent.domain.identity.method import Method
from services.talent.domain.identity.person_name import read_name
from services.talent.domain.identity.traits import Traits, mailbox, organisations, telephone
from services.talent.domain.person import Person, PersonFacts, Sensitive
from services.talent.domain.team import TeamStatus
from services.talent.service.assertions import Assertions
from services.talent.service.duplicates.visibility import Keeper
from services.talent.store import duplicates, repository, schema, statements

_MOST_COMPARED = 500


class Resemblance(NamedTuple):
    """A person who may be the one given."""

    person_id: str
    comparison: Comparison


@dataclass(frozen=True)
class Finding:
    """What resembles what. `secret` keys the blocks."""

    assertions: Assertions
    secret: bytes
    clock: Clock
    method: Method = field(default_factory=Method)

    def refresh(
        self, session: Session, ids: Iterable[str], require: Callable[[int], None] = lambda _pairs: None
    ) -> None:
        """Find anew what these people resemble; ids of nobody are dropped.

        What is found depends on nothing but the people as they stand and the judgements: refreshing those who
        changed leaves the same suggestions as refreshing everybody. `require` is told how many pairs there are at most
        before they are compared, and may raise.
        """
        listed = sorted(set(ids))
        traits = self._met_by(session, listed)
        require(duplicates.meetings(session, list(traits)))
        duplicates.drop_suggestions(session, listed)
        pairs = duplicates.meeting(session, list(traits))
        self._suggest(session, pairs, traits)

    def enter(self, session: Session, id_: str) -> None:
        """Let the next entry be compared with this new person, in the transaction that makes them."""
        self._met_by(session, [id_])

    def _met_by(self, session: Session, ids: Sequence[str]) -> dict[str, Traits]:
        traits = self.traits(session, ids)
        keys = {id_: block_keys(each, self.method, self.secret) for id_, each in traits.items()}
        duplicates.write_blocks(session, keys)
        return traits

    def traits(self, session: Session, ids: Sequence[str]) -> dict[str, Traits]:
        """People as they are compared, by id."""
        found: dict[str, Traits] = {}
        for some in statements.chunks(ids):
            persons = session.scalars(select(Person).where(schema.person.c.id.in_(some))).all()
            said = self.assertions.about(session, [each.id for each in persons])
            teams = duplicates.teams_of(session, [each.id for each in persons])
            for person in persons:
                alone = traits_of(person.id, person.facts, self.assertions.sensitive(said[person.id]))
                found[person.id] = _in_teams(alone, teams.get(person.id, {}))
        return found

    def follow_teams(self, session: Session, team_ids: Iterable[str]) -> set[str]:
        """Learn who is in these teams now; the people for whom that may have changed anything."""
        listed = sorted(set(team_ids))
        teams = [team for id_ in listed if (team := repository.team_by_id(session, id_)) is not None]
        shown_as = repository.shown_as(session, teams)
        people = dict.fromkeys(listed, frozenset[str]())
        for team in teams:
            if team.status is TeamStatus.ACTIVE:
                lead, members = team.people(shown_as)
                people[team.id] = frozenset({lead, *(member.person_id for member in members)})
        return duplicates.follow_teams(session, people)

    def resembling(
        self, session: Session, given: Sequence[Traits], keeper: Keeper
    ) -> list[list[Resemblance]]:
        """For each of `given`, the people who may be the same, strongest first, as far as the caller may read.

        At most 500 people are compared with each.
        """
        keys = [block_keys(each, self.method, self.secret) for each in given]
        holders = duplicates.holders(session, {key for mine in keys for key in mine}, keeper.candidates())
        met = [
            sorted({id_ for key in mine for id_ in holders.get(key, ())} - {each.id})[:_MOST_COMPARED]
            for each, mine in zip(given, keys, strict=True)
        ]
        known = self.traits(session, sorted({id_ for ids in met for id_ in ids}))
        return [
            self._strongest(each, [known[id_] for id_ in ids], keeper)
            for each, ids in zip(given, met, strict=True)
        ]

    def _strongest(self, given: Traits, known: Iterable[Traits], keeper: Keeper) -> list[Resemblance]:
        weighed = (
            Resemblance(
                other.id,
                compare(keeper.readable(given, other.city), keeper.readable(other, other.city), self.method),
            )
            for other in known
        )
        found = [each for each in weighed if each.comparison.band is not Band.APART]
        return sorted(found, key=lambda each: (-each.comparison.bits, each.person_id))

    def _suggest(self, session: Session, pairs: set[duplicates.Pair], traits: Mapping[str, Traits]) -> None:
        others = {id_ for pair in pairs for id_ in pair} - traits.keys()
        known = {**traits, **self.traits(session, sorted(others))}
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

    def verdicts(self, session: Session, pairs: Sequence[duplicates.Pair]) -> dict[duplicates.Pair, Verdict]:
        """What was decided about pairs of people: negative if any of their records were, else unsure."""
        records = statements.records_of(session, {id_ for pair in pairs for id_ in pair})
        person = {record: id_ for id_, mine in records.items() for record in mine}
        wanted = set(pairs)
        found: dict[duplicates.Pair, Verdict] = {}
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


def _people(judgement: Judgement, person: Mapping[str, str]) -> duplicates.Pair:
    one, other = person.get(judgement.left, ""), person.get(judgement.right, "")
    return (one, other) if one < other else (other, one)
