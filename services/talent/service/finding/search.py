"""Searching people and positions: by words, by filter, with facets. Nobody finds by what they may not see."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, false, or_, true
from sqlalchemy.orm import Session

from bole.common.v1 import facet_pb2
from services.catalogue import Catalogue
from services.chassis.policy import Clearance, Level, may_use
from services.chassis.searching.nearness import by_name
from services.chassis.searching.terms import Words
from services.chassis.storage.listing import Listing, Page, Query
from services.chassis.storage.paging import PageTokens
from services.kernel.errors import PermissionDenied
from services.kernel.text import Text
from services.talent.domain.people.person import Person
from services.talent.domain.position import Position
from services.talent.service.finding.faceting import Counted, Dimensions, Facets
from services.talent.store import lists, schema
from services.talent.store.findable import PEOPLE_BY_WORDS, POSITIONS_BY_WORDS

_PEOPLE = Dimensions(
    schema.person,
    {
        "category_code": schema.person.c.category,
        "city_code": schema.person.c.city,
        "availability": schema.person.c.availability,
    },
    schema.person_direction,
    "person_id",
)
_POSITIONS = Dimensions(
    schema.position,
    {
        "category_code": schema.position.c.category,
        "city_code": schema.position.c.city,
        "state": schema.position.c.status,
    },
    schema.position_direction,
    "position_id",
)


class Found(NamedTuple):
    """A page of what was searched for, and the counts beside it."""

    page: Page
    facets: list[facet_pb2.Facet]


@dataclass(frozen=True)
class Search:
    """The search use cases."""

    catalogue: Catalogue
    pages: PageTokens

    @cached_property
    def words(self) -> Words:
        """What people type, by the names of the catalogue."""
        return Words(self.catalogue)

    @cached_property
    def people(self) -> Listing:
        """What people may be filtered and sorted by."""
        return lists.persons(self.catalogue)

    @cached_property
    def positions(self) -> Listing:
        """What positions may be filtered and sorted by."""
        return lists.positions(self.catalogue)

    def people_for(self, order: str, cleared: Clearance) -> Listing:
        """The same for who sorts in this `order`: by names only as far as the caller may read them. Raises
        PermissionDenied (PURPOSE_NEEDED) where that is nobody's.
        """
        if lists.BY_NAME not in order:
            return self.people
        cities = self._cities(cleared)
        if cities is not None and not cities:
            raise PermissionDenied(
                Text(
                    "按姓名排序需要先写明可查看姓名的使用目的",
                    "to sort by names, state a purpose for which you may read them",
                ),
                reason="PURPOSE_NEEDED",
            )
        readable = true() if cities is None else schema.person.c.city.in_(cities)
        return lists.persons_by_name(self.people, readable, order)

    def people_by_nearness(self, session: Session, words: str, cleared: Clearance) -> Listing:
        """The same for who looks for words and asks for no order: people whose names are nearest to these first, as
        far as the caller may read names. What is true of nobody's name costs a look into the index.
        """
        nearer, cities = by_name(words), self._cities(cleared)
        if not nearer or cities == []:
            return self.people
        person = schema.person.c
        readable = true() if cities is None else person.city.in_(cities)
        named = [PEOPLE_BY_WORDS.found(session, [each]) for each in nearer]
        has = [session.execute(each.limit(1)).first() is not None for each in named]
        return lists.persons_by_nearness(
            self.people,
            [
                and_(readable, person.id.in_(each)) if somebody else false()
                for each, somebody in zip(named, has, strict=True)
            ],
        )

    def find_people(
        self,
        session: Session,
        query: Query,
        words: str,
        fields: Sequence[str],
        cleared: Clearance,
        subject: str,
    ) -> Found:
        """One page of people of whom every word of `words` is true, as far as the caller may read them, and counts
        per dimension, as `Facets.count`.
        """
        counted = self.people_facets(session, query.filter, fields, words, cleared)
        found = self.people_found(session, words, cleared)
        if query.order_by.strip():
            people = self.people_for(query.order_by, cleared)
        else:
            people = self.people_by_nearness(session, words, cleared)
        page = people.page(session, Person, query, self.pages, subject, *found, total=counted.total)
        return Found(page, counted.facets)

    def people_facets(
        self, session: Session, filter_: str, fields: Sequence[str], words: str, cleared: Clearance
    ) -> Counted:
        """The counts alone."""
        found = self.people_found(session, words, cleared)
        return Facets(_PEOPLE, self.people).count(session, filter_, fields, found)

    def people_found(self, session: Session, words: str, cleared: Clearance) -> list[ColumnElement[bool]]:
        """The condition that every word is true of a person, by personal text only where the caller may read it."""
        terms = self.words.terms(words)
        if not terms:
            return []
        person, index = schema.person.c, PEOPLE_BY_WORDS
        cities = self._cities(cleared)
        if cities is None:
            return [person.id.in_(index.found(session, terms))]
        plain = person.id.in_(index.found(session, terms, texts=False))
        if not cities:
            return [plain]
        return [or_(plain, and_(person.city.in_(cities), person.id.in_(index.found(session, terms))))]

    @staticmethod
    def _cities(cleared: Clearance) -> list[str] | None:
        """Where the caller may read personal text; None: everywhere."""
        if may_use(cleared, Level.PERSONAL):
            return None
        return [city for city in cleared.by_city if may_use(cleared, Level.PERSONAL, city)]

    def find_positions(
        self, session: Session, query: Query, words: str, fields: Sequence[str], subject: str
    ) -> Found:
        """One page of positions of which every word is true, and counts per dimension."""
        found = self.positions_found(session, words)
        counted = Facets(_POSITIONS, self.positions).count(session, query.filter, fields, found)
        page = self.positions.page(session, Position, query, self.pages, subject, *found, total=counted.total)
        return Found(page, counted.facets)

    def positions_found(self, session: Session, words: str) -> list[ColumnElement[bool]]:
        """The condition that every word is true of a position; all who may search may read all of it."""
        terms = self.words.terms(words)
        return [schema.position.c.id.in_(POSITIONS_BY_WORDS.found(session, terms))] if terms else []
