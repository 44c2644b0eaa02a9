"""What is expected of a cell before its own counts are seen: fitted when a period closes, then frozen.

While the priors stand, a change of one person or position moves its leaf cell and that cell's ancestors only.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from services.talent.domain.axes import Axes
from services.talent.domain.shortage.counts.cube import Cells, Cube
from services.talent.domain.shortage.indices import estimate, momentum
from services.talent.domain.shortage.indices.estimate import Floats
from services.talent.domain.shortage.method import Method

BALANCE = 0.5
# A prior speaks for both sides: at least half a token each, so that an empty side never reads as certainty.
LEAST_TOKENS = 0.5
SHARE_BOUNDS = (0.05, 0.95)
_ONE_CITY = (slice(None, -1), -1)
_ONE_CATEGORY = (-1, slice(None, -1))
_BOTH = (slice(None, -1), slice(None, -1))


@dataclass(frozen=True)
class Priors:
    """Arrays of the axes' shape: centre `share` and strength `kappa` of demand's share, `rate` of the hazard's Gamma.

    `reference` is P(open after 90 days) of the province, the neutral point of the difficulty of filling; `slope`
    the usual slope of the log ratio per quarter, the unit of momentum.
    """

    axes: Axes
    share: Floats
    kappa: Floats
    rate: Floats
    reference: float
    slope: float

    @classmethod
    def fit(cls, cube: Cube, method: Method) -> "Priors":
        """The priors of the period that the cube closes.

        A cell with a city or a category leans on its direction in the whole province, a direction on the one
        above it, the province on balance (0.5). Each share is itself shrunk towards the one above, so an empty
        parent hands down the grandparent's. κ is fitted over the cells of the same pattern, for a direction
        over its siblings. The Gamma prior of the hazard keeps a fixed shape and matches the mean hazard above,
        shrunk likewise; its value over the province is the method's proposal.
        """
        shape = cube.axes.shape
        share, kappa, rate = np.zeros(shape), np.zeros(shape), np.zeros(shape)
        weight = estimate.evidence_share(
            cube.demand, cube.supply, estimate.kish_share(cube.demand, cube.squared)
        )
        shares, hazards = np.zeros(shape[0]), np.zeros(shape[0])
        for node in _downwards(cube.axes):
            up = cube.axes.parents[node]
            top = up == node
            above = BALANCE if top else float(shares[up])
            brothers = [node] if top else cube.axes.children(up)
            strength = _fit(cube, weight, (brothers, -1, -1), above)
            share[node, -1, -1], kappa[node, -1, -1] = above, strength
            rate[node, -1, -1] = method.prior_days if top else method.prior_fills / hazards[up]
            shares[node] = _shrunk(cube, weight, (node, -1, -1), above, strength)
            hazards[node] = _hazard(cube, node, rate[node, -1, -1], method)
            for block in (_ONE_CITY, _ONE_CATEGORY, _BOTH):
                share[node, *block] = shares[node]
                kappa[node, *block] = _fit(cube, weight, (node, *block), float(shares[node]))
                rate[node, *block] = method.prior_fills / hazards[node]
        usual = momentum.fit_scale(
            *momentum.cell_slopes(cube, method.momentum_quarters, method.momentum_least), method.prior_slope
        )
        return cls(cube.axes, *_guarded(share, kappa), rate, _reference(cube, method), usual)

    def at(self, cells: Cells) -> "Priors":
        """Those of these cells alone, in arrays of one dimension."""
        return replace(
            self,
            **{name: getattr(self, name).reshape(-1)[cells] for name in ("share", "kappa", "rate")},
        )

    def document(self) -> dict[str, Any]:
        """The priors as JSON values by node code, to be kept with a release: one number per pattern of cell."""
        return {
            "reference": self.reference,
            "slope": self.slope,
            "nodes": {
                code: [[float(array[at, *place]) for place in _PATTERNS] for array in self._arrays()]
                for at, code in enumerate(self.axes.nodes)
            },
        }

    @classmethod
    def of_document(cls, axes: Axes, document: Mapping[str, Any]) -> "Priors":
        """Priors kept earlier; a direction renamed since takes its own, one added, merged or split those of the node
        above it.
        """
        known = document["nodes"]
        arrays = (np.zeros(axes.shape), np.zeros(axes.shape), np.zeros(axes.shape))
        for at in range(axes.shape[0]):
            source = next(known[each] for each in _names(axes, at) if each in known)
            for array, values in zip(arrays, source, strict=True):
                for place, value in zip(_FILLED, values, strict=True):
                    array[at, *place] = value
        return cls(axes, *arrays, float(document["reference"]), float(document["slope"]))

    def _arrays(self) -> tuple[Floats, Floats, Floats]:
        return self.share, self.kappa, self.rate


_PATTERNS = ((-1, -1), (0, -1), (-1, 0), (0, 0))
_FILLED: tuple[tuple[Any, Any], ...] = ((-1, -1), _ONE_CITY, _ONE_CATEGORY, _BOTH)


def _names(axes: Axes, node: int) -> Iterator[str]:
    """Codes under which a node's priors may be kept: its own, its only earlier one, those of the nodes above."""
    own, *above = (axes.nodes[up] for up in axes.lineage[node])
    earlier = [code for code, places in axes.former.items() if own in dict(places)]
    yield own
    if len(earlier) == 1 and len(axes.former[earlier[0]]) == 1:
        yield earlier[0]
    yield from above


def _downwards(axes: Axes) -> Iterator[int]:
    """Every node after its parent."""
    return iter(sorted(range(len(axes.nodes)), key=lambda node: len(axes.lineage[node])))


def _fit(cube: Cube, weight: Floats, block: tuple[Any, ...], share: float) -> float:
    demand, supply = cube.demand[block].ravel(), cube.supply[block].ravel()
    least, most = SHARE_BOUNDS
    return estimate.fit_kappa(demand, supply, min(max(share, least), most), weight[block].ravel())


def _shrunk(cube: Cube, weight: Floats, at: tuple[int, int, int], above: float, kappa: float) -> float:
    demand, supply = weight[at] * cube.demand[at], weight[at] * cube.supply[at]
    return float((demand + kappa * above) / (demand + supply + kappa))


def _hazard(cube: Cube, node: int, rate: float, method: Method) -> float:
    at = (node, -1, -1)
    return float((method.prior_fills + cube.fills[at]) / (rate + cube.exposure[at]))


def _guarded(share: Floats, kappa: Floats) -> tuple[Floats, Floats]:
    strength = np.maximum(kappa, 2 * LEAST_TOKENS)
    edge = np.maximum(LEAST_TOKENS / strength, SHARE_BOUNDS[0])
    return np.clip(share, edge, 1 - edge), strength


def _reference(cube: Cube, method: Method) -> float:
    fills, exposure = (array[-1:, -1, -1] for array in (cube.fills, cube.exposure))
    days = float(method.difficulty_days)
    value = estimate.still_open(days, method.prior_fills + fills, method.prior_days + exposure)
    return float(np.clip(value[0], 0.001, 0.999))
