"""Timing two sides of a ratio in turn, so that what disturbs the machine disturbs both."""

import time
from collections.abc import Callable
from statistics import median
from typing import NamedTuple


class Pair(NamedTuple):
    """Median seconds of ours and of the peer."""

    ours: float
    peer: float


def interleaved(
    ours: Callable[[], object], peer: Callable[[], object], *, rounds: int = 5, ours_per_round: int = 1
) -> Pair:
    """Both run in turn, after one unmeasured round. A side that takes microseconds may run more often a round."""
    ours()
    peer()
    mine: list[float] = []
    theirs: list[float] = []
    for _ in range(rounds):
        mine.extend(_seconds(ours) for _ in range(ours_per_round))
        theirs.append(_seconds(peer))
    return Pair(median(mine), median(theirs))


def median_seconds(act: Callable[[], object], *, rounds: int) -> float:
    """The median of several runs, after one that is not measured."""
    act()
    return median(_seconds(act) for _ in range(rounds))


def _seconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started
