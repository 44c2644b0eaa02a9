"""What the list methods of the talent service may filter and sort by."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, Table, and_, case, func, select, true

from services.catalogue import Catalogue
from services.chassis.filtering import Field, OrderTerm, Schema, parse_order
from services.chassis.filtering.sql import ChildRows
from services.chassis.storage.listing import Listing, Stretch
from services.talent.domain.nomination import State as NominationState
from services.talent.domain.people.availability import Availability
from services.talent.domain.people.person import PersonStatus
from services.talent.domain.people.team import TeamStatus
from services.talent.domain.position import OutcomeKind, PositionStatus
from services.talent.store import schema

ORIGINS = ("REAL", "SYNTHETIC")
BY_NAME = "display_name"
SHEETS = ("persons", "teams", "positions", "outcomes", "training", "moves", "evidence")
_DIGITS = "0123456789"
IMPORT = Field.codes("import", resolve=lambda text: text.removeprefix("imports/"))


def _directions(table: Table, owner: str, key: Table, *, industry: bool) -> ChildRows:
    return ChildRows(table.c.code, (table.c[owner] == key.c.id) & (table.c.is_industry == industry))


@dataclass(frozen=True)
class Imported:
    """The imports that made or changed a record, by the rows of their reports. `key`: the record's id; `parts`: the
    sheet whose rows are of parts of such a record, if there is one, as outcomes are of a position.
    """

    key: ColumnElement[str]
    sheet: str
    parts: str = ""

    def contains(self, code: str) -> ColumnElement[bool]:
        """The import of this id did."""
        return self._among(schema.imports.row.c.batch_id == code)

    def present(self) -> ColumnElement[bool]:
        """Some import did."""
        return self._among(true())

    def _among(self, mine: ColumnElement[bool]) -> ColumnElement[bool]:
        row = schema.imports.row.c
        found = self.key.in_(
            select(row.resource_id).where(row.sheet == self.sheet, row.resource_id.is_not(None), mine)
        )
        if not self.parts:
            return found
        whole = func.rtrim(row.resource_id, _DIGITS)  # a part is called {id}/{number}
        return found | (self.key + "/").in_(
            select(whole).where(row.sheet == self.parts, row.resource_id.is_not(None), mine)
        )


def persons(catalogue: Catalogue) -> Listing:
    """People: ListPersons and SearchPersons."""
    table, child = schema.person, schema.person_direction
    return Listing(
        "ListPersons",
        Schema.of(
            Field.code("category_code", resolve=catalogue.resolve_category),
            Field.code("city_code", resolve=catalogue.resolve_place),
            Field.enum("availability", "AVAILABILITY", tuple(each.name for each in Availability)),
            Field.enum("state", "STATE", tuple(each.name for each in PersonStatus)),
            Field.codes("direction_code", resolve=catalogue.resolve_direction),
            Field.codes("industry_code", resolve=catalogue.resolve_industry),
            Field.enum("origin", "DATA_ORIGIN", ORIGINS),
            Field.text("source_ref"),
            Field.date("observed_date"),
            IMPORT,
        ),
        {
            "category_code": table.c.category,
            "city_code": table.c.city,
            "availability": table.c.availability,
            "state": table.c.status,
            "direction_code": _directions(child, "person_id", table, industry=False),
            "industry_code": _directions(child, "person_id", table, industry=True),
            "origin": table.c.origin,
            "source_ref": table.c.ref,
            "observed_date": table.c.observed,
            "import": Imported(table.c.id, "persons"),
        },
        {"update_time": table.c.updated_at, "observed_date": table.c.observed},
        table.c.id,
    )


def persons_by_name(people: Listing, readable: ColumnElement[bool], order: str) -> Listing:
    """The same list, to be sorted by the sound of names too where they are `readable`; others come last. Where names
    come first in the `order`, their index gives it.
    """
    person, words = schema.person.c, schema.person_text.c
    named = words.person_id == person.id
    sound = select(words.sound).where(named).scalar_subquery()
    listing = replace(people, sortable={**people.sortable, BY_NAME: case((readable, sound))})
    if parse_order(order, tuple(listing.sortable))[0].field != BY_NAME:
        return listing
    nameless = ~and_(readable, select(words.number).where(named).exists())
    return replace(
        listing, stretches=(Stretch(and_(readable, named), {BY_NAME: words.sound}), Stretch(nameless))
    )


def persons_by_nearness(people: Listing, nearer: Sequence[ColumnElement[bool]]) -> Listing:
    """The same list: first those of whom the first of `nearer` is true, then those of whom the second, and so on."""
    apart = [and_(each, *(~other for other in nearer[:at])) for at, each in enumerate(nearer)]
    rest = and_(true(), *(~each for each in nearer))
    return replace(people, stretches=tuple(map(Stretch, [*apart, rest])))


def teams(catalogue: Catalogue) -> Listing:
    """Teams: ListTeams."""
    table, child = schema.team, schema.team_direction
    return Listing(
        "ListTeams",
        Schema.of(
            Field.code("city_code", resolve=catalogue.resolve_place),
            Field.codes("direction_code", resolve=catalogue.resolve_direction),
            Field.codes("industry_code", resolve=catalogue.resolve_industry),
            Field.enum("state", "STATE", tuple(each.name for each in TeamStatus)),
            Field.enum("origin", "DATA_ORIGIN", ORIGINS),
            Field.text("source_ref"),
            IMPORT,
        ),
        {
            "state": table.c.status,
            "city_code": table.c.city,
            "direction_code": _directions(child, "team_id", table, industry=False),
            "industry_code": _directions(child, "team_id", table, industry=True),
            "origin": table.c.origin,
            "source_ref": table.c.ref,
            "import": Imported(table.c.id, "teams"),
        },
        {},
        table.c.id,
    )


def positions(catalogue: Catalogue) -> Listing:
    """Positions: ListPositions."""
    table, child = schema.position, schema.position_direction
    return Listing(
        "ListPositions",
        Schema.of(
            Field.enum("state", "STATE", tuple(each.name for each in PositionStatus)),
            Field.code("city_code", resolve=catalogue.resolve_city),
            Field.codes("direction_code", resolve=catalogue.resolve_direction),
            Field.codes("industry_code", resolve=catalogue.resolve_industry),
            Field.code("category_code", resolve=catalogue.resolve_category),
            Field.text("employer"),
            Field.text("employer_uscc"),
            Field.integer("headcount"),
            Field.date("opened_date"),
            Field.date("renewed_date"),
            Field.enum("outcome", "KIND", tuple(each.name for each in OutcomeKind)),
            Field.boolean("duplicate"),
            Field.enum("origin", "DATA_ORIGIN", ORIGINS),
            Field.text("source_ref"),
            IMPORT,
        ),
        {
            "state": table.c.status,
            "city_code": table.c.city,
            "direction_code": _directions(child, "position_id", table, industry=False),
            "industry_code": _directions(child, "position_id", table, industry=True),
            "category_code": table.c.category,
            "employer": table.c.employer,
            "employer_uscc": table.c.employer_code,
            "headcount": table.c.headcount,
            "opened_date": table.c.opened,
            "renewed_date": table.c.renewed,
            "outcome": table.c.outcome,
            "duplicate": table.c.duplicate_of.is_not(None),
            "origin": table.c.origin,
            "source_ref": table.c.ref,
            "import": Imported(table.c.id, "positions", parts="outcomes"),
        },
        {"opened_date": table.c.opened, "renewed_date": table.c.renewed, "headcount": table.c.headcount},
        table.c.id,
        default_order=(OrderTerm("opened_date", descending=True),),
    )


def outcomes() -> Listing:
    """Outcomes of a position: ListPositionOutcomes, newest first."""
    table = schema.position_outcome
    return Listing(
        "ListPositionOutcomes",
        Schema.of(),
        {},
        {"number": table.c.number},
        table.c.number,
        default_order=(OrderTerm("number", descending=True),),
    )


def nominations(catalogue: Catalogue) -> Listing:
    """Nominations: ListNominations. A person is whoever the nominated record is shown as."""
    table, link = schema.nomination, schema.record_link
    shown_as = select(link.c.person_id).where(link.c.record_id == table.c.person_id).scalar_subquery()
    return Listing(
        "ListNominations",
        Schema.of(
            Field.code("programme_code", resolve=catalogue.resolve_programme),
            Field.integer("year"),
            Field.enum("state", "STATE", tuple(each.name for each in NominationState)),
            Field.code("city_code", resolve=catalogue.resolve_place),
            Field.code("industry_code", resolve=catalogue.resolve_industry),
            Field.code("person", resolve=lambda text: text.removeprefix("persons/")),
            Field.code("team", resolve=lambda text: text.removeprefix("teams/")),
            Field.enum("origin", "DATA_ORIGIN", ORIGINS),
            Field.date("decided_date"),
        ),
        {
            "programme_code": table.c.programme,
            "year": table.c.year,
            "state": table.c.state,
            "city_code": table.c.city,
            "industry_code": table.c.industry,
            "person": func.coalesce(shown_as, table.c.person_id),
            "team": table.c.team_id,
            "origin": table.c.origin,
            "decided_date": table.c.decided,
        },
        {"update_time": table.c.updated_at, "year": table.c.year},
        table.c.id,
    )


def exports() -> Listing:
    """The register of exports: ListExports."""
    table, person = schema.export_register, schema.export_person
    return Listing(
        "ListExports",
        Schema.of(
            Field.enum("sheet", "SHEET", SHEETS),
            Field.text("creator"),
            Field.text("sha256"),
            Field.codes("person", resolve=lambda text: text.removeprefix("persons/")),
        ),
        {
            "sheet": table.c.sheet,
            "creator": table.c.created_by,
            "sha256": table.c.sha256,
            "person": ChildRows(person.c.person_id, person.c.export_id == table.c.id),
        },
        {"create_time": table.c.created_at},
        table.c.id,
        default_order=(OrderTerm("create_time", descending=True),),
    )
