"""The live counts of the shortage map: kept in the database, exact after every commit, and in memory by revision."""

from typing import NamedTuple

from services.chassis.storage.db import Database
from services.kernel.clock import Clock
from services.talent.domain.axes import Axes
from services.talent.domain.shortage.method import Method
from services.talent.service.shortage.counting.counter import Counter
from services.talent.service.shortage.counting.live import Live
from services.talent.service.shortage.counting.opening import Opening
from services.talent.service.shortage.counting.ticking import Ticker
from services.talent.service.turning import AtTurn

__all__ = ["Counter", "Counting", "Ticker", "count_once", "start_counting"]


class Counting(NamedTuple):
    """What counts, and what turns the day."""

    counter: Counter
    ticker: Ticker


def start_counting(
    database: Database,
    axes: Axes,
    method: Method,
    catalogue_version: str,
    clock: Clock,
    at_turn: tuple[AtTurn, ...] = (),
) -> Counting:
    """Count whatever `database` writes from now on. `at_turn`: what else a new day brings."""
    counting = count_once(database, axes, method, catalogue_version, clock, at_turn)
    counting.counter.attach(database)
    return counting


def count_once(
    database: Database,
    axes: Axes,
    method: Method,
    catalogue_version: str,
    clock: Clock,
    at_turn: tuple[AtTurn, ...] = (),
) -> Counting:
    """The same without counting what is written meanwhile: for a count of what is there."""
    opening = Opening(method, catalogue_version, clock)
    counter = Counter(axes, method, Live(axes, method), opening, clock)
    return Counting(counter, Ticker(database, counter, clock, at_turn))
