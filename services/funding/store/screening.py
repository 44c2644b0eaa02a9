"""What screened deals may be filtered, ordered and counted by, over the rows of one fund."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from services.catalogue import Catalogue
from services.chassis.filtering import Expression, Field, OrderTerm, Schema
from services.chassis.filtering.sql import CodeSet, JsonCodes, compile_filter
from services.chassis.keyset import SortKey, after, order_by
from services.chassis.paging import CursorValue
from services.funding.domain.deal.states import DealState
from services.funding.domain.outcomes import Outcome
from services.funding.domain.scores.score import Band
from services.funding.domain.stages import Stage
from services.funding.store.expressions import CivilDay
from services.funding.store.live import Blocking
from services.funding.store.schema import screened

SCORES = ("composite", "early", "small", "long", "hard")
SORTABLE = (*SCORES, "ticket", "submitted_date")
_row = screened.c


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
        *(Field.number(name, 0, 100) for name in SCORES),
        Field.enum("band", "BAND", (each.name for each in Band)),
        *(Field.enum(f"{name}_gate", "OUTCOME", GATES) for name in ("early", "small", "hard")),
        Field.boolean("eligible"),
        Field.codes("blocking"),
        Field.text("owner"),
        Field.text("firm_name"),
        Field.text("channel"),
        Field.code("firm", resolve=lambda text: text.removeprefix("firms/")),
        Field.date("submitted_date"),
        Field.enum("origin", "DATA_ORIGIN", ("REAL", "SYNTHETIC")),
    )


GATES = (Outcome.PASS.name, Outcome.FAIL.name, Outcome.UNKNOWN.name)


@dataclass(frozen=True, slots=True)
class Matched:
    """A deal that answers a question: where and since when it stands, its scores, and its gates in their order."""

    deal_id: str
    state: DealState
    scores: Mapping[str, Any]
    gates: tuple[str, ...]
    since: datetime | None


@dataclass(frozen=True)
class Rows:
    """The rows of one fund, or `only` those of these deals, with what blocks them now."""

    fund_id: str
    blocking: Blocking
    only: frozenset[str] | None = None

    @property
    def columns(self) -> Mapping[str, ColumnElement[Any] | CodeSet]:
        """Where each field of a filter is."""
        return {
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
            "eligible": self.blocking.eligible,
            "blocking": self.blocking,
            "owner": _row.owner,
            "firm_name": _row.firm_name,
            "channel": _row.channel,
            "firm": _row.firm_id,
            "submitted_date": CivilDay(_row.submitted_at),
            "origin": _row.origin,
        }

    def where(self, expression: Expression) -> ColumnElement[bool]:
        """The rows of the fund that satisfy a filter."""
        seen = [] if self.only is None else [_row.deal_id.in_(sorted(self.only))]
        return and_(_row.fund_id == self.fund_id, *seen, compile_filter(expression, self.columns))

    def keys(self, order: Sequence[OrderTerm]) -> list[SortKey]:
        """The whole order: what was asked for, then eligible first, composite, coverage, submission, id."""
        places: dict[str, ColumnElement[Any]] = {name: _row[name] for name in SCORES}
        places |= {"ticket": _row.ask_fen, "submitted_date": _row.submitted_at}
        asked = [SortKey(places[term.field], term.descending, nullable=True) for term in order]
        return [
            *asked,
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
                row.state,
                {name: getattr(row, f"score_{name}") for name in SCORES},
                tuple(each.value for each in (row.early_gate, row.small_gate, row.hard_gate)),
                row.since,
            )
            for row in session.execute(query)
        ]

    def total(self, session: Session, expression: Expression) -> tuple[int, int]:
        """How many rows satisfy a filter, and the sum of their tickets in fen."""
        query = select(func.count(), func.coalesce(func.sum(_row.ask_fen), 0))
        count, fen = session.execute(query.where(self.where(expression))).one()
        return int(count), int(fen)
