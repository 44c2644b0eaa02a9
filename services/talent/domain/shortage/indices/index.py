"""From counts to indices, for every cell at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, ndtr, ndtri

from services.talent.domain.shortage.counts.cube import Cells, Cube, patched
from services.talent.domain.shortage.indices import estimate
from services.talent.domain.shortage.indices.components import COMPONENTS, Component, Part
from services.talent.domain.shortage.indices.estimate import Floats
from services.talent.domain.shortage.indices.priors import Priors
from services.talent.domain.shortage.indices.stars import Belief, settle
from services.talent.domain.shortage.method import Method

Z90 = float(ndtri(0.95))
# An estimate is never certain: neither 0 nor 100 is ever printed.
INDEX_BOUNDS = (0.1, 99.9)
_CORE = ("tightness", "difficulty")


@dataclass(frozen=True)
class Indices:
    """Arrays of the cube's shape. `parts` holds the weighted log-odds by component, `raw` those before weighting;
    NaN where a component lacks.

    `log_odds` is their sum and `sd` its standard deviation; `still_open` the probability of being unfilled after
    90 days, `reference` the province's. `known` marks cells with an index: the others have log-odds 0. `missing`
    counts the parts that a cell lacks, those of which no source speaks there as one. `stars` is 0 to 5; `sure`
    the probability of that star or more, without a star that of having none; `watch` says that it is in doubt.
    """

    log_odds: Floats
    sd: Floats
    parts: dict[str, Floats]
    raw: dict[str, Floats]
    still_open: Floats
    reference: float
    known: NDArray[np.bool_]
    missing: NDArray[np.int64]
    stars: NDArray[np.int64]
    sure: Floats
    watch: NDArray[np.bool_]

    def patched(self, cells: Cells, part: "Indices") -> "Indices":
        """These with other values in these cells: `part`, in arrays of one dimension."""
        mine, others = self._arrays(), part._arrays()
        found: dict[str, Any] = patched(mine, cells, others)
        for name in ("parts", "raw"):
            found[name] = {key: found.pop(f"{name}.{key}") for key in getattr(self, name)}
        return replace(self, **found)

    def _arrays(self) -> dict[str, NDArray[Any]]:
        """All of its arrays by name, those of `parts` and `raw` by two."""
        found: dict[str, NDArray[Any]] = {}
        for name, value in ((each.name, getattr(self, each.name)) for each in fields(self)):
            if isinstance(value, np.ndarray):
                found[name] = value
            elif isinstance(value, dict):
                found |= {f"{name}.{key}": each for key, each in value.items()}
        return found

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


def compute(cube: Cube, method: Method, priors: Priors | None = None, past: Sequence[Belief] = ()) -> Indices:
    """The indices of every cell of the cube, under frozen priors; without any, those fitted to the cube itself.

    `past`: the beliefs of the quarters before, oldest first, which hold the stars.
    """
    expected = priors or Priors.fit(cube, method)
    weights = dict(method.weights)
    used = [component for component in COMPONENTS if component.key in weights]
    estimates = _without_core([component.estimate(cube, expected, method) for component in used], used)
    parts, log_odds, sd = combine(used, weights, estimates)
    known = np.any([~np.isnan(parts[each.key]) for each in used if weights[each.key] > 0], axis=0)
    now = Belief(np.where(known, log_odds, np.nan), sd)
    standing = settle(past, now, method.star_floors, method.sure)
    days = float(method.difficulty_days)
    open_share = estimate.still_open(days, method.prior_fills + cube.fills, expected.rate + cube.exposure)
    return Indices(
        log_odds=log_odds,
        sd=sd,
        parts=parts,
        raw={each.key: part.mean for each, part in zip(used, estimates, strict=True)},
        still_open=np.where(cube.exposure > 0, open_share, np.nan),
        reference=expected.reference,
        known=known,
        missing=_missing(cube, method, used, parts),
        stars=standing.stars,
        sure=standing.sure,
        watch=standing.watch,
    )


def _without_core(parts: Sequence[Part], used: Sequence[Component]) -> list[Part]:
    """Nothing is said of a cell that has neither tightness nor difficulty."""
    core = [part for part, each in zip(parts, used, strict=True) if each.key in _CORE]
    if not core:
        return list(parts)
    absent = np.all([np.isnan(part.mean) for part in core], axis=0)
    return [Part(np.where(absent, np.nan, mean), sd) for mean, sd in parts]


def _missing(
    cube: Cube, method: Method, used: Sequence[Component], parts: Mapping[str, Floats]
) -> NDArray[np.int64]:
    weights = dict(method.weights)
    wanted = [each for each in used if weights[each.key] > 0]
    lacking = np.array([np.isnan(parts[each.key]) for each in wanted])
    fed = np.array([each.fed(cube, method) for each in wanted])
    return np.asarray((lacking & fed).sum(axis=0) + (lacking & ~fed).any(axis=0))


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
        spread = np.where(here, scale * estimate.or_zero(part.sd), 0.0)
        block, squares = (
            (block + spread, squares) if component.shares_demand else (block, squares + spread**2)
        )
    log_odds = np.sum([estimate.or_zero(value) for value in signed.values()], axis=0)
    return signed, np.asarray(log_odds), np.sqrt(block**2 + squares)


def _percent(log_odds: Floats) -> Floats:
    return np.asarray(np.clip(100 * expit(log_odds), *INDEX_BOUNDS))
