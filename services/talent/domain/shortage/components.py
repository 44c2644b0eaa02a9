"""The parts of the index. Each gives a log-odds with 0 = neutral and its standard deviation, NaN where unknown.

A further part (pipeline, momentum, flow) is a further entry of `COMPONENTS` and a weight in the method.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from services.kernel.text import Text
from services.talent.domain.shortage import estimate
from services.talent.domain.shortage.cube import Cube
from services.talent.domain.shortage.estimate import Floats
from services.talent.domain.shortage.method import Method
from services.talent.domain.shortage.priors import Priors


class Part(NamedTuple):
    """Log-odds and standard deviation of one component over all cells; NaN where the cell lacks it."""

    mean: Floats
    sd: Floats


@dataclass(frozen=True)
class Component:
    """`shares_demand`: rests on the same demand counts as the other parts so marked, and errs together with them."""

    key: str
    label: Text
    shares_demand: bool
    estimate: Callable[[Cube, Priors, Method], Part]


def tightness_part(cube: Cube, priors: Priors, method: Method) -> Part:
    """ln(positions per available person); known wherever there is demand or supply."""
    del method
    kish = estimate.kish_share(cube.demand, cube.squared)
    weight = estimate.evidence_share(cube.demand, cube.supply, kish)
    mean, sd = estimate.tightness(cube.demand, cube.supply, priors.share, priors.kappa, weight)
    empty = cube.demand + cube.supply == 0
    return Part(np.where(empty, np.nan, mean), np.where(empty, np.nan, sd))


def difficulty_part(cube: Cube, priors: Priors, method: Method) -> Part:
    """Log-odds of staying open for 90 days against the province's; known once a position has been open a day."""
    shape, rate = method.prior_fills + cube.fills, priors.rate + cube.exposure
    mean, sd = estimate.difficulty(float(method.difficulty_days), shape, rate, priors.reference)
    absent = cube.exposure <= 0
    return Part(np.where(absent, np.nan, mean), np.where(absent, np.nan, sd))


COMPONENTS = (
    Component("tightness", Text("供需紧张度", "tightness"), True, tightness_part),
    Component("difficulty", Text("招聘难度", "difficulty of filling"), False, difficulty_part),
)
