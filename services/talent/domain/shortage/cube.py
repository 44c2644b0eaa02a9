"""Counts of every cell at every level: directions up their tree, cities to the province, categories to all.

Counts add up the tree; indices never do, so each level's index is made from its own counts.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from services.talent.domain.axes import Axes

Counts = NDArray[np.float64]
MICRO = 1_000_000


@dataclass(frozen=True)
class Cube:
    """Arrays of shape `axes.shape`, the last city and category and the last node being `all`.

    `demand`: open heads; `squared`: Σ of squared open heads by employer; `employers`: how many; `largest`: open
    heads of the largest one; `supply`: effective people; `persons`: people behind it, each once at every level;
    `reach`: people outside the province (可及人才), filled for `all` cities only; `fills` and `exposure`: heads
    filled and position-days within the window.
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
