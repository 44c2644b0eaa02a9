"""Work in parts on all cores: for computations that spend their time outside the interpreter."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

_MOST = 8
"""Threads: more cores than these are left to others."""
_limit = [_MOST]
P = TypeVar("P")
R = TypeVar("R")


def side_by_side(work: Callable[[P], R], parts: Sequence[P]) -> list[R]:
    """What `work` gives for each part, in order. Parts are taken in threads, so they must not touch one another; what
    the first that fails raises is raised.
    """
    threads = min(len(parts), at_once())
    if threads < 2:
        return [work(part) for part in parts]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, parts))


def at_once() -> int:
    """How many parts are worked on at a time: one on each core, and not very many."""
    return min(_cores(), _limit[0])


def one_by_one() -> None:
    """From now on this process works on one part at a time: it stands beside another one, which has the other cores."""
    _limit[0] = 1


def _cores() -> int:
    """On which this process may run."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
