"""From integer counts by node, city and category to all cells at every level."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from services.talent.domain.axes import Axes
from services.talent.domain.shortage.cube import MICRO, Counts, Cube
from services.talent.domain.shortage.employers import Concentration


def roll_up(axes: Axes, as_of: date, counts: NDArray[np.int64], employers: Concentration) -> Cube:
    """The cube of a day: cities add up to the province, categories to all; `outside` makes reach."""
    supply, persons, demand, fills, start, rate = (_levels(each) for each in counts[:6])
    arrivals, funded, moved_in, moved_out, retiring = (_levels(each) / MICRO for each in counts[6:])
    for moved, at in ((moved_in, 8), (moved_out, 9)):
        _leave_out(moved, counts[at, :, -1] / MICRO)
    trained, mobile = _told(axes, counts[6]), _told(axes, counts[8] + counts[9])
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
        arrivals=_where(trained, arrivals),
        funded=_where(funded > 0, funded),
        moved_in=_where(mobile, moved_in),
        moved_out=_where(mobile, moved_out),
        retiring=_where(retiring > 0, retiring),
    )


def _told(axes: Axes, counts: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Cells of the industries of which the source says anything: there, what it does not mention is nothing."""
    heard: NDArray[np.bool_] = np.asarray(counts.any(axis=(1, 2)))
    industry = np.array([path[-2] if len(path) > 1 else path[-1] for path in axes.lineage])
    told: NDArray[np.bool_] = np.broadcast_to(heard[industry][:, None, None], axes.shape)
    return told


def _where(known: NDArray[np.bool_], values: Counts) -> Counts | None:
    """The values where they are known, NaN elsewhere; None if they are known nowhere."""
    return np.where(known, values, np.nan) if known.any() else None


def _leave_out(moved: Counts, within: Counts) -> None:
    """Who moved within the province has not moved where all its cities are counted."""
    moved[:, -1, :-1] -= within
    moved[:, -1, -1] -= within.sum(axis=1)


def _levels(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    nodes, width, kinds = counts.shape
    full = np.zeros((nodes, width, kinds + 1), np.int64)
    full[:, :-1, :-1] = counts[:, :-1]
    full[:, -1, :-1] = counts[:, :-1].sum(axis=1)
    full[:, :, -1] = full[:, :, :-1].sum(axis=2)
    return full
