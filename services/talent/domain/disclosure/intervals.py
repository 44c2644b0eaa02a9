"""The interval audit: between which bounds the shown cells confine a hidden count, given that none is negative."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linprog

from services.talent.domain.disclosure.binding import System
from services.talent.domain.disclosure.lines import Lines
from services.talent.domain.disclosure.searching import Searching

Mask = NDArray[np.bool_]
Numbers = NDArray[np.float64]
_PROBE = 2023
_JOINT = 16
_BATCH = 24
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
        found = self._searching.point(objective)
        if found is None:
            return self._solve(objective, self.at_most, self.at_most_to, self.ceiling)
        return found

    @cached_property
    def _searching(self) -> Searching:
        rows = sparse.csr_array(sparse.vstack([self.equal, self.at_most], format="csr"))
        at_least = np.concatenate([self.equal_to, np.full(len(self.at_most_to), -np.inf)])
        at_most = np.concatenate([self.equal_to, self.at_most_to])
        return Searching(System(rows, at_least, at_most, np.zeros(len(self.places)), self.ceiling))

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

    def interval(self, at: int) -> tuple[float, float]:
        """Least and most that the hidden cell number `at` can be."""
        unit = np.zeros(len(self.places))
        unit[at] = 1.0
        return float(self.extreme(unit)[at]), float(self.extreme(-unit)[at])


@dataclass(frozen=True)
class Bounds:
    """The least and the most that each cell can be, as far as it is known yet: flat, beginning with the counts.

    What is possible stays possible when further cells are hidden, so bounds are carried from audit to audit.
    """

    low: Numbers
    high: Numbers

    @classmethod
    def at(cls, counts: Numbers) -> "Bounds":
        """Nothing but the counts themselves is known to be possible."""
        return cls(counts.astype(float), counts.astype(float))

    def widen(self, places: NDArray[np.intp], point: Numbers) -> None:
        """Take in one set of possible counts."""
        self.low[places] = np.minimum(self.low[places], point)
        self.high[places] = np.maximum(self.high[places], point)

    def tight(self, places: NDArray[np.intp], width: float) -> NDArray[np.intp]:
        """The numbers of those places that are not known to have the width."""
        return np.flatnonzero(self.high[places] - self.low[places] < width - _SLACK)


def narrow(
    lines: Lines, counts: Numbers, hidden: Mask, width: float, *, people: bool, bounds: Bounds | None = None
) -> Mask:
    """Hidden cells that are confined to less than `width`: none only if there is none, and then a batch of them.

    A few sets of possible counts serve most cells at once; only for those that stay narrow between them are the
    two bounds of each looked for.
    """
    found = np.zeros(lines.size, bool)
    known = Bounds.at(counts) if bounds is None else bounds
    places = np.flatnonzero(hidden)
    if not len(known.tight(places, width)):
        return found
    attack = Attack.on(lines, counts, hidden, people=people)
    _jointly(attack, known, width)
    for at in known.tight(places, width):
        if found.sum() >= _BATCH:
            break
        found[places[at]] = _is_narrow(attack, known, int(at), width)
    return found


def _jointly(attack: Attack, known: Bounds, width: float) -> None:
    """Look for counts that show many cells to have the width, as long as that gets on."""
    random, places = np.random.default_rng(_PROBE), attack.places
    for turn in range(_JOINT):
        tight = known.tight(places, width)
        if not len(tight):
            return
        weights = random.uniform(0.5, 1.0, len(tight))
        if turn % 4 == 3:
            objective = np.zeros(len(places))
            objective[tight] = weights
            known.widen(places, attack.extreme(objective))
        else:
            known.widen(places, attack.raised(tight, known.low[places[tight]] + width, weights))
        if turn % 4 == 3 and len(known.tight(places, width)) > 0.8 * len(tight):
            return


def _is_narrow(attack: Attack, known: Bounds, at: int, width: float) -> bool:
    unit = np.zeros(len(attack.places))
    for sign in (-1.0, 1.0):
        if not len(known.tight(attack.places[[at]], width)):
            return False
        unit[at] = sign
        known.widen(attack.places, attack.extreme(unit))
    return bool(len(known.tight(attack.places[[at]], width)))


def _bounded(lines: Lines, loose: Mask) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Pairs of part and total where the total is never less than the part and no equation says so."""
    pairs = [(lines.above[:, 0], lines.above[:, 1])]
    coordinates = sparse.coo_array(lines.matrix[loose])
    totals = np.zeros(coordinates.shape[0], np.intp)
    minus = coordinates.data < 0
    totals[coordinates.row[minus]] = coordinates.col[minus]
    pairs.append((coordinates.col[~minus], totals[coordinates.row[~minus]]))
    return pairs
