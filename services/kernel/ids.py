"""Opaque, stable identifiers: 26 lower-case characters, sortable by time of creation (ULID layout)."""

import re
import secrets
from collections.abc import Iterator
from functools import lru_cache
from threading import Lock
from typing import Protocol

from services.kernel.clock import Clock

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]
_SHIFTS = range(30, -1, -10)
# Below 80, so that a millisecond has room for 2^46 steps.
_START_BITS, _STEP_BITS, _TAIL_BITS = 79, 32, 40
_DRAWN = 256
_PATTERN = re.compile(r"[0-9a-z][0-9a-z-]{0,62}")


class Ids(Protocol):
    """Allots identifiers."""

    def new(self) -> str:
        """An identifier that was never given out before."""
        ...


class TimeOrderedIds:
    """48 bits of milliseconds and 80 random bits, in Crockford's base 32.

    Those of one millisecond follow one another at random distances: what is made one after the other, as the rows of
    a file are, is listed in that order. Safe to share between threads.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = Lock()
        self._moment, self._number = -1, 0
        self._steps: Iterator[int] = iter(())

    def new(self) -> str:
        """A fresh identifier."""
        moment = int(self._clock.now().timestamp() * 1000)
        with self._lock:
            same = moment == self._moment
            number = self._number + 1 + self._step() if same else secrets.randbits(_START_BITS)
            self._moment, self._number = moment, number
        tail = [_PAIRS[(number >> shift) & 1023] for shift in _SHIFTS]
        return _head(moment, number >> _TAIL_BITS) + "".join(tail)

    def _step(self) -> int:
        """A random distance; many are drawn together, since asking the system is most of an id's work."""
        for step in self._steps:
            return step
        drawn = secrets.token_bytes(_DRAWN * _STEP_BITS // 8)
        self._steps = iter(memoryview(drawn).cast("I"))
        return next(self._steps)


@lru_cache(maxsize=4)
def _head(milliseconds: int, beginning: int) -> str:
    """Fifty bits of the time and forty of the number, which most ids of a millisecond have alike."""
    bits = milliseconds << 40 | beginning
    return "".join([_PAIRS[(bits >> shift) & 1023] for shift in range(80, -1, -10)])


class CountingIds:
    """`prefix-1`, `prefix-2`, …: for tests, where ids must be predictable."""

    def __init__(self, prefix: str = "id") -> None:
        self._prefix = prefix
        self._count = 0

    def new(self) -> str:
        """The next identifier of the row."""
        self._count += 1
        return f"{self._prefix}-{self._count}"


def is_id(value: str) -> bool:
    """Whether `value` has the form of an identifier (AIP-122: up to 63 of a-z, 0-9 and hyphen)."""
    return _PATTERN.fullmatch(value) is not None
