"""What lists of training places, moves and expected hires may be filtered and sorted by."""

from sqlalchemy import String, cast, func, select

from services.catalogue import Catalogue
from services.chassis.filtering import Field, OrderTerm, Schema
from services.chassis.filtering.sql import JsonCodes
from services.chassis.storage.listing import Listing
from services.talent.domain.flows.move import MoveReason
from services.talent.domain.flows.training import TrainingStatus
from services.talent.store import schema
from services.talent.store.lists import IMPORT, ORIGINS, Imported
from services.talent.store.people.flows import IndustryOf


def training_places(catalogue: Catalogue) -> Listing:
    """Training places: ListTrainingPlaces, those that complete first first."""
    table = schema.training_place
    return Listing(
        "ListTrainingPlaces",
        Schema.of(
            Field.enum("state", "STATE", tuple(each.name for each in TrainingStatus)),
            Field.code("city_code", resolve=catalogue.resolve_city),
            Field.code("direction_code", resolve=catalogue.resolve_direction),
            Field.codes("industry_code", resolve=catalogue.resolve_industry),
            Field.code("category_code", resolve=catalogue.resolve_category),
            Field.text("provider"),
            Field.text("provider_uscc"),
            Field.integer("place_count"),
            Field.date("start_date"),
            Field.date("completion_date"),
            Field.enum("origin", "DATA_ORIGIN", ORIGINS),
            Field.text("source_ref"),
            IMPORT,
        ),
        {
            "state": table.c.status,
            "city_code": table.c.city,
            "direction_code": table.c.leaf,
            "industry_code": IndustryOf(table.c.leaf, catalogue),
            "category_code": table.c.category,
            "provider": table.c.provider,
            "provider_uscc": table.c.provider_code,
            "place_count": table.c.places,
            "start_date": table.c.starts,
            "completion_date": table.c.completes,
            "origin": table.c.origin,
            "source_ref": table.c.ref,
            "import": Imported(table.c.id, "training"),
        },
        {"completion_date": table.c.completes, "place_count": table.c.places},
        table.c.id,
        default_order=(OrderTerm("completion_date"),),
    )


def moves(catalogue: Catalogue) -> Listing:
    """Moves: ListMoves, the newest first."""
    table = schema.move
    return Listing(
        "ListMoves",
        Schema.of(
            Field.code("from_city_code", resolve=catalogue.resolve_place),
            Field.code("to_city_code", resolve=catalogue.resolve_place),
            Field.codes("direction_code", resolve=catalogue.resolve_direction),
            Field.code("category_code", resolve=catalogue.resolve_category),
            Field.enum("reason", "REASON", tuple(each.name for each in MoveReason)),
            Field.date("move_date"),
            Field.integer("headcount"),
            Field.boolean("derived"),
            Field.boolean("voided"),
            Field.enum("origin", "DATA_ORIGIN", ORIGINS),
            Field.text("source_ref"),
            IMPORT,
        ),
        {
            "from_city_code": table.c.from_city,
            "to_city_code": func.nullif(table.c.to_city, ""),  # empty: of those who went nowhere
            "direction_code": JsonCodes(table.c.shares),
            "category_code": table.c.category,
            "reason": table.c.reason,
            "move_date": table.c.day,
            "headcount": table.c.heads,
            "derived": table.c.derived,
            "voided": table.c.voided_at.is_not(None),
            "origin": table.c.origin,
            "source_ref": table.c.ref,
            "import": Imported(table.c.id, "moves"),
        },
        {"move_date": table.c.day, "headcount": table.c.heads},
        table.c.id,
        default_order=(OrderTerm("move_date", descending=True),),
    )


def expected_hires(catalogue: Catalogue) -> Listing:
    """Lines of what funded deals are expected to hire: ListExpectedHires."""
    table, deal = schema.funded_hire, schema.funded_deal
    return Listing(
        "ListExpectedHires",
        Schema.of(
            Field.code("city_code", resolve=catalogue.resolve_city),
            Field.code("direction_code", resolve=catalogue.resolve_direction),
            Field.codes("industry_code", resolve=catalogue.resolve_industry),
            Field.code("category_code", resolve=catalogue.resolve_category),
            Field.text("deal"),
            Field.boolean("counted"),
            Field.date("start_date"),
            Field.date("end_date"),
            Field.enum("origin", "DATA_ORIGIN", ORIGINS),
        ),
        {
            "city_code": table.c.city,
            "direction_code": table.c.leaf,
            "industry_code": IndustryOf(table.c.leaf, catalogue),
            "category_code": table.c.category,
            "deal": "deals/" + table.c.deal_id,
            "counted": table.c.counted,
            "start_date": table.c.starts,
            "end_date": table.c.ends,
            "origin": select(deal.c.origin).where(deal.c.id == table.c.deal_id).scalar_subquery(),
        },
        {"end_date": table.c.ends, "deal": table.c.deal_id},
        table.c.deal_id + "/" + cast(table.c.number, String),
        default_order=(OrderTerm("deal"),),
    )
