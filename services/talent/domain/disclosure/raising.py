"""The search for displacements of a large part, of thousands of hidden numbers that hang together.

Another objective after each search is costly there. So each program is solved by itself, with presolve, and raises a
random quarter of the numbers together, each as far as it still lacks; the others give way.
"""

from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from services.talent.domain.disclosure.binding import System
from services.talent.domain.disclosure.searching import program_of

Mask = NDArray[np.bool_]
Numbers = NDArray[np.float64]
Places = NDArray[np.intp]
# The choices are the same every time, so that the same counts always give the same answer.
_PROBE = 2023
_SHARE = 0.25
_FEW = 8
# Raising together goes on until it gains no more than this share of them so many times in a row.
_WORTH = 0.02
_IDLE = 3
_SLACK = 1e-6


class Raising:
    """The displacements of a part that were found so far: the `least` and the `most` of each variable."""

    def __init__(self, system: System, least: Numbers, most: Numbers) -> None:
        """Begins with displacements that are known to be possible."""
        self._system = system
        self.least, self.most = least.copy(), most.copy()

    def narrow(self, width: float) -> Mask:
        """The variables whose range is below `width`: many are raised together, the rest is looked for singly."""
        random = np.random.default_rng(_PROBE)
        idle = 0
        while idle < _IDLE and len(tight := np.flatnonzero(self._tight(width))) > _FEW:
            chosen = tight[random.random(len(tight)) < _SHARE]
            if len(chosen):
                self._raise(chosen, width, random.uniform(0.5, 1.0, len(chosen)))
            gained = len(tight) - int(self._tight(width).sum())
            idle = 0 if gained > _WORTH * len(tight) else idle + 1
        size = len(self.least)
        for at in np.flatnonzero(self._tight(width)):
            for sign in (-1.0, 1.0):
                if self._tight(width)[at]:
                    aims = np.zeros(size)
                    aims[at] = sign
                    self._take(_solved(self._system, aims))
        return self._tight(width)

    def _raise(self, chosen: Places, width: float, weights: Numbers) -> None:
        """Raise some variables together, none further than it lacks."""
        size, count = len(self.least), len(chosen)
        reach = sparse.coo_array((-np.ones(count), (np.arange(count), chosen)), shape=(count, size))
        rows = sparse.block_array([[self._system.rows, None], [reach, sparse.eye_array(count)]], format="csr")
        goals = np.maximum(width + self.least[chosen], 0.0)
        low, high = (
            np.concatenate(each) for each in ((self._system.low, np.zeros(count)), (self._system.high, goals))
        )
        at_least = np.concatenate([self._system.at_least, np.full(count, -np.inf)])
        at_most = np.concatenate([self._system.at_most, np.zeros(count)])
        wider = System(sparse.csr_array(rows), at_least, at_most, low, high)
        self._take(_solved(wider, np.concatenate([np.zeros(size), -weights])))

    def _take(self, found: Numbers | None) -> None:
        if found is not None:
            np.minimum(self.least, found[: len(self.least)], out=self.least)
            np.maximum(self.most, found[: len(self.most)], out=self.most)

    def _tight(self, width: float) -> Mask:
        return np.asarray(self.most - self.least < width - _SLACK)


def _solved(system: System, aims: Numbers) -> Numbers | None:
    """The displacement with the least Σ aims · d; None if the search did not end."""
    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    program = program_of(system)
    program.col_cost_ = aims
    solver.passModel(program)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    return np.asarray(solver.getSolution().col_value)
