"""What the next eight quarters are expected to bring to a cell: new demand, and people to meet it."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.talent.domain.shortage.counts.cube import Counts, Cube
from services.talent.domain.shortage.indices.estimate import Floats, or_zero
from services.talent.domain.shortage.method import Method
from services.talent.domain.shortage.outlook.steady import Steady


class Ahead(NamedTuple):
    """The outlook of one cell."""

    need: float
    cover: float
    new_demand: float
    floored: bool


class Outlook(NamedTuple):
    """Heads wanted and people available within the horizon, NaN where not known.

    `new_demand` is the part of `need` that is yet to come; `floored` marks cells that would lose more people
    than they have, which count as 0.
    """

    need: Floats
    cover: Floats
    new_demand: Floats
    floored: NDArray[np.bool_]


def outlook(cube: Cube, method: Method) -> Outlook:
    """Known where both new demand and arrivals are; moves and retirements that nobody reports count as none."""
    new_demand = expected_demand(cube, method)
    arrivals = _given(cube, cube.arrivals)
    net = (
        arrivals
        + or_zero(_given(cube, cube.moved_in))
        - or_zero(_given(cube, cube.moved_out))
        - or_zero(_given(cube, cube.retiring))
    )
    cover = cube.supply + net
    known = ~np.isnan(cover) & ~np.isnan(new_demand)
    return Outlook(
        np.where(known, cube.demand + new_demand, np.nan),
        np.where(known, np.maximum(cover, 0.0), np.nan),
        new_demand,
        known & (or_zero(cover) < 0),
    )


def expected_demand(cube: Cube, method: Method) -> Floats:
    """New heads wanted within the horizon: openings as they have been, and hires of funded deals. NaN unknown."""
    usual, funded = _openings(cube, method), _given(cube, cube.funded)
    both = or_zero(usual) + or_zero(funded)
    return np.where(np.isnan(usual) & np.isnan(funded), np.nan, both)


def _openings(cube: Cube, method: Method) -> Floats:
    history = cube.history
    if history is None or history.opened is None:
        return np.full_like(cube.demand, np.nan)
    seen = (~np.isnan(history.opened)).sum(axis=0)
    level = Steady.follow(history.opened, method.discount, method.forecast_start).level
    return np.where(seen >= method.forecast_least, method.horizon_quarters * level, np.nan)


def _given(cube: Cube, counts: Counts | None) -> Floats:
    return np.full_like(cube.demand, np.nan) if counts is None else counts
