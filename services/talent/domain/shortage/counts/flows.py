"""What training places, moves and funded deals add to the counts: whole millionths, constant within a quarter.

All windows begin and end with quarters: what is to come counts from the quarter of the day on, that one and the
following ones; moves count for the quarter of the day and the whole ones before it.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from services.talent.domain.axes import OUTSIDE
from services.talent.domain.flows.hiring import FundedHire
from services.talent.domain.flows.move import Movement, MoveReason
from services.talent.domain.flows.training import Arrival, TrainingStatus
from services.talent.domain.period import Quarter

Flow = Arrival | Movement | FundedHire
Value = Callable[[str], Any]
MICRO_PER_SHARE = 1000
FLOWS = ("arrivals", "funded", "moved_in", "moved_out", "retiring")
"""Measures in millionths of people or heads. What moves within the province is counted at `outside` once more, so
that it can be left out where the whole province is counted.
"""


class Windows(NamedTuple):
    """`passed`: the last day before what is to come; `horizon`: the last day of it; `moved_since`: the day before
    the moves that count; `moved_until`: the last day of these.
    """

    passed: date
    horizon: date
    moved_since: date
    moved_until: date

    @classmethod
    def of(cls, as_of: date, horizon_quarters: int, moves_quarters: int) -> "Windows":
        """The windows of a day."""
        quarter = Quarter.of(as_of)
        return cls(
            quarter.start - timedelta(days=1),
            quarter.later(horizon_quarters - 1).end,
            quarter.later(-moves_quarters).start - timedelta(days=1),
            quarter.end,
        )


class Added(NamedTuple):
    """So many millionths in one measure of one leaf cell."""

    measure: str
    leaf: str
    city: str
    category: str
    micro: int


def arriving(value: Value) -> Arrival | None:
    """What training places add whose attributes `value` gives by name; None for cancelled ones."""
    if value("status") is TrainingStatus.CANCELLED:
        return None
    micro = value("places") * value("completion") * value("retention")
    return Arrival(value("leaf"), value("city"), value("category"), value("completes"), micro)


def moving(value: Value) -> Movement | None:
    """What a move adds; None for one that was taken back."""
    if value("voided_at") is not None:
        return None
    stated: dict[str, Any] = {name: value(name) for name in Movement._fields if name != "retired"}
    return Movement(**stated, retired=value("reason") is MoveReason.RETIRED)


def hiring(value: Value) -> FundedHire | None:
    """What a line of a funded deal adds; None once its firm has withdrawn."""
    return FundedHire(*map(value, FundedHire._fields)) if value("counted") else None


def added(flow: Flow, windows: Windows) -> Iterator[Added]:
    """What a record adds on a day."""
    if isinstance(flow, Arrival):
        micro = flow.arriving(windows.passed, windows.horizon)
        yield Added("arrivals", flow.leaf, flow.city, flow.category, micro)
    elif isinstance(flow, FundedHire):
        micro = flow.expected(windows.passed, windows.horizon)
        yield Added("funded", flow.leaf, flow.city, flow.category, micro)
    elif flow.retired:
        if windows.passed < flow.day <= windows.horizon:
            yield from _of(flow, "retiring", flow.from_city)
    elif windows.moved_since < flow.day <= windows.moved_until:
        yield from _moved(flow)


def _moved(move: Movement) -> Iterator[Added]:
    inside = [city for city in (move.from_city, move.to_city) if city not in ("", OUTSIDE)]
    if move.from_city in inside:
        yield from _of(move, "moved_out", move.from_city)
    if move.to_city in inside:
        yield from _of(move, "moved_in", move.to_city)
    if len(inside) == 2:
        yield from _of(move, "moved_out", OUTSIDE)
        yield from _of(move, "moved_in", OUTSIDE)


def _of(move: Movement, measure: str, city: str) -> Iterator[Added]:
    for leaf, share in move.shares:
        yield Added(measure, leaf, city, move.category, move.heads * share * MICRO_PER_SHARE)
