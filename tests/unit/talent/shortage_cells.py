"""Cubes of a few cells, with every input at hand, for tests of the statistics."""

from datetime import date, timedelta
from typing import Any

import numpy as np

from services.talent.domain.axes import Axes
from services.talent.domain.shortage.counts.cube import Counts, Cube, History
from services.talent.domain.shortage.indices.priors import Priors
from tests.unit.talent.library import TODAY, Leaf

ONE = Axes.of([Leaf("quantum", "quantum")], ["nantong"], ["outstanding-engineer"])

_COUNTS = ("demand", "squared", "employers", "largest", "supply", "persons", "reach", "fills", "exposure")


def filled(axes: Axes, value: float) -> Counts:
    return np.full(axes.shape, float(value))


def cube(axes: Axes = ONE, **given: Any) -> Cube:
    """The same counts in every cell; numbers become arrays."""
    usual: dict[str, Any] = dict.fromkeys(_COUNTS, 0)
    arrays: dict[str, Any] = {
        name: value if isinstance(value, np.ndarray | History) else filled(axes, value)
        for name, value in {**usual, **given}.items()
        if value is not None
    }
    return Cube(axes, TODAY, **arrays)


def quarter_ends(count: int, last: date = TODAY - timedelta(days=1)) -> tuple[date, ...]:
    return tuple(last - timedelta(days=91 * back) for back in range(count - 1, -1, -1))


def history(
    axes: Axes, demand: list[float], supply: list[float], opened: list[float] | None = None
) -> History:
    """Series by quarter, the same in every cell."""

    def spread(values: list[float]) -> Counts:
        return np.stack([filled(axes, value) for value in values])

    return History(
        quarter_ends(len(demand)),
        spread(demand),
        spread(supply),
        None if opened is None else spread(opened),
    )


def priors(
    axes: Axes = ONE,
    *,
    share: float = 0.5,
    kappa: float = 8.0,
    rate: float = 170.0,
    reference: float = 0.5,
    slope: float = 0.1,
) -> Priors:
    return Priors(axes, filled(axes, share), filled(axes, kappa), filled(axes, rate), reference, slope)


WORKED: dict[str, Any] = {
    "demand": 14,
    "squared": 36 + 9 + 4 + 4 + 1,
    "employers": 5,
    "largest": 6,
    "supply": 3.4,
    "persons": 6,
    "fills": 4,
    "exposure": 1120,
    "arrivals": 4,  # with one more moving in than out: five people come
    "funded": 9,
    "moved_in": 2,
    "moved_out": 1,
}
WORKED_PRIORS = priors(share=0.52, kappa=8.0, rate=170.0, reference=0.36, slope=0.10)
