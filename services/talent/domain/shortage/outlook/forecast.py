"""What the demand of a cell will be, and the month in which its gap closes or opens.

Demand goes out from today's open positions and returns to the usual level of its closed quarters, and of the present
one by the part of it that has passed, as fast as demand at its level of detail has done so far. Hires of funded deals
and moves of supply come evenly over their horizon, as Poisson counts. The sum is taken as negative binomial of the
same mean and variance. Supply is people available today, expected arrivals and net moves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np

from services.talent.domain.axes import Axes
from services.talent.domain.shortage.counts.cube import Counts, Cube
from services.talent.domain.shortage.indices.estimate import Floats
from services.talent.domain.shortage.indices.momentum import DAYS_PER_QUARTER
from services.talent.domain.shortage.method import Method
from services.talent.domain.shortage.outlook.fan import Fan
from services.talent.domain.shortage.outlook.reconcile import reconcile
from services.talent.domain.shortage.outlook.steady import Steady
from services.talent.domain.shortage.outlook.stock import Habit, choose_habit, expected, spread

_EVEN = 0.5
At = tuple[int, int, int]


def months_ahead(months: int) -> list[float]:
    """The times of a monthly path, in quarters."""
    return [month / 3 for month in range(1, months + 1)]


@dataclass(frozen=True, slots=True)
class Closing:
    """The first time ahead at which the gap is at most (or, where it is already, more than) a threshold.

    `step` counts the path's times from 1 and is the first with probability ≥ ½, None where none is; `probability`
    that of this time, or of the last one. `closes`: whether the gap is over the threshold today.
    """

    step: int | None
    probability: float
    closes: bool


@dataclass(frozen=True)
class Path:
    """Demand with its fan and supply with its variance, so many quarters ahead."""

    quarters: Floats
    demand: Fan
    supply: Floats
    supply_variance: Floats

    def gap_at_most(self, threshold: float) -> Floats:
        """P(demand − supply ≤ threshold) at every time."""
        return self.demand.plus(0.0, self.supply_variance).at_most(self.supply + threshold)


@dataclass(frozen=True)
class Forecaster:
    """Forecasts over one cube. Habits are chosen once per level, over the closed quarters."""

    cube: Cube
    method: Method

    @property
    def quarters(self) -> int:
        """Closed quarters known."""
        return 0 if self.cube.history is None else len(self.cube.history.ends)

    def knows(self, at: At) -> bool:
        """Whether the cell has the history that a forecast needs."""
        history = self.cube.history
        if history is None:
            return False
        seen = int((~np.isnan(history.demand[(slice(None), *at)])).sum())
        return seen >= self.method.forecast_least

    def habit(self, at: At) -> Habit:
        """How the counts of the cell's level go on: leaves, industries or all; one city or all; one category or all."""
        return self._habits[_level(self.cube.axes, at)]

    @cached_property
    def _habits(self) -> dict[tuple[int, bool, bool], Habit]:
        history, method = self.cube.history, self.method
        usual = Habit(method.discount, method.persistence, method.shock)
        if history is None:
            return dict.fromkeys(_levels(self.cube.axes), usual)
        candidates = [*map(Habit._make, product(method.discounts, method.persistences, method.shocks))]
        return {
            level: choose_habit(
                history.demand[(slice(None), *where)],
                candidates,
                method.forecast_start,
                method.forecast_least,
                usual,
            )
            for level, where in _levels(self.cube.axes).items()
        }

    @cached_property
    def _usual(self) -> Steady:
        """What is believed of every cell; the discount of each lies in its level."""
        shape, rate = np.zeros(self.cube.axes.shape), np.zeros(self.cube.axes.shape)
        for level, where in _levels(self.cube.axes).items():
            belief = self._followed(where, self._habits[level].discount)
            shape[where], rate[where] = belief.shape, belief.rate
        return Steady(shape, rate, self.method.discount)

    @cached_property
    def _expected(self) -> dict[float, Floats]:
        return {}

    def expected(self, quarters: float) -> Floats:
        """Expected demand of every cell so many quarters ahead, adding up at every level to the whole province's."""
        kept = self._expected.get(quarters)
        if kept is None:
            means = np.zeros(self.cube.axes.shape)
            for level, where in _levels(self.cube.axes).items():
                persistence = self._habits[level].persistence
                means[where] = expected(
                    self._usual.level[where], self.cube.demand[where], persistence, quarters
                )
            kept = self._expected[quarters] = reconcile(self.cube.axes, means, self.cube.demand)
        return kept

    def path(self, at: At, ahead: Sequence[float]) -> Path:
        """One cell so many quarters ahead, reconciled with the province."""
        quarters = np.asarray(ahead, float)
        mean = np.asarray([float(self.expected(each)[at]) for each in ahead])
        demand = Fan(mean, spread(mean, self._usual.rate[at], self.habit(at), quarters))
        share = quarters / self.method.horizon_quarters
        funded, arrivals, retiring = (
            _known(each, at) * share for each in (self.cube.funded, self.cube.arrivals, self.cube.retiring)
        )
        into, out = (
            _known(each, at) * quarters / self.method.moves_quarters
            for each in (self.cube.moved_in, self.cube.moved_out)
        )
        supply = np.maximum(float(self.cube.supply[at]) + arrivals + into - out - retiring, 0.0)
        return Path(quarters, demand.plus(funded, funded), supply, arrivals + into + out + retiring)

    def closing(self, at: At, path: Path, threshold: float = 0.0) -> Closing:
        """When the gap passes the threshold."""
        closes = bool(self.cube.demand[at] - self.cube.supply[at] > threshold)
        under = path.gap_at_most(threshold)
        chance = under if closes else 1 - under
        reached = np.flatnonzero(chance >= _EVEN)
        where = int(reached[0]) if reached.size else len(chance) - 1
        return Closing(where + 1 if reached.size else None, float(chance[where]), closes)

    def _followed(self, where: tuple[Any, ...], delta: float) -> Steady:
        """The belief after the closed quarters, and the present one by its passed part."""
        history, today = self.cube.history, self.cube.demand[where]
        series = np.zeros((0, *np.shape(today))) if history is None else history.demand[(slice(None), *where)]
        belief = Steady.follow(series, delta, self.method.forecast_start)
        passed = self._passed
        aged = delta**passed
        return Steady(belief.shape * aged + passed * today, belief.rate * aged + passed, delta)

    @cached_property
    def _passed(self) -> float:
        if not self.quarters or self.cube.history is None:
            return 1.0
        days = (self.cube.as_of - self.cube.history.ends[-1]).days
        return float(min(1.0, max(0.0, days / DAYS_PER_QUARTER)))


def _known(counts: Counts | None, at: At) -> float:
    return 0.0 if counts is None else float(np.nan_to_num(counts[at]))


def _level(axes: Axes, at: At) -> tuple[int, bool, bool]:
    depth = min(2, len(axes.lineage[at[0]]) - 1)
    return depth, at[1] % axes.shape[1] == axes.shape[1] - 1, at[2] % axes.shape[2] == axes.shape[2] - 1


def _levels(axes: Axes) -> dict[tuple[int, bool, bool], tuple[Any, ...]]:
    """Index of the cells of every level."""
    depths = np.asarray([min(2, len(path) - 1) for path in axes.lineage])
    cities, kinds = np.arange(axes.shape[1]), np.arange(axes.shape[2])
    found: dict[tuple[int, bool, bool], tuple[Any, ...]] = {}
    for depth in sorted(set(depths.tolist())):
        for every_city in (False, True):
            for every_kind in (False, True):
                where = np.ix_(
                    np.flatnonzero(depths == depth),
                    cities[-1:] if every_city else cities[:-1],
                    kinds[-1:] if every_kind else kinds[:-1],
                )
                found[depth, every_city, every_kind] = where
    return found
