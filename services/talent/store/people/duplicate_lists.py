"""What the lists of suggestions and judgements may be filtered by."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, or_

from services.catalogue import Catalogue
from services.chassis.filtering import Field, OrderTerm, Schema
from services.chassis.filtering.sql import ChildRows
from services.chassis.storage.listing import Listing
from services.talent.domain.identity.comparison import Band
from services.talent.domain.identity.judgement import Verdict
from services.talent.store import schema

WAITING = (Band.LINK, Band.REVIEW)


@dataclass(frozen=True)
class EitherSide:
    """An id that stands on either side of a pair."""

    left: ColumnElement[Any]
    right: ColumnElement[Any]

    def contains(self, code: str) -> ColumnElement[bool]:
        """One of the two is this id."""
        return or_(self.left == code, self.right == code)

    def present(self) -> ColumnElement[bool]:
        """There always is one."""
        return self.left.is_not(None)


def suggestions(catalogue: Catalogue) -> Listing:
    """Pairs: ListDuplicateSuggestions, strongest first."""
    table, person = schema.duplicate_suggestion, schema.person
    either = or_(person.c.id == table.c.left, person.c.id == table.c.right)
    return Listing(
        "ListDuplicateSuggestions",
        Schema.of(
            Field.enum("band", "DUPLICATE_BAND", tuple(each.name for each in WAITING)),
            Field.codes("city_code", resolve=catalogue.resolve_place),
            Field.boolean("unsure"),
            Field.instant("create_time"),
        ),
        {
            "band": table.c.band,
            "city_code": ChildRows(person.c.city, either),
            "unsure": case((table.c.verdict == Verdict.UNSURE, True), else_=False),
            "create_time": table.c.found_at,
        },
        {"bits": table.c.millibits},
        table.c.id,
        default_order=(OrderTerm("bits", descending=True),),
        maximum_size=200,
    )


def undecided() -> ColumnElement[bool]:
    """The pairs that wait: nobody decided that they are two people."""
    verdict = schema.duplicate_suggestion.c.verdict
    return or_(verdict.is_(None), verdict == Verdict.UNSURE)


def judgements() -> Listing:
    """Decisions: ListDuplicateJudgements, newest first."""
    table = schema.duplicate_judgement
    return Listing(
        "ListDuplicateJudgements",
        Schema.of(
            Field.codes("person_id"),
            Field.enum("verdict", "DUPLICATE_VERDICT", tuple(each.name for each in Verdict)),
            Field.boolean("standing"),
            Field.boolean("automatic"),
            Field.code("author"),
            Field.instant("create_time"),
        ),
        {
            "person_id": EitherSide(table.c.left, table.c.right),
            "verdict": table.c.verdict,
            "standing": case((table.c.deleted_at.is_(None), True), else_=False),
            "automatic": table.c.automatic,
            "author": table.c.author,
            "create_time": table.c.created_at,
        },
        {"create_time": table.c.created_at},
        table.c.id,
        default_order=(OrderTerm("create_time", descending=True),),
        maximum_size=200,
    )
