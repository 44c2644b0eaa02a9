"""Searching people: by text, by filter, with facets. Nobody finds by what they may not see."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Table, and_, false, func, or_, select, true
from sqlalchemy.orm import Session

from bole.common.v1 import facet_pb2
from services.catalogue import Catalogue
from services.chassis.filtering import parse
from services.chassis.filtering.facets import without
from services.chassis.filtering.sql import compile_filter
from services.chassis.listing import Listing, Page, Query
from services.chassis.paging import PageTokens
from services.chassis.policy import Clearance, Level
from services.kernel.errors import InvalidArgument
from services.talent.domain.disclosure import facets
from services.talent.domain.person import Person
from services.talent.store import lists, schema
from services.talent.store.repository import fold

SMALL = 5
FACETS = ("category_code", "city_code", "industry_code", "direction_code", "availability")
_ESCAPED = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_"})


@dataclass(frozen=True)
class Search:
    """The search use case."""

    catalogue: Catalogue
    pages: PageTokens

    @property
    def listing(self) -> Listing:
        """What may be filtered and sorted by."""
        return lists.persons(self.catalogue)

    def page(self, session: Session, query: Query, words: str, cleared: Clearance, subject: str) -> Page:
        """One page of people whose texts hold every word of `words`, as far as the caller may read them."""
        return self.listing.page(session, Person, query, self.pages, subject, self.matching(words, cleared))

    def matching(self, words: str, cleared: Clearance) -> ColumnElement[bool]:
        """The condition that every word occurs in what the caller may search."""
        terms = fold(words).split()
        if not terms:
            return true()
        texts = schema.person_text
        readable = self._readable(cleared)
        found = [
            or_(_holds(texts.c.public, term), and_(readable, _holds(texts.c.personal, term)))
            for term in terms
        ]
        linked = select(texts.c.person_id).where(texts.c.person_id == schema.person.c.id, *found)
        return linked.exists()

    def facets(
        self, session: Session, filter_: str, fields: tuple[str, ...], words: str, cleared: Clearance
    ) -> list[facet_pb2.Facet]:
        """Counts per dimension, each without its own restriction; counts below 5, and those next to them that would
        give them away, are hidden.

        Raises InvalidArgument (UNKNOWN_FACET).
        """
        listing, expression = self.listing, parse(filter_, self.listing.schema)
        found = []
        for field in fields:
            if field not in FACETS:
                known = ", ".join(FACETS)
                raise InvalidArgument.field(
                    "facets",
                    "UNKNOWN_FACET",
                    f"没有分面 {field}，可用：{known}",
                    f"no facet {field}; use {known}",
                )
            where = compile_filter(without(expression, field), listing.columns)
            found.append(self._facet(session, field, and_(where, self.matching(words, cleared))))
        return found

    def _facet(self, session: Session, field: str, where: ColumnElement[bool]) -> facet_pb2.Facet:
        person, child = schema.person, schema.person_direction
        if field in ("direction_code", "industry_code"):
            value: ColumnElement[str] = child.c.code
            source: Table | object = child.join(person)
            where = and_(where, child.c.is_industry == (field == "industry_code"))
        else:
            value = {"category_code": person.c.category, "city_code": person.c.city}.get(
                field, person.c.availability
            )
            source = person
        query = select(value, func.count()).select_from(source).where(where).group_by(value)  # type: ignore[arg-type]
        counts = {getattr(code, "name", code): count for code, count in session.execute(query)}
        told = facets.shown(counts, SMALL)
        return facet_pb2.Facet(
            field=field,
            values=[
                facet_pb2.Facet.Value(value=code, count=told[code])
                for code in sorted(counts, key=lambda code: (-counts[code], code))
            ],
        )

    def _readable(self, cleared: Clearance) -> ColumnElement[bool]:
        if cleared.everywhere >= Level.PERSONAL:
            return true()
        cities = [city for city, level in cleared.by_city.items() if level >= Level.PERSONAL]
        return schema.person.c.city.in_(cities) if cities else false()


def _holds(column: ColumnElement[str], term: str) -> ColumnElement[bool]:
    return column.like(f"%{term.translate(_ESCAPED)}%", escape="\\")
