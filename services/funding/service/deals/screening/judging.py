"""Screening deals one by one: for what is shown, and for a whole fund on another day than today.

Filters, orders and counts see the same values here as in the rows that are kept.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from services.catalogue import Catalogue
from services.chassis.filtering import Expression, OrderTerm, matches
from services.chassis.filtering.facets import without
from services.chassis.searching.terms import Words
from services.funding.domain.deal.states import TERMINAL, DealState
from services.funding.domain.outcomes import Outcome
from services.funding.domain.pipeline.stage_times import Sla
from services.funding.domain.pipeline.waiting import stands_since
from services.funding.domain.screening.screening import Screening, rank_key, screen
from services.funding.domain.screening.standing import gates_of
from services.funding.service.deals.cases import Opened
from services.funding.store.deals.screening_facets import Counts, known
from services.funding.store.firms.findable import Said
from services.kernel.clock import civil_date


@dataclass(frozen=True, slots=True)
class Judged:
    """A deal with its screening, and the values that filters, facets and orders see."""

    opened: Opened
    screening: Screening
    gates: dict[str, Outcome]
    values: dict[str, object]


def judge(
    opened: Opened, catalogue: Catalogue, at: datetime | None = None, words: Words | None = None
) -> Judged:
    """Screen one deal; `at`: when it is asked how it stands by its time, for which its history must be loaded.

    `words`: by which firms are found, if that may be asked.
    """
    screening = screen(opened.case)
    deal, firm, scores = opened.deal, opened.firm, screening.scores
    gates = gates_of(opened.case)
    directions = [code for code, _ in firm.direction_shares]
    return Judged(
        opened,
        screening,
        gates,
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
            "band": scores.band.name,
            **{f"{name.lower()}_gate": outcome.name for name, outcome in gates.items()},
            "eligible": screening.eligible,
            "blocking": list(screening.blocking),
            "owner": deal.owner,
            "channel": deal.channel,
            "firm": firm.id,
            "firm_name": firm.name,
            "firm_words": Said(words, firm) if words else None,
            "submitted_date": civil_date(deal.submitted_at) if deal.submitted_at else None,
            "origin": deal.origin,
            "sla": _sla(opened, at).name,
            "first_loan": opened.first_loan.name,
            "ip_pledge": opened.case.rights.pledge.name,
        },
    )


def _sla(opened: Opened, at: datetime | None) -> Sla:
    if at is None:
        return Sla.NONE
    deal = opened.deal
    since = stands_since(deal.created_at, deal.transitions)
    return opened.case.mandate.times.standing(deal.state, since, at)


def chosen(judged: Sequence[Judged], expression: Expression) -> list[Judged]:
    """Those that satisfy the filter."""
    return [each for each in judged if matches(expression, each.values.get)]


def ordered(judged: Sequence[Judged], order: Sequence[OrderTerm]) -> list[Judged]:
    """Deals that go on first, then eligible ones, then by composite, coverage, submission and name; explicit terms come
    before all that.
    """
    found = sorted(
        judged,
        key=lambda each: (each.opened.deal.state in TERMINAL, not each.screening.eligible, *_rank(each)),
    )
    for term in reversed(order):  # stable: the first term decides last
        keys = {id(each): _sortable(each.values[term.field], term.descending) for each in found}
        found = [each for _, _, each in sorted((keys[id(each)], at, each) for at, each in enumerate(found))]
    return found


def first_of_states(judged: Sequence[Judged], size: int) -> dict[DealState, list[Judged]]:
    """The first `size` of each state, as they come; no state if none is wanted."""
    found: dict[DealState, list[Judged]] = defaultdict(list)
    for each in judged if size else ():
        found[each.opened.deal.state].append(each)
    return {state: of_state[:size] for state, of_state in found.items()}


def counts(judged: Sequence[Judged], expression: Expression, fields: Sequence[str]) -> dict[str, Counts]:
    """Counts and sums of tickets per dimension, each without its own restriction.

    Raises InvalidArgument (UNKNOWN_FACET).
    """
    return {field: _counts(chosen(judged, without(expression, known(field))), field) for field in fields}


def _counts(judged: Sequence[Judged], field: str) -> Counts:
    found: Counts = defaultdict(lambda: [0, 0])
    for each in judged:
        value = each.values[field]
        for code in (value or [""]) if isinstance(value, list) else [value]:
            at = found[str(code).lower() if isinstance(code, bool) else str(code or "")]
            at[0] += 1
            at[1] += each.opened.deal.terms.ask_fen
    return found


def _rank(each: Judged) -> tuple[object, ...]:
    return rank_key(each.screening, each.opened.deal.submitted_at, each.opened.deal.id)


def _sortable(value: Any, descending: bool) -> tuple[bool, Any]:
    """Unknown values last in either direction; numbers as they are, so that amounts stay exact."""
    if value is None:
        return True, 0
    number = value.toordinal() if isinstance(value, date) else value
    return False, -number if descending else number
