"""Searching training places and moves: by words, by filter, with facets. Nobody finds by what they may not read."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import ColumnElement, and_, case, literal, or_
from sqlalchemy.orm import Session

from services.catalogue import Catalogue
from services.chassis.filtering.sql import JsonCodes
from services.chassis.policy import Clearance, Level
from services.chassis.searching.plain import PlainTexts
from services.chassis.searching.terms import Term, Words
from services.chassis.searching.tokens import CATEGORY, CITY, DIRECTION
from services.chassis.storage.listing import Listing, Query
from services.chassis.storage.paging import PageTokens
from services.talent.domain.axes import OUTSIDE
from services.talent.domain.flows.move import Move, MoveReason
from services.talent.domain.flows.training import TrainingPlace
from services.talent.service.finding.faceting import Dimensions, Facets
from services.talent.service.finding.search import Found
from services.talent.store import schema
from services.talent.store.people import flow_lists
from services.workbook.choices import MOVE_REASON
from services.workbook.choices import fold as folded

_PLACE, _MOVE = schema.training_place.c, schema.move.c
_TRAINING_TEXTS = PlainTexts(
    (_PLACE.provider, _PLACE.programme),
    {
        DIRECTION: lambda code: _PLACE.leaf == code,
        CITY: lambda code: _PLACE.city == code,
        CATEGORY: lambda code: _PLACE.category == code,
    },
)
_MOVE_TEXTS = PlainTexts(
    (_MOVE.note,),
    {
        DIRECTION: JsonCodes(_MOVE.shares).contains,
        CITY: lambda code: or_(_MOVE.from_city == code, _MOVE.to_city == code),
        CATEGORY: lambda code: _MOVE.category == code,
    },
)
_MOVES = Dimensions(
    schema.move,
    {
        "from_city_code": _MOVE.from_city,
        "to_city_code": _MOVE.to_city,
        "category_code": _MOVE.category,
        "reason": _MOVE.reason,
    },
    schema.move,
    "id",
    codes=(),
)


@dataclass(frozen=True)
class FlowSearch:
    """The search use cases."""

    catalogue: Catalogue
    pages: PageTokens

    @cached_property
    def words(self) -> Words:
        """What people type, by the names of the catalogue."""
        return Words(self.catalogue)

    @cached_property
    def places(self) -> Listing:
        """What training places may be filtered and sorted by."""
        return flow_lists.training_places(self.catalogue)

    @cached_property
    def moves(self) -> Listing:
        """What moves may be filtered and sorted by."""
        return flow_lists.moves(self.catalogue)

    def find_places(
        self, session: Session, query: Query, words: str, fields: Sequence[str], subject: str
    ) -> Found:
        """One page of training places of which every word is true, and counts per dimension, as `Facets.count`."""
        terms = self.words.terms(words)
        found = [_TRAINING_TEXTS.holding(terms)] if terms else []
        counted = Facets(self._place_dimensions, self.places).count(session, query.filter, fields, found)
        page = self.places.page(
            session, TrainingPlace, query, self.pages, subject, *found, total=counted.total
        )
        return Found(page, counted.facets)

    def find_moves(
        self,
        session: Session,
        query: Query,
        words: str,
        fields: Sequence[str],
        cleared: Clearance,
        subject: str,
    ) -> Found:
        """One page of moves, likewise; by their notes only where the caller may read these."""
        terms = self.words.terms(words)
        found = [self._true_of_move(term, cleared) for term in terms]
        counted = Facets(_MOVES, self.moves).count(session, query.filter, fields, found)
        page = self.moves.page(session, Move, query, self.pages, subject, *found, total=counted.total)
        return Found(page, counted.facets)

    def _true_of_move(self, term: Term, cleared: Clearance) -> ColumnElement[bool]:
        """By codes and the reason for everybody who may search, by the note within the cities that the caller reads."""
        word = term.exact or "".join(token.value[1:] for token in term.text[:1])
        reasons = [
            MoveReason[each.code]
            for each in MOVE_REASON
            if word and any(word in folded(name) for name in (each.zh, each.en))
        ]
        plain = or_(_MOVE_TEXTS.holding([term], texts=False), _MOVE.reason.in_(reasons))
        noted = _MOVE_TEXTS.holding([term])
        if cleared.everywhere >= Level.PERSONAL:
            return or_(plain, noted)
        cities = [city for city, level in cleared.by_city.items() if level >= Level.PERSONAL]
        judged_by = case((_MOVE.from_city == OUTSIDE, _MOVE.to_city), else_=_MOVE.from_city)
        return or_(plain, and_(judged_by.in_(cities), noted))

    @cached_property
    def _place_dimensions(self) -> Dimensions:
        table = schema.training_place
        # Written out in the statement: parameters would make the same expression another one in GROUP BY.
        industries = [
            (
                table.c.leaf == literal(leaf.code, literal_execute=True),
                literal(leaf.industry, literal_execute=True),
            )
            for leaf in self.catalogue.leaves
        ]
        return Dimensions(
            table,
            {
                "category_code": table.c.category,
                "city_code": table.c.city,
                "state": table.c.status,
                "direction_code": table.c.leaf,
                "industry_code": case(*industries, else_=literal("", literal_execute=True)),
            },
            table,
            "id",
            codes=(),
        )
