"""Work in parts on all cores: for computations that spend their time outside the interpreter."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from typing import TypeVar

from services.kernel.threads import share, standing

_MOST = 8
"""Threads: more cores than these are left to others."""
_limit = [_MOST]
P = TypeVar("P")
R = TypeVar("R")


def stand() -> None:
    """Start the threads that help: a process calls it before it serves, so that none has to start while it does."""
    _helpers()


def side_by_side(work: Callable[[P], R], parts: Sequence[P]) -> list[R]:
    """What `work` gives for each part, as `threads.share` has it; one after the other where there is but one core."""
    if min(len(parts), at_once()) < 2:
        return [work(part) for part in parts]
    return share(_helpers(), work, parts)


def beside(work: Callable[[], R]) -> Future[R]:
    """Work in a thread that helps, for whoever does not wait for it."""
    return _helpers().submit(work)


def at_once() -> int:
    """How many parts are worked on at a time: one on each core, and not very many."""
    return min(_cores(), _limit[0])


def one_by_one() -> None:
    """From now on this process works on one part at a time: it stands beside another one, which has the other cores."""
    _limit[0] = 1


@cache
def _helpers() -> ThreadPoolExecutor:
    """One less than the cores, as the caller works too."""
    return standing(max(1, at_once() - 1), "side-by-side")


def _cores() -> int:
    """On which this process may run."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
