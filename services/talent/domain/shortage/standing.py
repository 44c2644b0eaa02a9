"""What may be said of every cell, coarsely enough to be told to others: its state, its star, whether it is hidden."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.talent.domain.axes import Axes
from services.talent.domain.shortage.columns import STATES, columns
from services.talent.domain.shortage.table import CellState, ShortageTable

UNTOLD = STATES.index(CellState.NO_DATA)
# Of a hidden cell only the band is said that stands in place of its index: tight, near balance, ample.
TIGHT, BALANCED = 3, 1


class Standings(NamedTuple):
    """Arrays over all cells: positions in STATES, stars, hidden, and the version of what was told (0: nothing)."""

    states: NDArray[np.int64]
    stars: NDArray[np.int64]
    hidden: NDArray[np.bool_]
    versions: NDArray[np.int64]

    @classmethod
    def untold(cls, axes: Axes) -> "Standings":
        """Nothing was said of any cell."""
        return cls(
            np.full(axes.shape, UNTOLD, np.int64),
            np.zeros(axes.shape, np.int64),
            np.zeros(axes.shape, bool),
            np.zeros(axes.shape, np.int64),
        )

    def after(self, table: ShortageTable, most: int) -> tuple["Standings", NDArray[np.int64], bool]:
        """What is to be said now of at most so many cells, their positions, and whether nothing else has changed."""
        states, stars, hidden = _shown(table)
        changed = (states != self.states) | (stars != self.stars) | (hidden != self.hidden)
        cells = np.argwhere(changed)
        told = cells[:most]
        at = tuple(told.T)
        after = Standings(self.states.copy(), self.stars.copy(), self.hidden.copy(), self.versions.copy())
        after.states[at], after.stars[at], after.hidden[at] = states[at], stars[at], hidden[at]
        after.versions[at] += 1
        return after, told, len(told) == len(cells)


def _shown(table: ShortageTable) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    shape = table.cube.axes.shape
    everywhere = np.indices(shape).reshape(3, -1)
    found = columns(table, (everywhere[0], everywhere[1], everywhere[2]))
    stars = table.indices.stars.ravel()
    known = (found.demand > 0) & table.indices.known.ravel()
    band = np.where(stars >= TIGHT, TIGHT, np.where(stars >= BALANCED, BALANCED, 0))
    said = np.where(found.hidden, np.where(known, band, 0), found.stars)
    return found.states.reshape(shape), said.reshape(shape), found.hidden.reshape(shape)
