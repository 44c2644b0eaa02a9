"""What screened deals may be filtered, ordered and counted by, over the rows of one fund."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, func, literal_column, select
from sqlalchemy.orm import Session

from services.catalogue import Catalogue
from services.chassis.filtering import Expression, Field, OrderTerm, Schema
from services.chassis.filtering.facets import mentions
from services.chassis.filtering.sql import CodeSet, JsonCodes, compile_filter
from services.chassis.storage.keyset import SortKey, after, order_by
from services.chassis.storage.paging import CursorValue
from services.funding.domain.deal.states import TERMINAL, DealState
from services.funding.domain.firm.stages import Stage
from services.funding.domain.outcomes import Outcome
from services.funding.domain.pipeline.stage_times import Sla, StageTimes
from services.funding.domain.property.loan import FirstLoan
from services.funding.domain.scores.score import Band
from services.funding.domain.screening.surroundings import PledgeStanding
from services.funding.store.deals.live import Blocking
from services.funding.store.expressions import CivilDay
from services.funding.store.firms.findable import Findable
from services.funding.store.schema import screened
from services.funding.store.words import checks_field, enum_field

_PROPOSED = StageTimes()
SCORES = ("composite", "early", "small", "long", "hard")
STEADY = (
    "state",
    "city_code",
    "direction_code",
    "industry_code",
    "stage",
    "ticket",
    "submitted_date",
    "owner",
    "channel",
    "firm",
    "firm_words",
)
"""What narrows a question about another day before deals are judged."""
SORTABLE = (*SCORES, "ticket", "submitted_date")
_row = screened.c


def schema(catalogue: Catalogue) -> Schema:
    """What screened deals may be filtered by."""
    return Schema.of(
        enum_field("state", "STATE", DealState),
        Field.codes("direction_code", resolve=catalogue.resolve_direction),
        Field.codes("industry_code", resolve=catalogue.resolve_industry),
        Field.code("city_code", resolve=catalogue.resolve_city),
        enum_field("stage", "FIRM_STAGE", Stage),
        Field.money("ticket"),
        Field.money("pre_money"),
        *(Field.number(name, 0, 100) for name in SCORES),
        enum_field("band", "BAND", Band),
        *(enum_field(f"{name}_gate", "OUTCOME", GATES) for name in ("early", "small", "hard")),
        Field.boolean("eligible"),
        checks_field("blocking"),
        Field.text("owner"),
        Field.text("firm_name"),
        Field.search("firm_words"),
        Field.text("channel"),
        Field.code("firm", resolve=lambda text: text.removeprefix("firms/")),
        Field.date("submitted_date"),
        Field.enum("origin", "DATA_ORIGIN", ("REAL", "SYNTHETIC")),
        enum_field("sla", "SLA", Sla),
        enum_field("first_loan", "FIRST_LOAN", FirstLoan),
        enum_field("ip_pledge", "IP_PLEDGE", PledgeStanding),
    )


def _sla(standing: Sla) -> ColumnElement[str]:
    return literal_column(f"'{standing.name}'", String)


GATES = (Outcome.PASS, Outcome.FAIL, Outcome.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Matched:
    """A deal that answers a question: how it stands by its time, its scores, and its gates in their order."""

    deal_id: str
    scores: Mapping[str, Any]
    gates: tuple[str, ...]
    sla: Sla


@dataclass(frozen=True)
class Rows:
    """The rows of one fund, or `only` those of these deals, with what blocks them, what words find them, and by what
    times, at `at`.
    """

    fund_id: str
    blocking: Blocking
    named: Findable
    at: datetime
    times: StageTimes = _PROPOSED
    only: frozenset[str] | None = None

    @cached_property
    def sla(self) -> ColumnElement[str]:
        """How each row stands by the time of its stage, as `StageTimes.standing` says it."""
        whens: list[tuple[ColumnElement[bool], Any]] = []
        for state in self.times.days:
            over, due = self.times.over_since(state, self.at), self.times.due_since(state, self.at)
            whens += [
                (and_(_row.state == state, _row.since <= over), _sla(Sla.OVER)),
                (and_(_row.state == state, _row.since <= due), _sla(Sla.DUE)),
                (and_(_row.state == state, _row.since.is_not(None)), _sla(Sla.WITHIN)),
            ]
        return case(*whens, else_=_sla(Sla.NONE))

    def columns(self, expression: Expression) -> Mapping[str, ColumnElement[Any] | CodeSet]:
        """Where each field of this filter is; what is worked out is made only if it is asked for."""
        return _PLACES | {name: make(self) for name, make in _MADE.items() if mentions(expression, name)}

    def where(self, expression: Expression) -> ColumnElement[bool]:
        """The rows of the fund that satisfy a filter."""
        seen = [] if self.only is None else [_row.deal_id.in_(sorted(self.only))]
        return and_(_row.fund_id == self.fund_id, *seen, compile_filter(expression, self.columns(expression)))

    def keys(self, order: Sequence[OrderTerm]) -> list[SortKey]:
        """The whole order: what was asked for, deals that go on, eligible ones, composite, coverage, submission, id."""
        places: dict[str, ColumnElement[Any]] = {name: _row[name] for name in SCORES}
        places |= {"ticket": _row.ask_fen, "submitted_date": _row.submitted_at}
        asked = [SortKey(places[term.field], term.descending, nullable=True) for term in order]
        return [
            *asked,
            SortKey(case((_row.state.in_(sorted(TERMINAL)), 1), else_=0)),
            SortKey(case((self.blocking.eligible, 0), else_=1)),
            SortKey(_row.composite, descending=True, nullable=True),
            SortKey(_row.coverage, descending=True),
            SortKey(_row.submitted_at, nullable=True),
            SortKey(_row.deal_id),
        ]

    def page(
        self,
        session: Session,
        expression: Expression,
        order: Sequence[OrderTerm],
        cursor: Sequence[CursorValue] | None,
        size: int,
    ) -> list[tuple[CursorValue, ...]]:
        """The sort keys of up to `size` rows after the cursor; the last key of a row is its deal."""
        keys = self.keys(order)
        query = select(*(key.column.label(f"key_{at}") for at, key in enumerate(keys)))
        query = query.where(self.where(expression))
        if cursor is not None:
            query = query.where(after(keys, cursor))
        return [tuple(row) for row in session.execute(query.order_by(*order_by(keys)).limit(size))]

    def first_of_states(
        self, session: Session, expression: Expression, order: Sequence[OrderTerm], size: int
    ) -> dict[DealState, list[str]]:
        """The first `size` deals of each state, by id; no state if none is wanted."""
        if not size:
            return {}
        place = func.row_number().over(partition_by=_row.state, order_by=order_by(self.keys(order)))
        rows = select(_row.state, _row.deal_id, place.label("place")).where(self.where(expression)).subquery()
        query = select(rows.c.state, rows.c.deal_id).where(rows.c.place <= size).order_by(rows.c.place)
        found: dict[DealState, list[str]] = defaultdict(list)
        for state, deal_id in session.execute(query):
            found[state].append(deal_id)
        return found

    def matched(self, session: Session, expression: Expression) -> list[Matched]:
        """All rows that satisfy a filter, as searches look at them."""
        query = select(
            _row.deal_id,
            _row.state,
            _row.since,
            *(_row[name].label(f"score_{name}") for name in SCORES),
            _row.early_gate,
            _row.small_gate,
            _row.hard_gate,
        ).where(self.where(expression))
        return [
            Matched(
                row.deal_id,
                {name: getattr(row, f"score_{name}") for name in SCORES},
                tuple(each.value for each in (row.early_gate, row.small_gate, row.hard_gate)),
                self.times.standing(row.state, row.since, self.at),
            )
            for row in session.execute(query)
        ]

    def ids(self, session: Session, expression: Expression, most: int | None = None) -> list[str]:
        """The deals that satisfy a filter, by id, no more than `most` if that is given."""
        query = select(_row.deal_id).where(self.where(expression)).order_by(_row.deal_id)
        return list(session.scalars(query.limit(most)))

    def total(self, session: Session, expression: Expression) -> tuple[int, int]:
        """How many rows satisfy a filter, and the sum of their tickets in fen."""
        query = select(func.count(), func.coalesce(func.sum(_row.ask_fen), 0))
        count, fen = session.execute(query.where(self.where(expression))).one()
        return int(count), int(fen)


_PLACES: dict[str, ColumnElement[Any] | CodeSet] = {
    "state": _row.state,
    "direction_code": JsonCodes(_row.directions),
    "industry_code": JsonCodes(_row.industries),
    "city_code": _row.city,
    "stage": _row.stage,
    "ticket": _row.ask_fen,
    "pre_money": _row.pre_money_fen,
    **{name: _row[name] for name in SCORES},
    "band": _row.band,
    **{f"{name}_gate": _row[f"{name}_gate"] for name in ("early", "small", "hard")},
    "owner": _row.owner,
    "firm_name": _row.firm_name,
    "channel": _row.channel,
    "firm": _row.firm_id,
    "submitted_date": CivilDay(_row.submitted_at),
    "origin": _row.origin,
    "first_loan": _row.first_loan,
    "ip_pledge": _row.ip_pledge,
}
_MADE: Mapping[str, Callable[[Rows], ColumnElement[Any] | CodeSet]] = {
    "eligible": lambda rows: rows.blocking.eligible,
    "blocking": lambda rows: rows.blocking,
    "sla": lambda rows: rows.sla,
    "firm_words": lambda rows: rows.named,
}
