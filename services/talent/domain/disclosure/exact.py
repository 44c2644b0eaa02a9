"""The exact audit: which hidden cells follow from the shown ones by adding and subtracting.

A hidden cell follows iff it cannot move in any change of the hidden cells that keeps all shown ones, that is iff
its unit vector lies in the row space of the lines over the hidden cells. One random vector of the null space tells
for all cells at once: those that it does not move cannot be moved, with probability 1.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import lsmr

from services.talent.domain.disclosure.lines import Lines

Mask = NDArray[np.bool_]
Vector = NDArray[np.float64]
# The probe is the same every time, so that the same counts always give the same pattern.
_PROBE = 2023
_STILL = 1e-7
_DENSE = 300


class _Step(NamedTuple):
    """An equation that binds nothing, because `pivot` occurs in it alone; the pivot follows from the others."""

    row: int
    pivot: int


def recoverable(lines: Lines, hidden: Mask) -> Mask:
    """The hidden cells whose value follows from the shown ones."""
    places = np.flatnonzero(hidden)
    equations = sparse.csr_array(lines.matrix[:, places])
    equations = equations[np.diff(equations.indptr) > 0]
    moved = _null_vector(equations)
    found = np.zeros(len(hidden), bool)
    found[places] = np.abs(moved) < _STILL
    return found


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
    image = core @ vector
    solution = lsmr(core, image, atol=1e-14, btol=1e-14, conlim=0, maxiter=20 * max(core.shape))[0]
    moved: Vector = vector - solution
    if np.abs(core @ moved).max() > _STILL / 10:
        return _decomposed(core, vector)
    return moved


def _decomposed(core: sparse.csr_array, vector: Vector) -> Vector:
    """The singular values of the equations and their left vectors, from the equations' inner products."""
    squares, left = np.linalg.eigh((core @ core.T).toarray())
    firm = squares > 1e-10 * squares.max(initial=1.0)
    image = left[:, firm].T @ (core @ vector)
    moved: Vector = vector - core.T @ (left[:, firm] @ (image / squares[firm]))
    return moved
