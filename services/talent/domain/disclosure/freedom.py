"""The interval audit of live answers: which hidden cells are not left a range as wide as the rule asks.

What is shown confines a hidden count at most to the range of its displacements (see `binding`), which linear
programming finds, one connected part of the hidden cells after the other. Only classes of counts enter, so that the
answer stays while counts move within them.
"""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from services.talent.domain.disclosure.binding import Part, Range, System, bindings, parts
from services.talent.domain.disclosure.lines import Lines, Places
from services.talent.domain.disclosure.raising import Raising
from services.talent.domain.disclosure.rules import LINKED
from services.talent.domain.disclosure.searching import Searching

Mask = NDArray[np.bool_]
Numbers = NDArray[np.float64]
_KEPT = 512
# Displacements beyond so many widths are not looked for: a range that is wide enough is wide enough.
_REACH = 4.0
# The objectives are the same every time, so that the same counts always give the same answer.
_PROBE = 2023
_JOINT = 12
_SLACK = 1e-6


@dataclass(frozen=True)
class Moved:
    """The least and the most that each cell is known to be displaced by: flat."""

    least: Numbers
    most: Numbers

    @classmethod
    def nothing(cls, size: int) -> "Moved":
        """Nothing is known yet."""
        return cls(np.zeros(size), np.zeros(size))


@dataclass(frozen=True)
class Freedom:
    """Finds confined cells, and remembers the parts that it has seen. Safe to share between threads.

    Parts of more than `limit` variables take seconds: they are passed over, unless it is `patient`.
    """

    limit: int = LINKED
    patient: bool = False
    _known: "OrderedDict[bytes, Mask]" = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def confined(
        self, lines: Lines, counts: Range, hidden: Mask, width: float, moved: Moved, *, people: bool
    ) -> Mask:
        """The hidden cells for which no range of `width` was found. `people` as in `Table`; `moved`: how far cells
        are known to be displaced from audits of fewer hidden cells, and from this one afterwards.
        """
        found = np.zeros(lines.size, bool)
        places = np.flatnonzero(hidden)
        for part in _parts(lines, counts, hidden, width, people=people):
            if part.system.low.size <= self.limit:
                found[places[part.cells]] = self._narrow(part.system, width)[part.variable]
            elif self.patient:
                found[places[part.cells]] = _raised(part, places[part.cells], width, moved)[part.variable]
        return found

    def _narrow(self, system: System, width: float) -> Mask:
        key = _digest(system, width)
        with self._lock:
            known = self._known.get(key)
        if known is None:
            known = Displacements(system).narrow(width)
            with self._lock:
                self._known[key] = known
                while len(self._known) > _KEPT:
                    self._known.popitem(last=False)
        return known


def _raised(part: Part, cells: Places, width: float, moved: Moved) -> Mask:
    """The narrow variables of a large part; what is displaced when fewer cells are hidden is so when more are."""
    least, most = np.zeros(part.system.low.size), np.zeros(part.system.low.size)
    np.minimum.at(least, part.variable, moved.least[cells])
    np.maximum.at(most, part.variable, moved.most[cells])
    raising = Raising(part.system, least, most)
    narrow = raising.narrow(width)
    moved.least[cells], moved.most[cells] = raising.least[part.variable], raising.most[part.variable]
    return narrow


class Displacements:
    """The displacements that a system allows; each search begins where the one before it ended."""

    def __init__(self, system: System) -> None:
        """Sets the program up."""
        self._size = system.low.size
        self._numbers = np.arange(self._size)
        self._searching = Searching(system)
        self.least = np.zeros(self._size)
        self.most = np.zeros(self._size)

    def narrow(self, width: float) -> Mask:
        """The variables whose range is below `width`: some searches serve many, the rest are looked for singly."""
        random = np.random.default_rng(_PROBE)
        for _ in range(_JOINT):
            tight = self._tight(width)
            if not tight.any():
                break
            aims = random.standard_normal(self._size) * tight
            self.search(aims)
            self.search(-aims)
        for at in np.flatnonzero(self._tight(width)):
            for sign in (-1.0, 1.0):
                if self._tight(width)[at]:
                    self.search(np.where(self._numbers == at, sign, 0.0))
        return self._tight(width)

    def search(self, aims: Numbers) -> None:
        """Take in the displacement with the least Σ aims · d."""
        found = self._searching.point(aims)
        if found is not None:
            np.minimum(self.least, found, out=self.least)
            np.maximum(self.most, found, out=self.most)

    def _tight(self, width: float) -> Mask:
        return np.asarray(self.most - self.least < width - _SLACK)


def _parts(lines: Lines, counts: Range, hidden: Mask, width: float, *, people: bool) -> list[Part]:
    places = np.flatnonzero(hidden)
    if not len(places):
        return []
    return list(parts(bindings(lines, counts, places, _REACH * width, people=people)))


def _digest(system: System, width: float) -> bytes:
    digest = hashlib.sha256(np.float64(width).tobytes())
    rows = system.rows
    for array in (
        rows.indptr,
        rows.indices,
        rows.data,
        system.at_least,
        system.at_most,
        system.low,
        system.high,
    ):
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.digest()
