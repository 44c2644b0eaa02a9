"""Named places between two durable steps where a crash test lets the process die."""

import os
from dataclasses import dataclass
from functools import cache

EXIT_KILLED = 137
"""The exit code of a process that got SIGKILL: what a fail point imitates."""


@dataclass
class _Armed:
    name: str
    hits_left: int


def reach(name: str) -> None:
    """Die at once, as by `kill -9`, if BOLE_FAILPOINT is `name:n` and this is the n-th time."""
    armed = _armed()
    if armed is None or armed.name != name:
        return
    armed.hits_left -= 1
    if armed.hits_left == 0:
        os._exit(EXIT_KILLED)


@cache
def _armed() -> _Armed | None:
    name, _, hits = os.environ.get("BOLE_FAILPOINT", "").partition(":")
    return _Armed(name, int(hits)) if name and hits else None
