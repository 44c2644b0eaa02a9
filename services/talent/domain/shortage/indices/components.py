"""The five parts of the index. Each gives a log-odds with 0 = neutral and its standard deviation, NaN where unknown."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.kernel.text import Text
from services.talent.domain.shortage.counts.cube import Counts, Cube
from services.talent.domain.shortage.indices import estimate, momentum, pipeline
from services.talent.domain.shortage.indices.estimate import Floats
from services.talent.domain.shortage.indices.priors import Priors
from services.talent.domain.shortage.method import Method
from services.talent.domain.shortage.names import LABELS


class Part(NamedTuple):
    """Log-odds and standard deviation of one component over all cells; NaN where the cell lacks it."""

    mean: Floats
    sd: Floats


@dataclass(frozen=True)
class Component:
    """`shares_demand`: rests on the same demand counts as the other parts so marked, and errs together with them.

    `fed` marks the cells of which its sources speak, whether or not it can be known there.
    """

    key: str
    label: Text
    shares_demand: bool
    estimate: Callable[[Cube, Priors, Method], Part]
    fed: Callable[[Cube, Method], NDArray[np.bool_]] = lambda cube, _: np.ones(cube.demand.shape, bool)


def tightness_part(cube: Cube, priors: Priors, method: Method) -> Part:
    """ln(positions per available person); known wherever there is demand or supply."""
    del method
    mean, sd = estimate.tightness(cube.demand, cube.supply, priors.share, priors.kappa, _evidence(cube))
    return _where(cube.demand + cube.supply > 0, mean, sd)


def difficulty_part(cube: Cube, priors: Priors, method: Method) -> Part:
    """Log-odds of staying open for 90 days against the province's; known once a position has been open a day."""
    shape, rate = method.prior_fills + cube.fills, priors.rate + cube.exposure
    mean, sd = estimate.difficulty(float(method.difficulty_days), shape, rate, priors.reference)
    return _where(cube.exposure > 0, mean, sd)


def pipeline_part(cube: Cube, priors: Priors, method: Method) -> Part:
    """The tightness of the next eight quarters: what will be wanted against who will be there."""
    ahead = pipeline.outlook(cube, method)
    known = estimate.or_zero(ahead.need + ahead.cover) > 0
    need, cover = np.where(known, ahead.need, 0.0), np.where(known, ahead.cover, 0.0)
    mean, sd = estimate.tightness(need, cover, priors.share, priors.kappa, _evidence(cube))
    return _where(known, mean, sd)


def momentum_part(cube: Cube, priors: Priors, method: Method) -> Part:
    """The slope of the log ratio, shrunk by its own deviation, in units of the usual slope."""
    slope, sd = momentum.cell_slopes(cube, method.momentum_quarters, method.momentum_least)
    return Part(*momentum.log_odds(*momentum.shrunk(slope, sd, priors.slope), priors.slope))


def flow_part(cube: Cube, priors: Priors, method: Method) -> Part:
    """Log-odds that somebody who moves is leaving; known where moves are reported."""
    del priors
    if cube.moved_in is None or cube.moved_out is None:
        unknown = np.full_like(cube.demand, np.nan)
        return Part(unknown, unknown)
    known = ~np.isnan(cube.moved_in + cube.moved_out)
    out, into = np.where(known, cube.moved_out, 0.0), np.where(known, cube.moved_in, 0.0)
    return _where(known, *estimate.beta_log_odds(out + method.prior_moves, into + method.prior_moves))


def pipeline_fed(cube: Cube, method: Method) -> NDArray[np.bool_]:
    """Where training places are reported, once quarters enough are closed to tell how much is usually advertised."""
    history = cube.history
    long = history is not None and history.opened is not None and len(history.ends) >= method.forecast_least
    return _told(cube, cube.arrivals) & long


def momentum_fed(cube: Cube, method: Method) -> NDArray[np.bool_]:
    """Everywhere, once quarters enough are closed; the day itself is one more point."""
    points = 1 + len(cube.history.ends) if cube.history else 0
    return np.full(cube.demand.shape, points >= method.momentum_least)


def flow_fed(cube: Cube, method: Method) -> NDArray[np.bool_]:
    """Where moves are reported."""
    del method
    return _told(cube, cube.moved_in) & _told(cube, cube.moved_out)


def _told(cube: Cube, counts: Counts | None) -> NDArray[np.bool_]:
    return np.zeros(cube.demand.shape, bool) if counts is None else ~np.isnan(counts)


def _evidence(cube: Cube) -> Floats:
    return estimate.evidence_share(cube.demand, cube.supply, estimate.kish_share(cube.demand, cube.squared))


def _where(known: NDArray[np.bool_], mean: Floats, sd: Floats) -> Part:
    return Part(np.where(known, mean, np.nan), np.where(known, sd, np.nan))


COMPONENTS = (
    Component("tightness", LABELS["tightness"], True, tightness_part),
    Component("difficulty", LABELS["difficulty"], False, difficulty_part),
    Component("pipeline", LABELS["pipeline"], True, pipeline_part, pipeline_fed),
    Component("momentum", LABELS["momentum"], True, momentum_part, momentum_fed),
    Component("flow", LABELS["flow"], False, flow_part, flow_fed),
)
