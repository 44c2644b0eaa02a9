"""Many cells at once, as columns: what `ShortageTable.cell` says of each, without an object for each."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.talent.domain.disclosure.rules import Edition
from services.talent.domain.shortage.indices.estimate import Floats
from services.talent.domain.shortage.table import CellState, ShortageTable

STATES = tuple(CellState)
WITHHELD = -1
Where = tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]


class Columns(NamedTuple):
    """Flat arrays of equal length; NaN where a cell has no number or may not show it.

    `states` are positions in STATES, WITHHELD for a hidden cell of a public edition; `grades` 1 for A to 4 for D, 0
    without an index.
    """

    states: NDArray[np.int64]
    indices: Floats
    low: Floats
    high: Floats
    stars: NDArray[np.int64]
    watch: NDArray[np.bool_]
    grades: NDArray[np.int64]
    demand: NDArray[np.int64]
    supply: Floats
    gap: Floats
    hidden: NDArray[np.bool_]


def columns(table: ShortageTable, at: Where) -> Columns:
    """The cells at these positions, as the table's edition shows them."""
    found, cube = table.indices, table.cube
    demand, supply = cube.demand[at], cube.supply[at]
    hidden = table.pattern.hidden[at]
    shown = (demand > 0) & found.known[at] & ~hidden
    index, low, high = table.index[at], table.low[at], table.high[at]
    states = _states(demand > 0, supply > 0)
    if table.edition is Edition.PUBLIC:
        states = np.where(hidden, WITHHELD, states)
        index, low, high = np.round(index), np.floor(low), np.ceil(high)
    return Columns(
        states=states,
        indices=np.where(shown, index, np.nan),
        low=np.where(shown, low, np.nan),
        high=np.where(shown, high, np.nan),
        stars=np.where(shown, found.stars[at], 0),
        watch=shown & found.watch[at],
        grades=np.where(shown, table.grades[at] + 1, 0),
        demand=demand.astype(np.int64),
        supply=np.where(hidden, np.nan, supply),
        gap=np.where(hidden, np.nan, np.maximum(0.0, demand - supply)),
        hidden=hidden,
    )


def inputs_of(table: ShortageTable, at: Where) -> Floats:
    """All that what is said of these cells depends on, one row a cell: cells with equal rows are told of alike, in
    maps of one day, method and edition.
    """
    found, cube = table.indices, table.cube
    said = (
        cube.demand,
        cube.supply,
        table.pattern.hidden,
        table.index,
        table.low,
        table.high,
        found.log_odds,
        found.known,
        found.stars,
        found.watch,
        table.grades,
    )
    return np.stack([np.asarray(each[at], np.float64) for each in said], axis=1)


def _states(demand: NDArray[np.bool_], supply: NDArray[np.bool_]) -> NDArray[np.int64]:
    with_demand = np.where(supply, STATES.index(CellState.ESTIMATED), STATES.index(CellState.LIBRARY_GAP))
    without = np.where(supply, STATES.index(CellState.NO_DEMAND), STATES.index(CellState.NO_DATA))
    return np.where(demand, with_demand, without)
