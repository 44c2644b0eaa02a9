"""The live checks over the rows of screenings, in SQL."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Numeric, and_, case, func, not_, select, true
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from services.chassis.filtering.sql import JsonCodes
from services.funding.domain.outcomes import Outcome
from services.funding.domain.screening.live import (
    CAPITAL,
    CONCENTRATION,
    EARLY_SHARE,
    EarlyFloor,
    Held,
    LiveLimits,
)
from services.funding.store.schema import screened

Condition: TypeAlias = ColumnElement[bool]
_row = screened.c


class Wide(FunctionElement[Any]):
    """An amount that may be multiplied by a denominator without overflowing."""

    type = Numeric()
    inherit_cache = True


@compiles(Wide, "sqlite")
def _wide_sqlite(element: Wide, compiler: SQLCompiler, **options: Any) -> str:
    # Beyond 64 bits SQLite goes on in floating point by itself: only far beyond the size of any fund.
    return f"({compiler.process(element.clauses, **options)})"


@compiles(Wide, "postgresql")
def _wide_postgresql(element: Wide, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **options)} AS NUMERIC)"


@dataclass(frozen=True)
class Blocking:
    """The codes that block a row: those kept with it, and the live ones. A code list as filters see it."""

    live: dict[str, Condition]
    kept: JsonCodes = field(default_factory=lambda: JsonCodes(_row.blocking))

    @property
    def eligible(self) -> Condition:
        """Nothing blocks."""
        return and_(_row.blocking == (), *(not_(each) for each in self.live.values()))

    def contains(self, code: str) -> Condition:
        """The code is among those that block."""
        return self.live[code] if code in self.live else self.kept.contains(code)

    def present(self) -> Condition:
        """Any code blocks."""
        return not_(self.eligible)


NOT_BLOCKED = Blocking({})
"""For rows of which nobody asks what blocks them."""


def blocking(limits: LiveLimits, waived: Collection[str]) -> Blocking:
    """What blocks the rows of a fund with these limits; `waived`: live codes that some row has waived."""
    found = {CAPITAL: _row.ask_fen - _row.held_fen > limits.headroom_fen}
    if limits.concentration_fen is not None:
        found[CONCENTRATION] = _row.firm_held_fen + _row.ask_fen > limits.concentration_fen
    if limits.early is not None:
        found[EARLY_SHARE] = _below_floor(limits.early)
    found |= {code: true() for code in limits.always}
    return Blocking({code: _unless_waived(code, each, waived) for code, each in found.items()})


def _below_floor(early: EarlyFloor) -> Condition:
    """Not surely at the floor once the deal is added and what the fund holds for it is taken out."""
    own_early = case((_row.position_early == Outcome.PASS, _row.position_fen), else_=0)
    new_early = case((_row.early_gate == Outcome.PASS, _row.ask_fen), else_=0)
    total = early.held.total_fen - _row.position_fen + _row.ask_fen
    sure = early.held.early_fen - own_early + new_early
    return Wide(sure) * early.floor.den < Wide(total) * early.floor.num


def _unless_waived(code: str, condition: Condition, waived: Collection[str]) -> Condition:
    if code not in waived:
        return condition
    return and_(condition, not_(JsonCodes(_row.waived_live).contains(code)))


def held_by(session: Session, fund_id: str) -> Held:
    """What a fund holds."""
    early = case((_row.position_early == Outcome.PASS, _row.position_fen), else_=0)
    query = select(func.coalesce(func.sum(_row.position_fen), 0), func.coalesce(func.sum(early), 0))
    total, sure = session.execute(query.where(_row.fund_id == fund_id, _row.position_fen > 0)).one()
    return Held(int(total), int(sure))


def waived_of(session: Session, fund_id: str) -> set[str]:
    """The live codes that are waived for some deal of a fund."""
    query = select(_row.waived_live).where(_row.fund_id == fund_id, _row.waived_live != ()).distinct()
    return {code for codes in session.scalars(query) for code in codes}
