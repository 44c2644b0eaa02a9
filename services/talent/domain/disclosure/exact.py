"""The exact audit: which hidden cells follow from the shown ones by adding and subtracting.

A hidden cell follows iff it cannot move in any change of the hidden cells that keeps all shown ones, that is iff
its unit vector lies in the row space of the lines over the hidden cells. One random vector of the null space tells
for all cells at once: those that it does not move cannot be moved, with probability 1.
"""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import lsmr, splu

from services.talent.domain.disclosure.lines import Lines

Mask = NDArray[np.bool_]
Vector = NDArray[np.float64]
Places = NDArray[np.intp]
# The probe is the same every time, so that the same counts always give the same pattern.
_PROBE = 2023
_STILL = 1e-7
_DENSE = 30
# Makes the equations' inner products regular; what it costs in accuracy is won back by repetition.
_SHIFT = 1e-6
_TURNS = 12
_KEPT = 4_096


class _Step(NamedTuple):
    """An equation that binds nothing, because `pivot` occurs in it alone; the pivot follows from the others."""

    row: int
    pivot: int


@dataclass(frozen=True)
class Recall:
    """What was found of sets of hidden cells that hang together. Which of them follow depends on nothing else.

    Safe to share between threads; for one set of lines.
    """

    _known: "OrderedDict[bytes, Mask]" = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def find(self, cells: Places) -> Mask | None:
        """Which of these cells follow, if they were asked for before."""
        with self._lock:
            return self._known.get(_digest(cells))

    def keep(self, cells: Places, followed: Mask) -> None:
        """Remember it."""
        with self._lock:
            self._known[_digest(cells)] = followed
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)


def recoverable(lines: Lines, hidden: Mask, recall: Recall | None = None) -> Mask:
    """The hidden cells whose value follows from the shown ones."""
    places, found = np.flatnonzero(hidden), np.zeros(len(hidden), bool)
    if not len(places):
        return found
    equations = _over(lines, places)
    if recall is None:
        found[places] = _followed(equations)
        return found
    sets = [places[each] for each in _sets(equations)]
    answers = [recall.find(each) for each in sets]
    news = [each for each, answer in zip(sets, answers, strict=True) if answer is None]
    if news:
        asked = np.sort(np.concatenate(news))
        found[asked] = _followed(_over(lines, asked))
        for each in news:
            recall.keep(each, found[each])
    for each, answer in zip(sets, answers, strict=True):
        if answer is not None:
            found[each] = answer
    return found


def _over(lines: Lines, places: Places) -> sparse.csr_array:
    """The lines that hold any of these cells, over these cells."""
    by_cell = lines.by_cell[places]
    rows, columns = np.unique(by_cell.indices, return_inverse=True)
    shape = len(places), len(rows)
    return sparse.csr_array(sparse.csr_array((by_cell.data, columns, by_cell.indptr), shape=shape).T)


def _followed(equations: sparse.csr_array) -> Mask:
    return np.asarray(np.abs(_null_vector(equations)) < _STILL)


def _sets(equations: sparse.csr_array) -> list[Places]:
    """The unknowns in sets that have no equation in common."""
    count, number = connected_components(abs(equations).T @ abs(equations), directed=False)
    order = np.argsort(number, kind="stable")
    return np.split(order, np.cumsum(np.bincount(number, minlength=count))[:-1]) if count else []


def _digest(cells: Places) -> bytes:
    return hashlib.sha256(np.ascontiguousarray(cells).tobytes()).digest()


def _null_vector(equations: sparse.csr_array) -> Vector:
    """A random vector that all equations take to 0."""
    core, unknowns, steps = _peeled(equations)
    vector: Vector = np.random.default_rng(_PROBE).standard_normal(equations.shape[1])
    if core.shape[0]:
        vector[unknowns] = _projected(core, vector[unknowns])
    for step in reversed(steps):
        start, end = equations.indptr[step.row : step.row + 2]
        places, factors = equations.indices[start:end], equations.data[start:end]
        others = places != step.pivot
        vector[step.pivot] = -(factors[others] @ vector[places[others]]) / factors[~others][0]
    return vector


def _peeled(equations: sparse.csr_array) -> tuple[sparse.csr_array, NDArray[np.intp], list[_Step]]:
    """What is left when equations with an unknown of their own are put aside, again and again.

    Returns the core, the unknowns in it, and the steps in the order in which they were put aside.
    """
    alive = np.ones(equations.shape[0], bool)
    by_unknown = equations.tocsc()
    row_of = np.repeat(np.arange(equations.shape[0]), np.diff(equations.indptr))
    degree = np.diff(by_unknown.indptr).astype(np.int64)
    steps: list[_Step] = []
    while True:
        private = (degree[equations.indices] == 1) & alive[row_of]
        rows, first = np.unique(row_of[private], return_index=True)
        if not len(rows):
            break
        pivots = equations.indices[private][first]
        steps += [_Step(int(row), int(pivot)) for row, pivot in zip(rows, pivots, strict=True)]
        alive[rows] = False
        gone = np.isin(row_of, rows)
        np.subtract.at(degree, equations.indices[gone], 1)
    core = equations[alive]
    unknowns = np.unique(core.indices)
    return core[:, unknowns], unknowns, steps


def _projected(core: sparse.csr_array, vector: Vector) -> Vector:
    """The part of a vector that lies in the null space: by decomposition where that is small, else by iteration."""
    if core.shape[0] <= _DENSE:
        return _decomposed(core, vector)
    moved = _factored(core, vector)
    if np.abs(core @ moved).max() > _STILL / 10:
        moved = (
            vector
            - lsmr(core, core @ vector, atol=1e-14, btol=1e-14, conlim=0, maxiter=20 * max(core.shape))[0]
        )
    if np.abs(core @ moved).max() > _STILL / 10:
        return _decomposed(core, vector)
    return moved


def _factored(core: sparse.csr_array, vector: Vector) -> Vector:
    """By a factorisation of the equations' inner products, shifted; each turn takes out what the shift left."""
    squares = sparse.csc_array(core @ core.T + _SHIFT * sparse.eye_array(core.shape[0]))
    factors = splu(
        squares, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True}
    )
    moved = vector
    for _ in range(_TURNS):
        left = core @ moved
        if np.abs(left).max() < _STILL / 1_000:
            break
        moved = moved - core.T @ factors.solve(left)
    return moved


def _decomposed(core: sparse.csr_array, vector: Vector) -> Vector:
    """The singular values of the equations and their left vectors, from the equations' inner products."""
    squares, left = np.linalg.eigh((core @ core.T).toarray())
    firm = squares > 1e-10 * squares.max(initial=1.0)
    image = left[:, firm].T @ (core @ vector)
    moved: Vector = vector - core.T @ (left[:, firm] @ (image / squares[firm]))
    return moved
