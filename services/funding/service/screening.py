"""Screening a fund's deal flow: judged once, then filtered, counted, ordered and paged on the same rows."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bole.common.v1 import facet_pb2
from services.catalogue import Catalogue
from services.chassis.filtering import Expression, Field, OrderTerm, Schema, matches
from services.chassis.filtering.facets import without
from services.funding.domain.checks.check import blocks
from services.funding.domain.deal.states import DealState
from services.funding.domain.gates import early_gate, hard_gate, small_gate
from services.funding.domain.outcomes import Outcome
from services.funding.domain.screening import Screening, rank_key, screen
from services.funding.domain.stages import Stage
from services.funding.service.cases import Opened
from services.kernel.clock import civil_date
from services.kernel.errors import InvalidArgument

FACETS = ("state", "industry_code", "direction_code", "city_code", "stage", "eligible", "blocking")
SORTABLE = ("composite", "early", "small", "long", "hard", "ticket", "submitted_date")


@dataclass(frozen=True, slots=True)
class Judged:
    """A deal with its screening, and the values that filters, facets and orders see."""

    opened: Opened
    screening: Screening
    gates: dict[str, Outcome]
    values: dict[str, object]


def schema(catalogue: Catalogue) -> Schema:
    """What screened deals may be filtered by."""
    return Schema.of(
        Field.enum("state", "STATE", (each.name for each in DealState)),
        Field.codes("direction_code", resolve=catalogue.resolve_direction),
        Field.codes("industry_code", resolve=catalogue.resolve_industry),
        Field.code("city_code", resolve=catalogue.resolve_city),
        Field.enum("stage", "FIRM_STAGE", (each.name for each in Stage)),
        Field.money("ticket"),
        Field.money("pre_money"),
        Field.number("composite", 0, 100),
        Field.number("early", 0, 100),
        Field.number("small", 0, 100),
        Field.number("long", 0, 100),
        Field.number("hard", 0, 100),
        Field.boolean("eligible"),
        Field.codes("blocking"),
        Field.text("owner"),
        Field.text("firm_name"),
        Field.date("submitted_date"),
        Field.enum("origin", "DATA_ORIGIN", ("REAL", "SYNTHETIC")),
    )


def judge(opened: Opened, catalogue: Catalogue) -> Judged:
    """Screen one deal."""
    screening = screen(opened.case)
    case, deal, firm, scores = opened.case, opened.deal, opened.firm, screening.scores
    directions = [code for code, _ in firm.direction_shares]
    return Judged(
        opened,
        screening,
        {
            "EARLY": early_gate(case).outcome,
            "SMALL": small_gate(case).outcome,
            "HARD": hard_gate(case).outcome,
        },
        {
            "state": deal.state.name,
            "direction_code": directions,
            "industry_code": sorted({catalogue.industry_of(code) for code in directions}),
            "city_code": firm.city,
            "stage": firm.stage.name if firm.stage else None,
            "ticket": deal.terms.ask_fen,
            "pre_money": deal.terms.pre_money_fen,
            "composite": scores.composite,
            "early": scores.early.value,
            "small": scores.small.value,
            "long": scores.long.value,
            "hard": scores.hard.value,
            "eligible": screening.eligible,
            "blocking": [check.code for check in screening.checks if blocks(check)],
            "owner": deal.owner,
            "firm_name": firm.name,
            "submitted_date": civil_date(deal.submitted_at) if deal.submitted_at else None,
            "origin": deal.origin,
        },
    )


def chosen(judged: Sequence[Judged], expression: Expression) -> list[Judged]:
    """Those that satisfy the filter."""
    return [each for each in judged if matches(expression, each.values.get)]


def ordered(judged: Sequence[Judged], order: Sequence[OrderTerm]) -> list[Judged]:
    """Eligible first, then by composite, coverage, submission and name; explicit terms come before all that."""
    found = sorted(judged, key=lambda each: (not each.screening.eligible, *_rank(each)))
    for term in reversed(order):  # stable: the first term decides last
        keys = {id(each): _sortable(each.values[term.field], term.descending) for each in found}
        found = [each for _, _, each in sorted((keys[id(each)], at, each) for at, each in enumerate(found))]
    return found


def facets(judged: Sequence[Judged], expression: Expression, fields: Sequence[str]) -> list[facet_pb2.Facet]:
    """Counts and sums of tickets per dimension, each without its own restriction.

    Raises InvalidArgument (UNKNOWN_FACET).
    """
    return [_facet(chosen(judged, without(expression, _known(field))), field) for field in fields]


def _known(field: str) -> str:
    if field not in FACETS:
        known = ", ".join(FACETS)
        raise InvalidArgument.field(
            "facets", "UNKNOWN_FACET", f"没有分面 {field}，可用：{known}", f"no facet {field}; use {known}"
        )
    return field


def _facet(judged: Sequence[Judged], field: str) -> facet_pb2.Facet:
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for each in judged:
        value = each.values[field]
        for code in value if isinstance(value, list) else [value]:
            found = counts[str(code).lower() if isinstance(code, bool) else str(code or "")]
            found[0] += 1
            found[1] += each.opened.deal.terms.ask_fen
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1][0], pair[0]))
    return facet_pb2.Facet(
        field=field,
        values=[
            facet_pb2.Facet.Value(value=code, count=count, sum_fen=total) for code, (count, total) in ranked
        ],
    )


def _rank(each: Judged) -> tuple[object, ...]:
    return rank_key(each.screening, each.opened.deal.submitted_at, each.opened.deal.id)


def _sortable(value: Any, descending: bool) -> tuple[bool, Any]:
    """Unknown values last in either direction; numbers as they are, so that amounts stay exact."""
    if value is None:
        return True, 0
    number = value.toordinal() if isinstance(value, date) else value
    return False, -number if descending else number
