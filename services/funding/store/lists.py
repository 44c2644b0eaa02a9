"""What the list methods of the funding service may filter and sort by."""

from dataclasses import replace

from sqlalchemy import ColumnElement

from services.catalogue import Catalogue
from services.chassis.filtering import Field, OrderTerm, Schema
from services.chassis.filtering.sql import ChildRows
from services.chassis.storage.listing import Listing
from services.funding.domain.deal.states import DealState
from services.funding.domain.firm.firm import FirmStatus
from services.funding.domain.firm.firm_report import ReportKind, ReportState
from services.funding.domain.firm.stages import Stage
from services.funding.domain.fund.fund import FundKind
from services.funding.domain.investment.states import InvestmentState
from services.funding.store import schema
from services.funding.store.expressions import Amount, CivilDay
from services.funding.store.firms.findable import Findable
from services.funding.store.words import enum_field

ORIGIN = Field.enum("origin", "DATA_ORIGIN", ("REAL", "SYNTHETIC"))


_INTERNAL = ("uscc", "sought_amount")


def firms(catalogue: Catalogue) -> Listing:
    """Firms: ListFirms."""
    table, child = schema.firm, schema.firm_direction
    linked = child.c.firm_id == table.c.id
    return Listing(
        "ListFirms",
        Schema.of(
            Field.text("uscc"),
            Field.text("display_name"),
            Field.code("city_code", resolve=catalogue.resolve_city),
            Field.codes("direction_code", resolve=catalogue.resolve_direction),
            Field.codes("industry_code", resolve=catalogue.resolve_industry),
            enum_field("stage", "FIRM_STAGE", Stage),
            Field.date("founded_date"),
            Field.money("sought_amount"),
            Field.enum("state", "STATE", (each.name for each in FirmStatus)),
            ORIGIN,
        ),
        {
            "uscc": table.c.uscc,
            "display_name": table.c.name,
            "city_code": table.c.city,
            "direction_code": ChildRows(child.c.code, linked & ~child.c.is_industry),
            "industry_code": ChildRows(child.c.code, linked & child.c.is_industry),
            "stage": table.c.stage,
            "founded_date": table.c.founded,
            "sought_amount": table.c.sought_fen,
            "state": table.c.status,
            "origin": table.c.origin,
        },
        {"founded_date": table.c.founded, "display_name": table.c.name},
        table.c.id,
    )


def firm_cards(catalogue: Catalogue) -> Listing:
    """The same for who sees cards alone: nothing is asked of a firm that its card does not show."""
    whole = firms(catalogue)
    return replace(
        whole, schema=Schema.of(*(each for each in whole.schema.fields if each.name not in _INTERNAL))
    )


def firms_shown(filter_: str) -> tuple[ColumnElement[bool], ...]:
    """What ListFirms leaves out: merged records, unless the filter asks for a state."""
    return () if "state" in filter_ else (schema.firm.c.merged_into.is_(None),)


def firm_snapshots() -> Listing:
    """Figures of one firm: ListFirmSnapshots."""
    table = schema.firm_snapshot
    return Listing(
        "ListFirmSnapshots",
        Schema.of(Field.date("as_of_date"), Field.boolean("verified"), Field.text("recorder")),
        {"as_of_date": table.c.as_of, "verified": table.c.verified, "recorder": table.c.recorded_by},
        {"as_of_date": table.c.as_of, "number": table.c.number},
        table.c.number,
        default_order=(OrderTerm("as_of_date", descending=True), OrderTerm("number", descending=True)),
    )


def funds(catalogue: Catalogue) -> Listing:
    """Funds: ListFunds."""
    table = schema.fund
    return Listing(
        "ListFunds",
        Schema.of(
            Field.text("display_name"),
            enum_field("kind", "KIND", FundKind),
            Field.code("city_code", resolve=catalogue.resolve_city),
            ORIGIN,
            Field.instant("update_time"),
        ),
        {
            "display_name": table.c.name,
            "kind": table.c.kind,
            "city_code": table.c.city,
            "origin": table.c.origin,
            "update_time": table.c.updated_at,
        },
        {},
        table.c.id,
    )


def investments() -> Listing:
    """Holdings: ListInvestments."""
    table = schema.investment
    return Listing(
        "ListInvestments",
        Schema.of(
            enum_field("state", "STATE", InvestmentState),
            Field.code("fund", resolve=lambda text: text.removeprefix("funds/")),
            Field.code("firm", resolve=lambda text: text.removeprefix("firms/")),
            Field.text("round"),
            Field.date("close_date"),
            Field.money("cost"),
            Field.money("paid"),
            Field.money("unpaid"),
            ORIGIN,
        ),
        {
            "state": table.c.state,
            "fund": table.c.fund_id,
            "firm": table.c.firm_id,
            "round": table.c.round_name,
            "close_date": table.c.closed,
            "cost": table.c.cost_fen,
            "paid": table.c.paid_fen,
            "unpaid": table.c.unpaid_fen,
            "origin": table.c.origin,
        },
        {"close_date": table.c.closed, "cost": table.c.cost_fen, "paid": table.c.paid_fen},
        table.c.id,
        default_order=(OrderTerm("close_date", descending=True),),
    )


def firm_reports() -> Listing:
    """What firms report of themselves: ListFirmReports."""
    table = schema.firm_report
    return Listing(
        "ListFirmReports",
        Schema.of(
            enum_field("state", "STATE", ReportState),
            Field.enum("kind", "KIND", (each.name for each in ReportKind)),
            Field.text("reporter"),
        ),
        {"state": table.c.state, "kind": table.c.kind, "reporter": table.c.reporter},
        {"report_time": table.c.reported_at},
        table.c.id,
        default_order=(OrderTerm("report_time", descending=True),),
    )


def deals(named: Findable) -> Listing:
    """Deals: ListDeals. `named`: those of firms that words find."""
    table = schema.deal
    return Listing(
        "ListDeals",
        Schema.of(
            enum_field("state", "STATE", DealState),
            Field.code("fund", resolve=lambda text: text.removeprefix("funds/")),
            Field.code("firm", resolve=lambda text: text.removeprefix("firms/")),
            Field.search("firm_words"),
            Field.text("round"),
            Field.money("ticket"),
            Field.money("pre_money"),
            Field.date("submitted_date"),
            Field.text("owner"),
            Field.instant("update_time"),
            ORIGIN,
        ),
        {
            "state": table.c.state,
            "fund": table.c.fund_id,
            "firm": table.c.firm_id,
            "firm_words": named,
            "round": table.c.round_name,
            "ticket": Amount(table.c.terms, "ask_fen"),
            "pre_money": Amount(table.c.terms, "pre_money_fen"),
            "submitted_date": CivilDay(table.c.submitted_at),
            "owner": table.c.owner,
            "update_time": table.c.updated_at,
            "origin": table.c.origin,
        },
        {
            "submitted_date": table.c.submitted_at,
            "ticket": Amount(table.c.terms, "ask_fen"),
            "update_time": table.c.updated_at,
        },
        table.c.id,
        default_order=(OrderTerm("submitted_date", descending=True),),
    )


def exports() -> Listing:
    """The register of exports: ListExports."""
    table = schema.exports.register
    return Listing(
        "ListExports",
        Schema.of(
            Field.enum("sheet", "SHEET", ("firms", "funds", "deals")),
            Field.text("creator"),
            Field.text("sha256"),
        ),
        {"sheet": table.c.sheet, "creator": table.c.created_by, "sha256": table.c.sha256},
        {"create_time": table.c.created_at},
        table.c.id,
        default_order=(OrderTerm("create_time", descending=True),),
    )
