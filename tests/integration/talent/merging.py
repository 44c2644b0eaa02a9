"""Duplicates over one library: found, judged, merged and parted."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from services.talent.domain.identity.judgement import Judgement, Verdict
from services.talent.domain.person import Person, PersonFacts
from services.talent.service.duplicates.finding import Finding
from services.talent.service.duplicates.judging import Judging
from services.talent.service.duplicates.linking import Linking
from services.talent.service.duplicates.merging import Merging
from services.talent.store import schema
from tests.integration.talent.library import Library

SECRET = bytes(range(32))


@dataclass(frozen=True)
class Duplicates:
    """The use cases of duplicates in one installed service."""

    library: Library

    @property
    def finding(self) -> Finding:
        return Finding(self.library.people.assertions, SECRET, self.library.clock)

    @property
    def merging(self) -> Merging:
        return Merging(self.library.people, self.finding, self.library.people.ids)

    @property
    def judging(self) -> Judging:
        return Judging(self.finding, self.library.people.ids)

    @property
    def linking(self) -> Linking:
        return Linking(self.merging)

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
