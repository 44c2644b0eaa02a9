"""From counts to indices, for every cell at once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit
from scipy.stats import norm

from services.talent.domain.axes import Axes
from services.talent.domain.shortage import estimate
from services.talent.domain.shortage.cube import Cube
from services.talent.domain.shortage.method import Method

Floats = NDArray[np.float64]
Z90 = float(norm.ppf(0.95))
BALANCE = 0.5


@dataclass(frozen=True)
class Indices:
    """Arrays of the cube's shape. `parts` holds the weighted log-odds by component; NaN where a component lacks.

    `log_odds` is their sum and `sd` its standard deviation; `still_open` the probability of being unfilled after
    90 days, `reference` the province's.
    """

    log_odds: Floats
    sd: Floats
    parts: dict[str, Floats]
    still_open: Floats
    reference: float
    missing: NDArray[np.int64]

    @property
    def index(self) -> Floats:
        """0 to 100."""
        return np.asarray(100 * expit(self.log_odds))

    def interval(self) -> tuple[Floats, Floats]:
        """The 90 % interval of the index."""
        return 100 * expit(self.log_odds - Z90 * self.sd), 100 * expit(self.log_odds + Z90 * self.sd)

    def reaches(self, floor: float, at: tuple[int, int, int]) -> float:
        """P(index ≥ floor) of one cell."""
        return float(1 - norm.cdf((logit(floor / 100) - self.log_odds[at]) / self.sd[at]))


def compute(cube: Cube, method: Method) -> Indices:
    """The indices of every cell of the cube."""
    tight, tight_sd = _tightness(cube)
    hard, hard_sd, still_open, reference = _difficulty(cube, method)
    values = {"tightness": (tight, tight_sd), "difficulty": (hard, hard_sd)}
    weights = dict(method.weights)
    present = {name: ~np.isnan(values[name][0]) for name in weights}
    total = sum(weights[name] * present[name] for name in weights)
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = {name: np.where(present[name], weights[name] / total, 0.0) for name in weights}
    parts = {name: np.where(present[name], scale[name] * values[name][0], np.nan) for name in weights}
    # The components rest on different counts (stocks, and histories of filling), so their variances add.
    variance = sum((scale[name] * np.nan_to_num(values[name][1])) ** 2 for name in weights)
    return Indices(
        log_odds=np.asarray(sum(np.nan_to_num(part) for part in parts.values())),
        sd=np.sqrt(np.asarray(variance)),
        parts=parts,
        still_open=still_open,
        reference=reference,
        missing=np.asarray(sum((~each).astype(np.int64) for each in present.values())),
    )


def _tightness(cube: Cube) -> tuple[Floats, Floats]:
    demand, supply = cube.demand, cube.supply
    evidence = estimate.evidence_share(demand, supply, estimate.kish_share(demand, cube.squared))
    prior = _priors(cube)
    kappa = np.full(demand.shape, estimate.FALLBACK_KAPPA)
    last = demand.shape[1] - 1
    for node in range(demand.shape[0]):
        # Siblings of a cell are the cities of its direction; six categories are too few to fit.
        kappa[node, :last, :] = estimate.fit_kappa(
            demand[node, :last, -1],
            supply[node, :last, -1],
            float(prior[node, 0, -1]),
            evidence[node, :last, -1],
        )
    mean, sd = estimate.tightness(demand, supply, prior, kappa, evidence)
    empty = (demand + supply) == 0
    return np.where(empty, np.nan, mean), np.where(empty, np.nan, sd)


def _priors(cube: Cube) -> Floats:
    """The parent's share of positions: a category's parent is its city, a city's the province, a direction's the
    one above it; an empty parent is passed over, and above the province stands balance.
    """
    share = _own_share(cube)
    prior = np.empty(cube.demand.shape)
    for node in _top_down(cube.axes):
        above = (
            BALANCE if cube.axes.parents[node] == node else _known(share, cube.axes, cube.axes.parents[node])
        )
        prior[node, -1, -1] = above
        whole = share[node, -1, -1] if not np.isnan(share[node, -1, -1]) else above
        prior[node, :-1, -1] = whole
        prior[node, -1, :-1] = whole
        city = share[node, :-1, -1]
        prior[node, :-1, :-1] = np.where(np.isnan(city), whole, city)[:, None]
    return prior


def _own_share(cube: Cube) -> Floats:
    total = cube.demand + cube.supply
    return np.where(total > 0, (cube.demand + 0.5) / (total + 1), np.nan)


def _known(share: Floats, axes: Axes, node: int) -> float:
    """The province-wide share of the nearest ancestor that has data."""
    for each in axes.lineage[node]:
        if not np.isnan(share[each, -1, -1]):
            return float(share[each, -1, -1])
    return BALANCE


def _top_down(axes: Axes) -> list[int]:
    return sorted(range(len(axes.nodes)), key=lambda node: len(axes.lineage[node]))


def _difficulty(cube: Cube, method: Method) -> tuple[Floats, Floats, Floats, float]:
    fills, exposure = cube.fills, cube.exposure
    days = float(method.difficulty_days)
    whole = (-1, -1, -1)
    reference = float(
        estimate.still_open(days, method.prior_fills + fills[whole], method.prior_days + exposure[whole])
    )
    reference = min(max(reference, 1e-6), 1 - 1e-6)
    rate = _prior_rate(cube, method)
    a, b = method.prior_fills + fills, rate + exposure
    mean, sd = estimate.difficulty(days, a, b, reference)
    absent = exposure <= 0
    open_share = np.where(absent, np.nan, estimate.still_open(days, a, b))
    return np.where(absent, np.nan, mean), np.where(absent, np.nan, sd), open_share, reference


def _prior_rate(cube: Cube, method: Method) -> Floats:
    """Position-days of the prior, so that its mean hazard is the parent's (the direction's in the province)."""
    fills, exposure = cube.fills[:, -1, -1], cube.exposure[:, -1, -1]
    own = method.prior_fills * (method.prior_days + exposure) / (method.prior_fills + fills)
    parents = np.asarray(cube.axes.parents)
    rate = np.broadcast_to(own[:, None, None], cube.demand.shape).copy()
    top = parents == np.arange(len(parents))
    rate[:, -1, -1] = np.where(top, method.prior_days, own[parents])
    return rate
