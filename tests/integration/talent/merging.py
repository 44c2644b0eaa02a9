"""Duplicates over one library: found, judged, merged and parted."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from services.talent.domain.identity.judgement import Judgement, Verdict
from services.talent.domain.identity.method import Method
from services.talent.domain.people.person import Person, PersonFacts
from services.talent.domain.people.team import Member, Team, TeamFacts
from services.talent.service.people.duplicates.finding import Finding
from services.talent.service.people.duplicates.judging import Judging
from services.talent.service.people.duplicates.linking import Linking
from services.talent.service.people.duplicates.merging import Merging
from services.talent.service.privacy.erasing import Erasing
from services.talent.store import repository, schema
from tests.integration.talent.library import Library

SECRET = bytes(range(32))


@dataclass(frozen=True)
class Duplicates:
    """The use cases of duplicates in one installed service."""

    library: Library
    method: Method = field(default_factory=Method)

    @property
    def finding(self) -> Finding:
        return Finding(self.library.people.assertions, SECRET, self.library.clock, self.method)

    @property
    def merging(self) -> Merging:
        return Merging(self.library.people, self.finding, self.library.people.ids)

    @property
    def judging(self) -> Judging:
        return Judging(self.finding, self.library.people.ids)

    @property
    def linking(self) -> Linking:
        return Linking(self.merging)

    def erase(self, id_: str) -> None:
        with self.library.database.write() as session:
            person = self.library.people.get(session, id_)
            Erasing(self.library.people, self.method).erase(session, person, "tester")

    def merge(self, left: str, right: str) -> tuple[str, str]:
        """The ids of the one person and of the judgement."""
        with self.library.database.write() as session:
            pair = self.library.people.get(session, left), self.library.people.get(session, right)
            person, judgement = self.merging.merge(session, pair, "同一人", "tester")
            return person.id, judgement.id

    def part(self, judgement: str) -> list[str]:
        """The ids of those who stand apart again."""
        with self.library.database.write() as session:
            found = self.judging.get(session, judgement)
            person = self.library.people.get(session, found.left)
            return [each.id for each in self.merging.unmerge(session, found, person, "tester")]

    def judge(self, left: str, right: str, verdict: Verdict) -> str:
        with self.library.database.write() as session:
            pair = self.library.people.get(session, left), self.library.people.get(session, right)
            return self.judging.judge(session, pair, verdict, "看过", "tester").id

    def take_back(self, judgement: str) -> None:
        with self.library.database.write() as session:
            self.judging.take_back(session, self.judging.get(session, judgement), "tester")

    def refresh(self, *ids: str) -> None:
        with self.library.database.write() as session:
            self.finding.refresh(session, ids)

    def everybody(self) -> list[str]:
        return [row.id for row in self.library.rows(select(schema.person.c.id))]

    def suggested(self) -> dict[tuple[str, str], tuple[Any, ...]]:
        """What is suggested, without when it was found."""
        table = schema.duplicate_suggestion
        rows = self.library.rows(select(table))
        return {(row.left, row.right): (row.band, row.millibits, row.evidence, row.verdict) for row in rows}

    def blocks(self) -> set[tuple[str, str]]:
        table = schema.duplicate_block
        return {(row.person_id, row.key) for row in self.library.rows(select(table))}

    def state(self) -> dict[str, tuple[PersonFacts, Any]]:
        """Every person with all that is shown of them, contact data included."""
        found: dict[str, tuple[PersonFacts, Any]] = {}
        for id_ in self.everybody():
            person = self.library.get(id_)
            kept = (person.status, person.status_reason, person.origin, person.created_at)
            found[id_] = self.library.shown(id_), kept
        return found

    def assert_counted(self) -> None:
        """The shortage map counts exactly the people as they stand."""
        with self.library.database.write() as session:
            assert self.library.talent.counter.rebuild(session, check=True) == (0, 0)

    def get(self, id_: str) -> Person:
        return self.library.get(id_)

    def standing(self) -> list[Judgement]:
        table = schema.duplicate_judgement
        with self.library.database.read() as session:
            return list(session.scalars(select(Judgement).where(table.c.deleted_at.is_(None))))


def enter(both: Duplicates, *refs: str, **changes: Any) -> list[str]:
    """People one after another, so that ids sort by age."""
    ids = []
    for ref in refs:
        both.library.clock.advance(timedelta(seconds=1))
        ids.append(both.library.register(ref=ref, **changes))
    return ids


def amend(both: Duplicates, id_: str, **facts: Any) -> None:
    with both.library.database.write() as session:
        both.library.people.amend(session, both.library.people.get(session, id_), facts, "tester")


def found_team(both: Duplicates, lead: str, members: tuple[str, ...], ref: str = "T-1") -> str:
    people = both.library.people
    facts = TeamFacts(
        ref=ref,
        name="海水制氢团队",
        lead=lead,
        members=tuple(Member(id_, "工程师") for id_ in members),
        directions=("seawater-h2",),
        city="nantong",
    )
    team = Team.register(facts, id_=people.ids.new(), origin="REAL", axes=people.axes, now=people.clock.now())
    with both.library.database.write() as session:
        session.add(team)
        session.flush()
        repository.index_teams(session, [team], people.catalogue)
    return team.id
