"""Moves as the map knows them: in steps, so that an index that rests on a handful of movers does not tell them."""

from dataclasses import replace
from typing import Any

import numpy as np

from services.talent.domain.shortage.counts.cube import Counts, Cube


def in_steps(cube: Cube, step: int) -> Cube:
    """The cube with moves into and out of every cell, and retirements, rounded to multiples of `step`, halves up.

    The parts of an index are exact and can be inverted; what can be had from them is then no nearer to the people
    who moved than a step. Cells are rounded one by one: those of a total need not add up to it.
    """
    names = ("moved_in", "moved_out", "retiring")
    known: dict[str, Any] = {
        name: _rounded(counts, step) for name in names if (counts := getattr(cube, name)) is not None
    }
    return replace(cube, **known)


def _rounded(counts: Counts, step: int) -> Counts:
    return np.asarray(np.floor((counts + step / 2) / step) * step)
