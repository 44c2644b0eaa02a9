"""Lists of committees, sittings and public cards."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Text, or_, select, type_coerce

from services.chassis.filtering import Field, OrderTerm, Schema
from services.chassis.storage.listing import Listing
from services.funding.store import schema


def committees() -> Listing:
    """Committees: ListCommittees."""
    return Listing("ListCommittees", Schema.of(), {}, {}, schema.committee.c.id)


def sittings() -> Listing:
    """Sittings: ListSittings, the latest first."""
    table = schema.sitting
    latest = (OrderTerm("sit_time", descending=True),)
    return Listing("ListSittings", Schema.of(), {}, {"sit_time": table.c.sits_at}, table.c.id, latest)


def cards() -> Listing:
    """Deals for those who see the public card alone: they filter by what the card shows."""
    table = schema.deal
    fields = {"fund": table.c.fund_id, "firm": table.c.firm_id, "round": table.c.round_name}
    return Listing(
        "ListDeals",
        Schema.of(
            Field.code("fund", resolve=lambda text: text.removeprefix("funds/")),
            Field.code("firm", resolve=lambda text: text.removeprefix("firms/")),
            Field.text("round"),
        ),
        fields,
        {},
        table.c.id,
    )


def of_fund(fund_id: str) -> tuple[ColumnElement[bool], ...]:
    """The condition that a committee is of this fund; none for an empty id."""
    return (schema.committee.c.fund_id == fund_id,) if fund_id else ()


def of_funds(seen: ColumnElement[bool]) -> ColumnElement[bool]:
    """The condition that a committee is of a fund that the caller sees. `seen`: over the funds."""
    return schema.committee.c.fund_id.in_(select(schema.fund.c.id).where(seen))


def sittings_of(seen: ColumnElement[bool]) -> ColumnElement[bool]:
    """The condition that a sitting is of a committee of such a fund."""
    return schema.sitting.c.committee_id.in_(select(schema.committee.c.id).where(of_funds(seen)))


def with_one_of(deals: Collection[str]) -> tuple[ColumnElement[bool], ...]:
    """The condition that a sitting has one of these deals, by id, on its agenda; none without any."""
    agenda = type_coerce(schema.sitting.c.deals, Text())
    return (or_(*(agenda.contains(f'"{each}"', autoescape=True) for each in deals)),) if deals else ()


def of_committee(committee_id: str) -> tuple[ColumnElement[bool], ...]:
    """The condition that a sitting is of this committee; none for an empty id."""
    return (schema.sitting.c.committee_id == committee_id,) if committee_id else ()
