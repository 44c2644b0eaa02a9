"""The way of deals through their states, each as a bar on one scale of days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from services.console.web.visits import Visit
from services.kernel.clock import civil_date
from services.wording.ways import spans_of

if TYPE_CHECKING:
    from services.console.pages.deals.flow import Card

WIDTH = 640.0
_MARKS = 6


@dataclass(frozen=True, slots=True)
class Piece:
    """Some days in one state."""

    state: int
    x: float
    width: float
    days: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """Every deal's pieces, in the order of the deals, days marked on the scale, and the states that occur."""

    rows: Sequence[tuple["Card", Sequence[Piece]]]
    marks: Sequence[tuple[float, date]]
    states: Sequence[int]


def draw(visit: Visit, cards: Sequence["Card"]) -> Drawn | None:
    """The timeline of these deals, which come with their steps; None without any."""
    if not cards:
        return None
    now = visit.now
    spans = [spans_of(card.screened.deal, card.screened.transitions, now) for card in cards]
    begin = min(span[0][1] for span in spans)
    whole = max((now - begin) / timedelta(days=1), 1.0)
    rows = [
        (card, [_piece(state, start, end, begin, whole) for state, start, end in span])
        for card, span in zip(cards, spans, strict=True)
    ]
    marks = [
        (round(WIDTH * at / _MARKS, 1), civil_date(begin + timedelta(days=whole * at / _MARKS)))
        for at in range(_MARKS + 1)
    ]
    return Drawn(rows, marks, sorted({state for span in spans for state, _, _ in span}))


def _piece(state: int, start: datetime, end: datetime, begin: datetime, whole: float) -> Piece:
    days = (end - start) / timedelta(days=1)
    left = (start - begin) / timedelta(days=1)
    return Piece(state, round(WIDTH * left / whole, 1), round(max(WIDTH * days / whole, 1.0), 1), int(days))
