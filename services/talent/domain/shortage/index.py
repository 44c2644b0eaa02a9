"""From counts to indices, for every cell at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, ndtr, ndtri

from services.talent.domain.shortage import estimate
from services.talent.domain.shortage.components import COMPONENTS, Component, Part
from services.talent.domain.shortage.cube import Cube
from services.talent.domain.shortage.estimate import Floats
from services.talent.domain.shortage.method import Method
from services.talent.domain.shortage.priors import Priors

Z90 = float(ndtri(0.95))
# An estimate is never certain: neither 0 nor 100 is ever printed.
INDEX_BOUNDS = (0.1, 99.9)


@dataclass(frozen=True)
class Indices:
    """Arrays of the cube's shape. `parts` holds the weighted log-odds by component; NaN where a component lacks.

    `log_odds` is their sum and `sd` its standard deviation; `still_open` the probability of being unfilled after
    90 days, `reference` the province's. `stars` is 0 to 5; `sure` the probability of that star or more, without
    a star that of having none.
    """

    log_odds: Floats
    sd: Floats
    parts: dict[str, Floats]
    still_open: Floats
    reference: float
    missing: NDArray[np.int64]
    stars: NDArray[np.int64]
    sure: Floats

    @property
    def index(self) -> Floats:
        """0 to 100."""
        return _percent(self.log_odds)

    def interval(self) -> tuple[Floats, Floats]:
        """The 90 % interval of the index."""
        return _percent(self.log_odds - Z90 * self.sd), _percent(self.log_odds + Z90 * self.sd)

    def reaches(self, floor: float, at: tuple[int, int, int]) -> float:
        """P(index ≥ floor) of one cell."""
        return float(ndtr((self.log_odds[at] - logit(floor / 100)) / self.sd[at]))


def compute(cube: Cube, method: Method, priors: Priors | None = None) -> Indices:
    """The indices of every cell of the cube, under frozen priors; without any, those fitted to the cube itself."""
    expected = priors or Priors.fit(cube, method)
    weights = dict(method.weights)
    used = [component for component in COMPONENTS if component.key in weights]
    parts, log_odds, sd = combine(
        used, weights, [component.estimate(cube, expected, method) for component in used]
    )
    stars, sure = _stars(log_odds, sd, method.star_floors)
    days = float(method.difficulty_days)
    open_share = estimate.still_open(days, method.prior_fills + cube.fills, expected.rate + cube.exposure)
    return Indices(
        log_odds=log_odds,
        sd=sd,
        parts=parts,
        still_open=np.where(cube.exposure > 0, open_share, np.nan),
        reference=expected.reference,
        missing=np.sum([np.isnan(parts[each.key]) & (weights[each.key] > 0) for each in used], axis=0),
        stars=stars,
        sure=sure,
    )


def combine(
    components: Sequence[Component], weights: Mapping[str, float], parts: Sequence[Part]
) -> tuple[dict[str, Floats], Floats, Floats]:
    """Signed contributions, their sum, and its standard deviation.

    The weight of a part that a cell lacks is spread over the others. Parts that share demand counts are taken
    as perfectly correlated, the safe side: their deviations add. The others add in squares.
    """
    present = [~np.isnan(part.mean) for part in parts]
    total = np.sum([weights[c.key] * here for c, here in zip(components, present, strict=True)], axis=0)
    whole = np.where(total > 0, total, 1.0)
    signed: dict[str, Floats] = {}
    block, squares = np.zeros_like(whole), np.zeros_like(whole)
    for component, part, here in zip(components, parts, present, strict=True):
        scale = weights[component.key] / whole
        signed[component.key] = np.where(here & (total > 0), scale * part.mean, np.nan)
        spread = np.where(here, scale * np.nan_to_num(part.sd), 0.0)
        block, squares = (
            (block + spread, squares) if component.shares_demand else (block, squares + spread**2)
        )
    log_odds = np.sum([np.nan_to_num(value) for value in signed.values()], axis=0)
    return signed, np.asarray(log_odds), np.sqrt(block**2 + squares)


def _percent(log_odds: Floats) -> Floats:
    return np.asarray(np.clip(100 * expit(log_odds), *INDEX_BOUNDS))


def _stars(log_odds: Floats, sd: Floats, floors: Sequence[float]) -> tuple[NDArray[np.int64], Floats]:
    edges = logit(np.asarray(floors) / 100)
    stars = np.searchsorted(edges, log_odds, side="right")
    over = ndtr((log_odds - edges[np.maximum(stars - 1, 0)]) / np.where(sd > 0, sd, 1.0))
    return stars, np.where(stars > 0, over, 1 - over)
