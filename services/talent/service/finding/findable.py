"""What a migration leaves to the program: people and positions that nobody has indexed yet become findable."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Table, select, true
from sqlalchemy.orm import Session

from services.catalogue import Catalogue
from services.chassis.searching.tokens import VERSION
from services.chassis.storage.db import Database
from services.talent.domain.people.person import Person, PersonStatus
from services.talent.domain.position import Position
from services.talent.store import repository, schema

PORTION = 500


@dataclass(frozen=True)
class Findable:
    """Indexes whoever is not. Safe to break off, to repeat, and to run twice at once."""

    catalogue: Catalogue

    def run(self, database: Database) -> int:
        """How many records were indexed."""
        return self._all(database, Person) + self._all(database, Position)

    def _all(self, database: Database, kind: type[Any]) -> int:
        indexed, last = 0, ""
        while True:
            with database.write() as session:
                portion = self._portion(session, kind, last)
                indexed += len(portion)
                if len(portion) < PORTION:
                    return indexed
                last = portion[-1].id

    def _portion(self, session: Session, kind: type[Any], last: str) -> Sequence[Any]:
        if kind is Person:
            in_use = schema.person.c.status == PersonStatus.ACTIVE
            as_now = schema.person_text.c.made == VERSION
            people = _missing(session, Person, schema.person, schema.person_text, last, in_use, as_now)
            repository.index_persons(session, people, self.catalogue)
            return people
        positions = _missing(session, Position, schema.position, schema.position_text, last, true(), true())
        repository.index_positions(session, positions, self.catalogue)
        return positions


def _missing(
    session: Session,
    kind: type[Any],
    table: Table,
    index: Table,
    last: str,
    wanted: ColumnElement[bool],
    complete: ColumnElement[bool],
) -> Sequence[Any]:
    """The next ones by id, of those that are `wanted`, that have no row in the index that is `complete`."""
    owner = index.c[f"{table.name}_id"]
    absent = ~select(index.c.number).where(owner == table.c.id, complete).exists()
    query = select(kind).where(table.c.id > last, absent, wanted)
    return session.scalars(query.order_by(table.c.id).limit(PORTION)).all()
