"""Counts of every cell at every level: directions up their tree, cities to the province, categories to all.

Counts add up the tree; indices never do, so each level's index is made from its own counts.
"""

from collections.abc import Iterator, Mapping
from dataclasses import KW_ONLY, dataclass, fields, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.talent.domain.axes import Axes
from services.talent.domain.shortage.counts.coverage import Overlap

Counts = NDArray[np.float64]
Cells = NDArray[np.intp]
"""Flat positions of cells among all of a cube's."""
MICRO = 1_000_000


@dataclass(frozen=True)
class History:
    """What was counted at the end of closed quarters, oldest first.

    `ends` are the quarters' last days; the arrays have the shape (quarters, *axes.shape) and are NaN where a cell
    did not exist yet. `demand` and `supply` as in the cube; `opened`: heads newly advertised within the quarter.
    """

    ends: tuple[date, ...]
    demand: Counts
    supply: Counts
    opened: Counts | None = None

    def at(self, cells: Cells) -> "History":
        """These cells alone, in arrays of two dimensions."""
        opened = None if self.opened is None else _taken(self.opened, cells)
        return History(self.ends, _taken(self.demand, cells), _taken(self.supply, cells), opened)


@dataclass(frozen=True)
class Cube:
    """Arrays of shape `axes.shape`, the last city and category and the last node being `all`.

    `demand`: open heads; `squared`: Σ of squared open heads by employer; `employers`: how many; `largest`: open
    heads of the largest one, `second`: of the one after it; `supply`: effective people; `persons`: people behind
    it, each once at every level; `reach`: people outside the province (可及人才), filled for `all` cities only;
    `fills` and `exposure`: heads filled and position-days within the window.

    What other sources add is None where there is no such source, and NaN in a cell of which it says nothing:
    `arrivals`: people expected from training within the horizon; `funded`: hires expected from funded deals within
    it; `moved_in` and `moved_out`: people within the last four quarters; `retiring`: people who leave working life
    within the horizon.

    `recast`: nodes whose counts were taken under an earlier catalogue and carried over. `overlap`: whom two sources
    found, counted when the day turned.
    """

    axes: Axes
    as_of: date
    demand: Counts
    squared: Counts
    employers: Counts
    largest: Counts
    supply: Counts
    persons: Counts
    reach: Counts
    fills: Counts
    exposure: Counts
    _: KW_ONLY
    second: Counts | None = None
    arrivals: Counts | None = None
    funded: Counts | None = None
    moved_in: Counts | None = None
    moved_out: Counts | None = None
    retiring: Counts | None = None
    history: History | None = None
    recast: frozenset[str] = frozenset()
    overlap: Overlap | None = None

    def at(self, cells: Cells) -> "Cube":
        """These cells alone: arrays of one dimension, in the order asked for. What is worked out cell by cell
        (components, indices, outlook) can be worked out of it.
        """
        kept: dict[str, Any] = {name: each.reshape(-1)[cells] for name, each in self._counts()}
        return replace(self, **kept, history=self.history and self.history.at(cells))

    def patched(self, cells: Cells, values: Mapping[str, Counts]) -> "Cube":
        """The cube with other values, by name, in these cells."""
        found: dict[str, Any] = patched({name: getattr(self, name) for name in values}, cells, values)
        return replace(self, **found)

    def _counts(self) -> Iterator[tuple[str, Counts]]:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, np.ndarray):
                yield field.name, value


Arrays = Mapping[str, NDArray[Any]]


def patched(arrays: Arrays, cells: Cells, values: Arrays) -> dict[str, NDArray[Any]]:
    """Arrays of one shape with other values in these cells: copies, and themselves where the values are the same."""
    found, names = dict(arrays), list(arrays)
    before = np.array([arrays[name].reshape(-1)[cells] for name in names], float)
    after = np.array([values[name] for name in names], float)
    same = ((before == after) | (np.isnan(before) & np.isnan(after))).all(axis=1)
    for name in (name for name, alike in zip(names, same, strict=True) if not alike):
        found[name] = arrays[name].copy()
        found[name].reshape(-1)[cells] = values[name]
    return found


def _taken(series: Counts, cells: Cells) -> Counts:
    return np.take(series.reshape(len(series), -1), cells, axis=1)
