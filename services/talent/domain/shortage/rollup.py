"""From integer counts by node, city and category to all cells at every level."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from services.talent.domain.axes import Axes
from services.talent.domain.shortage.cube import MICRO, Cube
from services.talent.domain.shortage.employers import Concentration


def roll_up(axes: Axes, as_of: date, counts: NDArray[np.int64], employers: Concentration) -> Cube:
    """The cube of a day: cities add up to the province, categories to all; `outside` makes reach."""
    supply, persons, demand, fills, start, rate = (_levels(each) for each in counts)
    reach = np.zeros(axes.shape)
    outside = counts[1, :, -1]
    reach[:, -1, :-1], reach[:, -1, -1] = outside, outside.sum(axis=1)
    return Cube(
        axes,
        as_of,
        demand=demand.astype(float),
        squared=employers.squared.astype(float),
        employers=employers.employers.astype(float),
        largest=employers.largest.astype(float),
        second=employers.second.astype(float),
        supply=supply / MICRO,
        persons=persons.astype(float),
        reach=reach,
        fills=fills.astype(float),
        exposure=(start + rate * as_of.toordinal()).astype(float),
    )


def _levels(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    nodes, width, kinds = counts.shape
    full = np.zeros((nodes, width, kinds + 1), np.int64)
    full[:, :-1, :-1] = counts[:, :-1]
    full[:, -1, :-1] = counts[:, :-1].sum(axis=1)
    full[:, :, -1] = full[:, :, :-1].sum(axis=2)
    return full
