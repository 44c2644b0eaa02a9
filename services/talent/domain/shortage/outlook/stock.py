"""A stock of open positions, some quarters ahead: today's count, which returns to what is usual.

Positions stay open longer than a quarter, so the next count begins with the last one: E[y(t+h) | y(t)] is
ρ^h·y(t) + (1 − ρ^h)·m with the usual level m, as of a Poisson autoregression (INAR(1): McKenzie 1985; Al-Osh and
Alzaid 1987). ρ = 0 is the steady model, ρ near 1 no change. Variance: that of a Poisson count, the doubt about m,
and a change that the whole level shares, which adds up in one direction: (h·τ·mean)². The count is negative binomial.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from services.talent.domain.shortage.indices.estimate import Floats
from services.talent.domain.shortage.outlook.fan import Fan
from services.talent.domain.shortage.outlook.steady import Steady

SCORED = 8
"""Quarters that choose a habit: what was so two years ago and no longer is has no say."""


class Habit(NamedTuple):
    """How the counts of one level go on. `discount` δ: how long the past is believed; `persistence` ρ: what is left
    after a quarter of a distance from the usual level; `shock` τ: standard deviation of a shared change in a quarter,
    as a share of the count.
    """

    discount: float
    persistence: float
    shock: float


def expected(usual: Floats, last: Floats, persistence: float, quarters: float) -> Floats:
    """The mean `quarters` ahead (fractions allowed) of a stock that was `last`; where that is NaN, the usual one."""
    left = persistence**quarters
    return np.asarray(left * np.where(np.isnan(last), usual, last) + (1 - left) * usual)


def spread(mean: Floats, rate: Floats, habit: Habit, quarters: Floats | float) -> Floats:
    """The variance of a count of this mean so many quarters ahead; `rate`: what is believed of the usual level."""
    left = np.power(habit.persistence, quarters)
    doubt = (1 - left) ** 2 * mean / (rate * np.power(habit.discount, quarters))
    return np.asarray(mean + doubt + (quarters * habit.shock * mean) ** 2)


def log_scores(
    series: Floats, habits: Sequence[Habit], start: tuple[float, float], burn: int
) -> dict[Habit, float]:
    """For each habit the mean log-probability that it gave to each count, one quarter ahead, after `burn` quarters.

    0 where none came. What is believed of the usual level depends on the discount alone and is worked out once for it.
    """
    found = dict.fromkeys(habits, 0.0)
    count = int((~np.isnan(series[burn:])).sum())
    if not count:
        return found
    for delta in {habit.discount for habit in habits}:
        belief = Steady.follow(series[:burn], delta, start)
        for last, counts in zip(series[burn - 1 :], series[burn:], strict=False):
            seen = ~np.isnan(counts)
            for habit in (each for each in habits if each.discount == delta):
                mean = expected(belief.level, last, habit.persistence, 1)[seen]
                fan = Fan(mean, spread(mean, belief.rate[seen], habit, 1))
                found[habit] += float(fan.log_probability(counts[seen]).sum()) / count
            belief = belief.update(counts)
    return found


def choose_habit(
    series: Floats, candidates: Sequence[Habit], start: tuple[float, float], burn: int, fallback: Habit
) -> Habit:
    """The candidate with the best score over the last quarters of all cells of a level; a tie goes to larger numbers.

    `series`: quarters, oldest first, along the first axis; cells without a count have no say. `burn`: quarters needed
    before the first forecast, at least 1. `fallback` while none has a count after those.
    """
    cells = series[:, np.nansum(series, axis=0) > 0]
    first = max(burn, len(cells) - SCORED)
    if not np.any(cells[first:] >= 0):
        return fallback
    scores = log_scores(cells, candidates, start, first)
    return max(candidates, key=lambda habit: (scores[habit], habit))
