"""The library of people over one database."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from services.chassis.storage.db import Database
from services.kernel.clock import ManualClock
from services.talent.domain.people.availability import Availability
from services.talent.domain.people.person import Person, PersonFacts, Purpose
from services.talent.domain.people.statement import Statement
from services.talent.service.people.people import People
from services.talent.service.people.stating import Stating
from tests.integration.talent.installed import Talent

FACTS = PersonFacts(
    ref="P-1",
    name="欧阳明",
    category="outstanding-engineer",
    city="nantong",
    availability=Availability.NOW,
    direction_shares=(("seawater-h2", 1000),),
    observed=date(2026, 6, 1),
    purposes=frozenset({Purpose.STATISTICS, Purpose.MATCH_POSITION}),
    employer="演示研究所",
    phone="13900000000",
)


@dataclass(frozen=True)
class Library:
    """The use cases of people in one installed service."""

    talent: Talent

    @property
    def database(self) -> Database:
        return self.talent.database

    @property
    def clock(self) -> ManualClock:
        return self.talent.clock

    @property
    def people(self) -> People:
        return self.talent.people

    @property
    def stating(self) -> Stating:
        return Stating(self.people)

    def register(self, **changes: Any) -> str:
        """The id of a new person."""
        with self.database.write() as session:
            return self.people.register(session, replace(FACTS, **changes), "REAL", "tester").id

    def get(self, id_: str) -> Person:
        with self.database.read() as session:
            return self.people.get(session, id_)

    def said(self, id_: str) -> list[Statement]:
        with self.database.read() as session:
            return self.people.assertions.about(session, [id_])[id_]

    def shown(self, id_: str) -> PersonFacts:
        """The facts shown, contact data included."""
        person = self.get(id_)
        return self.people.assertions.shown(person.ref, self.said(id_), person.purposes)

    def rows(self, sql: Any) -> Sequence[Any]:
        with self.database.read() as session:
            return session.execute(sql).all()
