"""Forecasts and plans as they were made, and how they turned out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from services.talent.domain.shortage.outlook.allocation import Line
from services.talent.domain.shortage.table import Address


class ForecastTarget(NamedTuple):
    """Open heads of one cell on a day to come: expectation and 90 % interval; `start` those of the day it was made.

    `recast`: carried over from directions of an earlier catalogue; then `whole` says whether from all that today's
    cell is made of.
    """

    address: Address
    due: date
    start: int
    mean: float
    low: float
    high: float
    recast: bool = False
    whole: bool = True


@dataclass(eq=False)
class PublishedForecast:
    """A forecast of many cells, never changed. `as_of`: the day of its counts."""

    id: str
    created_at: datetime
    author: str
    as_of: date
    method_version: str
    origin: str
    target_count: int


@dataclass(frozen=True, slots=True)
class ForecastScore:
    """Over targets whose day has come: share within their interval; mean errors in heads, also of no change."""

    scored: int
    coverage: float
    error: float
    unchanged_error: float


def score(outcomes: Iterable[tuple[ForecastTarget, int]]) -> ForecastScore | None:
    """The score of targets with what came; None where none has."""
    pairs = list(outcomes)
    if not pairs:
        return None
    count = len(pairs)
    return ForecastScore(
        count,
        sum(target.low <= actual <= target.high for target, actual in pairs) / count,
        sum(abs(target.mean - actual) for target, actual in pairs) / count,
        sum(abs(target.start - actual) for target, actual in pairs) / count,
    )


class PlanLine(NamedTuple):
    """A line of a plan, and the supply expected at the due day without it; `recast` and `whole` as those of targets."""

    line: Line
    supply: float
    recast: bool = False
    whole: bool = True


@dataclass(eq=False)
class RecruitmentPlan:
    """An allocation as it was proposed, never changed. Amounts in fen; `gap` and `closed*` in people."""

    id: str
    created_at: datetime
    author: str
    as_of: date
    due: date
    method_version: str
    origin: str
    recruits: int
    places: int
    amount_fen: int
    recruit_fen: int
    place_fen: int
    place_yield: float
    gap: float
    closed: float
    closed_low: float
    closed_high: float
    spent_fen: int


def realised(lines: Sequence[tuple[PlanLine, int]], place_yield: float) -> float:
    """The gap that a plan would have closed by the demand that came, against the supply it expected."""
    total = 0.0
    for planned, demand in lines:
        people = planned.line.recruits + planned.line.places * place_yield
        total += min(people, max(0.0, demand - planned.supply))
    return total
