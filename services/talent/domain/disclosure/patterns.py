"""The pattern of hidden cells of a cube: one for each edition, over all levels, used for every answer."""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from services.talent.domain.axes import Axes
from services.talent.domain.disclosure.binding import Range, excess, spare
from services.talent.domain.disclosure.freedom import Freedom
from services.talent.domain.disclosure.lines import Lines
from services.talent.domain.disclosure.protection import Table
from services.talent.domain.disclosure.rules import EXACT_ONLY, Edition, Rules
from services.talent.domain.shortage.cube import Cube

Mask = NDArray[np.bool_]
Numbers = NDArray[np.float64]
_KEPT = 16
# What is spare beside the parts of a total binds nothing from so many times the least number on.
_AMPLE = 64


@dataclass(frozen=True)
class Pattern:
    """Which cells of a cube are hidden in an edition; `reach` by node and category."""

    edition: Edition
    hidden: Mask
    reach: Mask


@dataclass(frozen=True)
class Patterns:
    """Makes patterns and remembers them. Safe to share between threads.

    A pattern depends on the classes of the counts alone (0, small, and from there in doublings), so that it stays
    while counts move within their classes, and is the same in every process.
    """

    rules: Rules = field(default_factory=Rules)
    freedom: Freedom = field(default_factory=Freedom)
    _lines: dict[tuple[Axes, int], Lines] = field(default_factory=dict)
    _known: "OrderedDict[bytes, Mask]" = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def of(self, cube: Cube, edition: Edition) -> Pattern:
        """The pattern of an edition. The public one hides all that the internal one hides."""
        hidden = self._people(cube, Edition.INTERNAL)
        if edition is Edition.PUBLIC:
            least = self.rules.least(edition)
            supply = self._protected(
                cube.persons, least, self.rules.small_supply(cube, edition) | hidden, cube.axes
            )
            small = self.rules.concentrated_demand(cube, edition)
            hidden = supply | self._protected(cube.demand, least, small, cube.axes, people=False)
        return Pattern(edition, hidden, self._reach(cube, edition))

    def _people(self, cube: Cube, edition: Edition) -> Mask:
        small = self.rules.small_supply(cube, edition)
        return self._protected(cube.persons, self.rules.least(edition), small, cube.axes)

    def _reach(self, cube: Cube, edition: Edition) -> Mask:
        """People outside the province hang on no city: their own little cube has one."""
        outside, small = cube.reach[:, -1:, :], self.rules.small_reach(cube, edition)[:, -1:, :]
        return self._protected(outside, self.rules.least(edition), small, cube.axes)[:, 0, :]

    def _protected(
        self, counts: Numbers, least: int, small: Mask, axes: Axes, *, people: bool = True
    ) -> Mask:
        lines = self._lines_of(axes, counts.shape[1])
        classes = _classes(counts, least)
        beside = spare(lines, counts.ravel(), people=people), excess(lines, counts.ravel())
        left = [_classes(np.minimum(each, _AMPLE * least), least) for each in beside]
        stamp = [np.packbits(small).tobytes(), bytes([least % 256, people])]
        key = hashlib.sha256(
            b"".join([classes.tobytes(), *(each.tobytes() for each in left), *stamp])
        ).digest()
        with self._lock:
            known = self._known.get(key)
        if known is None:
            table = Table(
                lines,
                classes.ravel(),
                least,
                people=people,
                freedom=self._freedom,
                beside=Range(classes.ravel(), *left),
            )
            known = table.protect(small.ravel()).reshape(counts.shape)
            known.flags.writeable = False
            with self._lock:
                self._known[key] = known
                while len(self._known) > _KEPT:
                    self._known.popitem(last=False)
        return known

    @property
    def _freedom(self) -> Freedom | None:
        """Releases of the first version were made without it."""
        return None if self.rules.version == EXACT_ONLY else self.freedom

    def _lines_of(self, axes: Axes, cities: int) -> Lines:
        with self._lock:
            key = (axes, cities)
            if key not in self._lines:
                self._lines[key] = Lines.of_axes(axes, whole_province=cities == 1)
            return self._lines[key]


def _classes(counts: Numbers, least: int) -> Numbers:
    """Counts below `least` as they are, others as the lower end of their doubling."""
    doublings = np.floor(np.log2(np.maximum(counts, least) / least))
    return np.asarray(np.where(counts < least, counts, least * 2.0**doublings))
