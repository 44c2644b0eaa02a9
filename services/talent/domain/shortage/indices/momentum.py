"""Whether a cell grows tighter or looser: the slope of ln((V + ½) / (S + ½)) per quarter."""

from datetime import date

import numpy as np
from scipy.optimize import minimize_scalar

from services.talent.domain.shortage.counts.cube import Cube, History
from services.talent.domain.shortage.indices.estimate import LEAST_SIBLINGS, Floats

DAYS_PER_QUARTER = 365.25 / 4
SCALE_BOUNDS = (0.02, 0.5)


def cell_slopes(cube: Cube, quarters: int, least: int) -> tuple[Floats, Floats]:
    """Slope per quarter and its standard deviation over the last `quarters` closed quarters and the cube's day.

    NaN where fewer than `least` points are known, or where none of them has demand or supply.
    """
    unknown = np.full_like(cube.demand, np.nan)
    if cube.history is None or not cube.history.ends:
        return unknown, unknown
    times, demand, supply = _points(cube, cube.history, quarters)
    slope, sd = slopes(times, demand, supply, least)
    empty = np.nansum(demand + supply, axis=0) <= 0
    return np.where(empty, np.nan, slope), np.where(empty, np.nan, sd)


def _points(cube: Cube, history: History, quarters: int) -> tuple[Floats, Floats, Floats]:
    keep = [at for at, end in enumerate(history.ends) if end < cube.as_of][-quarters:]
    days: list[date] = [*(history.ends[at] for at in keep), cube.as_of]
    times = np.asarray([(day - cube.as_of).days / DAYS_PER_QUARTER for day in days])
    demand = np.concatenate([history.demand[keep], cube.demand[None]])
    return times, demand, np.concatenate([history.supply[keep], cube.supply[None]])


def slopes(times: Floats, demand: Floats, supply: Floats, least: int) -> tuple[Floats, Floats]:
    """Least squares over the first axis, points with NaN left out.

    Each point errs by the scatter about the line or by what its counts alone explain, 1/(V+½) + 1/(S+½),
    whichever is more: eight equal small counts do not make a slope certain.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.log((demand + 0.5) / (supply + 0.5))
        known = ~np.isnan(ratio)
        when = np.where(known, times.reshape(-1, *(1,) * (ratio.ndim - 1)), np.nan)
        count = known.sum(axis=0)
        offset = when - np.nansum(when, axis=0) / count
        lever = offset / np.nansum(offset**2, axis=0)
        slope = np.nansum(lever * ratio, axis=0)
        rest = ratio - np.nansum(ratio, axis=0) / count - slope * offset
        scatter = np.nansum(rest**2, axis=0) / (count - 2)
        noise = np.fmax(scatter, 1 / (demand + 0.5) + 1 / (supply + 0.5))
        sd = np.sqrt(np.nansum(lever**2 * noise, axis=0))
    few = count < max(least, 3)
    return np.where(few, np.nan, slope), np.where(few, np.nan, sd)


def shrunk(slope: Floats, sd: Floats, scale: float) -> tuple[Floats, Floats]:
    """Slope and deviation after Normal(0, scale²) is believed beforehand: what is ill known moves towards 0."""
    trust = scale**2 / (scale**2 + sd**2)
    return slope * trust, sd * np.sqrt(trust)


def log_odds(slope: Floats, sd: Floats, scale: float) -> tuple[Floats, Floats]:
    """A slope in units of the usual one: the momentum's log-odds and their deviation."""
    return slope / scale, sd / scale


def fit_scale(slope: Floats, sd: Floats, fallback: float) -> float:
    """The usual size of slopes, by marginal likelihood of Normal(0, scale² + sd²), within [0.02, 0.5].

    With fewer than 8 cells that have a slope: `fallback`.
    """
    known = ~np.isnan(slope)
    if int(known.sum()) < LEAST_SIBLINGS:
        return fallback
    squares, noise = slope[known] ** 2, sd[known] ** 2

    def cost(log_scale: float) -> float:
        variance = np.exp(2 * log_scale) + noise
        return float(np.sum(np.log(variance) + squares / variance))

    low, high = np.log(SCALE_BOUNDS[0]), np.log(SCALE_BOUNDS[1])
    return float(np.exp(minimize_scalar(cost, bounds=(low, high), method="bounded").x))
