"""Which records a caller may be told of as resembling others.

A pair is shown, counted, decided about or merged only by those who keep the records of both cities: that a
person also has a record elsewhere is told to nobody else, in no answer and in no error. What a person about
to be entered resembles is told only as far as the caller may search for it: personal fields are compared in
the cities where the caller sees personal fields, contact and identity where they see sensitive ones.
"""

from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, and_, exists, or_, select, true

from services.chassis.policy import Clearance, Level
from services.talent.domain.identity.traits import Traits
from services.talent.domain.people.person import Person
from services.talent.store import schema


@dataclass(frozen=True)
class Keeper:
    """A caller: the cities whose records they keep (None: all), and what they may see."""

    cities: frozenset[str] | None
    cleared: Clearance

    def pairs(self) -> ColumnElement[bool]:
        """The suggestions both sides of which the caller keeps."""
        table = schema.duplicate_suggestion
        return self._both(_in(table.c.left), _in(table.c.right))

    def judgements(self) -> ColumnElement[bool]:
        """The judgements about records of people whom the caller keeps."""
        table = schema.duplicate_judgement
        return self._both(_of_record(table.c.left), _of_record(table.c.right))

    def keeps(self, *persons: Person) -> bool:
        """Whether the caller keeps the records of all these people."""
        return self.cities is None or {person.city for person in persons} <= self.cities

    def reads(self, *persons: Person) -> bool:
        """Whether the caller sees the personal fields of all these people: names, and what the evidence says."""
        return all(self.cleared.level(person.city) >= Level.PERSONAL for person in persons)

    def candidates(self) -> ColumnElement[bool]:
        """The people with whom something may be compared: kept by the caller, who sees personal fields there."""
        if self.cleared.everywhere >= Level.PERSONAL:
            return true() if self.cities is None else schema.person.c.city.in_(sorted(self.cities))
        readable = {city for city, level in self.cleared.by_city.items() if level >= Level.PERSONAL}
        return schema.person.c.city.in_(sorted(readable if self.cities is None else readable & self.cities))

    def may_compare(self) -> bool:
        """Whether there is any city with whose people something may be compared."""
        return self.cleared.highest() >= Level.PERSONAL

    def readable(self, traits: Traits, city: str) -> Traits:
        """What may be compared with a record of `city`: contact and identity only where they may be seen."""
        if self.cleared.level(city) >= Level.SENSITIVE:
            return traits
        return replace(traits, id_digest="", phone="", email="", birth_year=None)

    def _both(self, left: ColumnElement[bool], right: ColumnElement[bool]) -> ColumnElement[bool]:
        if self.cities is None:
            return true()
        cities = schema.person.c.city.in_(sorted(self.cities))
        return and_(*(exists(select(schema.person.c.id).where(side, cities)) for side in (left, right)))


def _in(column: ColumnElement[str]) -> ColumnElement[bool]:
    return schema.person.c.id == column


def _of_record(column: ColumnElement[str]) -> ColumnElement[bool]:
    link = schema.record_link
    shown_as = select(link.c.person_id).where(link.c.record_id == column)
    outer = shown_as.correlate(schema.duplicate_judgement).scalar_subquery()
    return or_(schema.person.c.id == column, schema.person.c.id == outer)
