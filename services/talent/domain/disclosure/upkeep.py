"""A pattern kept level with its table: what a change touches is protected anew, the rest stays as it was.

Every step of `Table.protect` looks along the lines of a hidden cell and no further. So sets of hidden cells of which
none shares a line with a cell of another set come about each by itself, and a set stays as long as nothing changes
along its lines. What is kept up this way is the pattern that protecting the whole table would give.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.talent.domain.disclosure.binding import held_back
from services.talent.domain.disclosure.lines import Lines
from services.talent.domain.disclosure.protection import Table

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Protected:
    """A table, its small cells, and the pattern that protects them."""

    table: Table
    small: Mask
    hidden: Mask


def protected_again(table: Table, small: Mask, before: Protected) -> Protected:
    """The pattern of a table that differs from an earlier one over the same lines."""
    near = _Nearness(table.lines)
    anew = near.linked(_touched(table, small, before, near), before.hidden)
    while True:
        kept = before.hidden & ~anew
        mask = table.protect(small & ~kept)
        clashing = near.around(mask) & kept
        if not clashing.any():
            return Protected(table, small, mask | kept)
        anew |= near.linked(clashing, before.hidden)


def differing(table: Table, small: Mask, before: Protected) -> int:
    """In how many cells another table differs."""
    return int(np.count_nonzero(_moved(table, small, before)))


def _moved(table: Table, small: Mask, before: Protected) -> Mask:
    return np.asarray((table.counts != before.table.counts) | (small != before.small))


def _touched(table: Table, small: Mask, before: Protected, near: "_Nearness") -> Mask:
    """The hidden cells along whose lines anything has changed that protecting them looks at."""
    found = near.around(_moved(table, small, before))
    now, then = table.beside, before.table.beside
    if now is not None and then is not None:
        spare, excess = np.flatnonzero(now.spare != then.spare), now.excess != then.excess
        found[held_back(table.lines, spare, people=table.people)] = True
        found[table.lines.matrix[np.flatnonzero(excess)].indices] = True
    return found & before.hidden


@dataclass(frozen=True)
class _Nearness:
    """Which cells share a line."""

    lines: Lines

    def around(self, cells: Mask) -> Mask:
        """These cells, and those that share a line with one of them."""
        found = cells.copy()
        found[self.lines.shared[np.flatnonzero(cells)].indices] = True
        return found

    def linked(self, start: Mask, among: Mask) -> Mask:
        """Those of `among` that hang together with `start`, from cell to cell along lines."""
        found, fresh = start & among, start & among
        while fresh.any():
            fresh = self.around(fresh) & among & ~found
            found |= fresh
        return found
