"""The pattern of hidden cells of a cube: one for each edition, over all levels, used for every answer."""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.talent.domain.axes import Axes
from services.talent.domain.disclosure.binding import Range, excess, spare
from services.talent.domain.disclosure.exact import Recall
from services.talent.domain.disclosure.freedom import Freedom
from services.talent.domain.disclosure.lines import Lines
from services.talent.domain.disclosure.protection import Table
from services.talent.domain.disclosure.rules import EXACT_ONLY, Edition, Rules
from services.talent.domain.disclosure.upkeep import Protected, differing, protected_again
from services.talent.domain.shortage.counts.cube import Cube

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


class _Ground(NamedTuple):
    """The lines of cubes of one shape, and what was found of cells along them."""

    lines: Lines
    recall: Recall


class _Known(NamedTuple):
    """A pattern that was made, and its mask in the shape of the counts."""

    protected: Protected
    mask: Mask


class _Last(NamedTuple):
    """What was asked for last, and the answer."""

    axes: Axes
    counts: Numbers
    small: Mask
    known: _Known

    def is_of(self, counts: Numbers, small: Mask, axes: Axes) -> bool:
        """Whether the very same is asked for again."""
        return self.axes == axes and np.array_equal(self.counts, counts) and np.array_equal(self.small, small)


@dataclass(frozen=True)
class Patterns:
    """Makes patterns and remembers them. Safe to share between threads.

    A pattern depends on the classes of the counts alone (0, small, and from there in doublings), so that it stays
    while counts move within their classes, and is the same in every process.
    """

    rules: Rules = field(default_factory=Rules)
    freedom: Freedom = field(default_factory=Freedom)
    _grounds: dict[tuple[Axes, int], "_Ground"] = field(default_factory=dict)
    _known: "OrderedDict[bytes, _Known]" = field(default_factory=OrderedDict)
    _latest: dict[tuple[int, int, bool], _Last] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)
    _making: Lock = field(default_factory=Lock)

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
        return Pattern(edition, hidden, self.reach(cube, edition))

    def _people(self, cube: Cube, edition: Edition) -> Mask:
        small = self.rules.small_supply(cube, edition)
        return self._protected(cube.persons, self.rules.least(edition), small, cube.axes)

    def reach(self, cube: Cube, edition: Edition) -> Mask:
        """Where the people within reach are hidden. They hang on no city: their own little cube has one."""
        outside, small = cube.reach[:, -1:, :], self.rules.small_reach(cube, edition)[:, -1:, :]
        return self._protected(outside, self.rules.least(edition), small, cube.axes)[:, 0, :]

    def _protected(
        self, counts: Numbers, least: int, small: Mask, axes: Axes, *, people: bool = True
    ) -> Mask:
        kind = counts.size, least, people
        last = self._latest.get(kind)
        if last is not None and last.is_of(counts, small, axes):
            return last.known.mask
        table = self._table(counts, least, axes, people=people)
        if last is not None and _is_level(last.known.protected, table, small):
            known = last.known
        else:
            known = self._made(_digest(table, small), table, small)
        self._latest[kind] = _Last(axes, counts, small, known)
        return known.mask

    def _table(self, counts: Numbers, least: int, axes: Axes, *, people: bool) -> Table:
        """The classes of the counts, and of what is left beside them."""
        lines, recall = self._ground(axes, counts.shape[1])
        flat, ample = counts.ravel(), _AMPLE * least
        classes = _classes(flat, least)
        left = (spare(lines, flat, people=people), excess(lines, flat))
        beside = Range(classes, *(_classes(np.minimum(each, ample), least) for each in left))
        return Table(
            lines, classes, least, people=people, freedom=self._freedom, beside=beside, recall=recall
        )

    def _find(self, key: bytes) -> _Known | None:
        with self._lock:
            found = self._known.get(key)
            if found is not None:
                self._known.move_to_end(key)
            return found

    def _made(self, key: bytes, table: Table, small: Mask) -> _Known:
        """One at a time: whoever waits finds what the one before has made."""
        with self._making:
            found = self._find(key)
            if found is not None:
                return found
            protected = self._protect(table, small.ravel())
            mask = protected.hidden.reshape(small.shape)
            mask.flags.writeable = False
            found = _Known(protected, mask)
            with self._lock:
                self._known[key] = found
                while len(self._known) > _KEPT:
                    self._known.popitem(last=False)
            return found

    def _protect(self, table: Table, small: Mask) -> Protected:
        """Beginning with the pattern, of those that are known, of the table that differs least."""
        with self._lock:
            known = [each.protected for each in self._known.values()]
        like = [each for each in known if each.table.compares(table)]
        if not like:
            return Protected(table, small, table.protect(small))
        return protected_again(table, small, min(like, key=lambda each: differing(table, small, each)))

    @property
    def _freedom(self) -> Freedom | None:
        """Releases of the first version were made without it."""
        return None if self.rules.version == EXACT_ONLY else self.freedom

    def lines_of(self, axes: Axes) -> Lines:
        """The lines of a cube, made once."""
        return self._ground(axes, axes.shape[1])[0]

    def _ground(self, axes: Axes, cities: int) -> _Ground:
        with self._lock:
            key = (axes, cities)
            if key not in self._grounds:
                self._grounds[key] = _Ground(Lines.of_axes(axes, whole_province=cities == 1), Recall())
            return self._grounds[key]


def _is_level(known: Protected, table: Table, small: Mask) -> bool:
    """Whether a pattern was made of just this."""
    if not known.table.compares(table) or not np.array_equal(known.small, small.ravel()):
        return False
    return all(np.array_equal(*each) for each in zip(_parts(known.table), _parts(table), strict=True))


def _digest(table: Table, small: Mask) -> bytes:
    stamp = [np.packbits(small).tobytes(), f"{table.lines.size}/{table.least}/{table.people}".encode()]
    return hashlib.sha256(b"".join([each.tobytes() for each in _parts(table)] + stamp)).digest()


def _parts(table: Table) -> tuple[Numbers, ...]:
    """What a pattern depends on, besides the small cells and what is asked."""
    return (
        (table.counts,) if table.beside is None else (table.counts, table.beside.spare, table.beside.excess)
    )


def _classes(counts: Numbers, least: int) -> Numbers:
    """Counts below `least` as they are, others as the lower end of their doubling."""
    doublings = np.frexp(counts / least)[1] - 1
    return np.where(counts < least, counts, np.ldexp(float(least), doublings))
