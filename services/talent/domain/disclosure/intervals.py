"""The interval audit: between which bounds the shown cells confine a hidden count, given that none is negative."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linprog

from services.talent.domain.disclosure.lines import Lines

Mask = NDArray[np.bool_]
Numbers = NDArray[np.float64]
_PROBE = 2023
_JOINT = 16
_UNBOUNDED = 3
_SLACK = 1e-6


@dataclass(frozen=True)
class Attack:
    """What somebody knows who has every shown cell: linear bounds on the hidden ones."""

    places: NDArray[np.intp]
    equal: sparse.csr_array
    equal_to: Numbers
    at_most: sparse.csr_array
    at_most_to: Numbers
    ceiling: Numbers

    @classmethod
    def on(cls, lines: Lines, counts: Numbers, hidden: Mask, *, people: bool) -> "Attack":
        """`people`: over directions a person may count twice, so that a total only bounds its parts."""
        places = np.flatnonzero(hidden)
        shown = np.where(hidden, 0.0, counts)
        system = sparse.csr_array(lines.matrix[:, places])
        used, known = np.diff(system.indptr) > 0, lines.matrix @ shown
        firm = used & (lines.additive | (not people))
        loose = used & ~firm
        ceiling = np.full(lines.size, np.inf)
        for part, total in _bounded(lines, loose):
            open_ = ~hidden[total]
            np.minimum.at(ceiling, part[open_], counts[total[open_]])
        return cls(places, system[firm], -known[firm], -system[loose], known[loose], ceiling[places])

    def extreme(self, objective: Numbers) -> Numbers:
        """The possible counts with the least `objective`."""
        return self._solve(objective, self.at_most, self.at_most_to, self.ceiling)

    def raised(self, wanted: NDArray[np.intp], goals: Numbers, weights: Numbers) -> Numbers:
        """Possible counts that bring as many of the hidden cells number `wanted` up to their goals as they can."""
        size, count = len(self.places), len(wanted)
        reach = sparse.coo_array((-np.ones(count), (np.arange(count), wanted)), shape=(count, size))
        rows = sparse.block_array([[self.at_most, None], [reach, sparse.eye_array(count)]], format="csr")
        limits = np.concatenate([self.at_most_to, np.zeros(count)])
        objective = np.concatenate([np.zeros(size), -weights])
        return self._solve(objective, rows, limits, np.concatenate([self.ceiling, goals]))[:size]

    def _solve(
        self, objective: Numbers, at_most: sparse.csr_array, at_most_to: Numbers, ceiling: Numbers
    ) -> Numbers:
        wider = sparse.csr_array((self.equal.shape[0], len(objective) - self.equal.shape[1]))
        equal = sparse.hstack([self.equal, wider], format="csr")
        loose = {"A_ub": at_most, "b_ub": at_most_to} if at_most.shape[0] else {}
        firm = {"A_eq": equal, "b_eq": self.equal_to} if equal.shape[0] else {}
        bounds = np.stack([np.zeros(len(objective)), ceiling], axis=1)
        answer: Any = linprog(objective, **loose, **firm, bounds=bounds, method="highs")
        if answer.status == _UNBOUNDED:
            return np.where(objective < 0, np.inf, 0.0)
        if answer.x is None:
            raise ArithmeticError(f"the audit of intervals did not end: {answer.message}")
        found: Numbers = answer.x
        return found

    def bounds(self, at: int) -> tuple[float, float]:
        """Least and most that the hidden cell number `at` can be."""
        unit = np.zeros(len(self.places))
        unit[at] = 1.0
        return float(self.extreme(unit)[at]), float(self.extreme(-unit)[at])


def narrow(lines: Lines, counts: Numbers, hidden: Mask, width: float, *, people: bool) -> Mask:
    """The hidden cells that are confined to less than `width`.

    A few extreme points serve most cells at once; only for those that stay narrow between them are the two
    bounds of each looked for.
    """
    found = np.zeros(lines.size, bool)
    if not hidden.any():
        return found
    attack = Attack.on(lines, counts, hidden, people=people)
    low = counts[attack.places].astype(float)
    high = low.copy()
    random = np.random.default_rng(_PROBE)
    for turn in range(_JOINT):
        tight = np.flatnonzero(high - low < width - _SLACK)
        if not len(tight):
            break
        weights = random.uniform(0.5, 1.0, len(tight))
        if turn % 4 == 3:
            objective = np.zeros(len(low))
            objective[tight] = weights
            _widen(low, high, attack.extreme(objective))
        else:
            _widen(low, high, attack.raised(tight, low[tight] + width, weights))
    for at in np.flatnonzero(high - low < width - _SLACK):
        if high[at] - low[at] < width - _SLACK:
            unit = np.zeros(len(low))
            unit[at] = 1.0
            _widen(low, high, attack.extreme(-unit))
        if high[at] - low[at] < width - _SLACK:
            _widen(low, high, attack.extreme(unit))
    found[attack.places] = high - low < width - _SLACK
    return found


def _widen(low: Numbers, high: Numbers, point: Numbers) -> None:
    np.minimum(low, point, out=low)
    np.maximum(high, point, out=high)


def _bounded(lines: Lines, loose: Mask) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Pairs of part and total where the total is never less than the part and no equation says so."""
    pairs = [(lines.above[:, 0], lines.above[:, 1])]
    coordinates = sparse.coo_array(lines.matrix[loose])
    totals = np.zeros(coordinates.shape[0], np.intp)
    minus = coordinates.data < 0
    totals[coordinates.row[minus]] = coordinates.col[minus]
    pairs.append((coordinates.col[~minus], totals[coordinates.row[~minus]]))
    return pairs
