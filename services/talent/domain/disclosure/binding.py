"""What binds the hidden cells of a table to each other, in connected parts.

Somebody who has all shown counts knows that the hidden ones are not negative and add up to them. So hidden counts can
be displaced together by any d with

    Σ d(parts) = d(total) along a line along which counts add up, a shown count being displaced by 0,
    d ≥ −(the least that the count can be within its class).

People over directions do not add up: a total is at most the sum of its parts and at least the largest of them.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from services.talent.domain.disclosure.lines import Lines

Mask = NDArray[np.bool_]
Numbers = NDArray[np.float64]
Places = NDArray[np.intp]


class Range(NamedTuple):
    """What counts are at least, as their classes tell: flat; so what is left beside them, by `spare` and `excess`."""

    least: Numbers
    spare: Numbers
    excess: Numbers


class System(NamedTuple):
    """Displacements d of some variables: `low` ≤ d ≤ `high` and `at_least` ≤ rows · d ≤ `at_most`."""

    rows: sparse.csr_array
    at_least: Numbers
    at_most: Numbers
    low: Numbers
    high: Numbers


class Part(NamedTuple):
    """A connected part. `cells` are numbers of hidden cells, `variable` which variable of the system each is."""

    cells: Places
    variable: Places
    system: System


def bindings(lines: Lines, counts: Range, places: Places, reach: float, *, people: bool) -> System:
    """What binds the hidden cells at `places`; displacements beyond `reach` are left out."""
    number = np.full(lines.size, -1)
    number[places] = np.arange(len(places))
    rows = sparse.csr_array(lines.matrix[:, places])
    firm = lines.additive | (not people)
    above = _above(lines, number, len(places), people=people)
    binding = counts.spare < reach * np.diff(above.indptr)
    open_ = np.full(int(binding.sum()), -np.inf)
    found = sparse.csr_array(sparse.vstack([rows, above[binding]], format="csr"))
    at_least = np.concatenate([np.where(firm, 0.0, -counts.excess), open_])
    at_most = np.concatenate([np.where(firm, 0.0, np.inf), counts.spare[binding]])
    used = np.diff(found.indptr) > 0
    low, high = -np.minimum(counts.least[places], reach), np.full(len(places), reach)
    return System(found[used], at_least[used], at_most[used], low, high)


def parts(system: System) -> Iterator[Part]:
    """The system in parts that have no row in common; cells that always move alike are one variable."""
    variable = _alike(system)
    size = int(variable.max()) + 1
    merged = sparse.csr_array(system.rows @ _merging(variable, size))
    merged.eliminate_zeros()
    low, high = np.full(size, -np.inf), np.full(size, np.inf)
    np.maximum.at(low, variable, system.low)
    np.minimum.at(high, variable, system.high)
    count, part_of = connected_components(abs(merged).T @ abs(merged), directed=False)
    row_part = np.full(merged.shape[0], -1)
    filled = np.diff(merged.indptr) > 0
    row_part[filled] = part_of[merged.indices[merged.indptr[:-1][filled]]]
    for part in range(count):
        own, lines = np.flatnonzero(part_of == part), np.flatnonzero(row_part == part)
        cells = np.flatnonzero(part_of[variable] == part)
        yield Part(
            cells,
            np.searchsorted(own, variable[cells]),
            System(merged[lines][:, own], system.at_least[lines], system.at_most[lines], low[own], high[own]),
        )


def _alike(system: System) -> Places:
    """Which cells are always displaced by the same: equations of one part and its total say so."""
    starts = system.rows.indptr[:-1]
    pairs = np.flatnonzero(
        (np.diff(system.rows.indptr) == 2) & (system.at_most == 0) & (system.at_least == 0)
    )
    first, second = starts[pairs], starts[pairs] + 1
    opposite = system.rows.data[first] * system.rows.data[second] < 0
    ends = system.rows.indices[first[opposite]], system.rows.indices[second[opposite]]
    size = system.low.size
    alike: Places = connected_components(
        sparse.coo_array((np.ones(int(opposite.sum())), ends), shape=(size, size)), directed=False
    )[1]
    return alike


def _merging(variable: Places, size: int) -> sparse.csr_array:
    count = len(variable)
    return sparse.csr_array((np.ones(count), (np.arange(count), variable)), shape=(count, size))


def spare(lines: Lines, counts: Numbers, *, people: bool) -> Numbers:
    """How much of each total that also counts what no line shows is left beside its parts.

    Heads add up in such a total; of people each part alone is at most the total, along lines over directions too.
    """
    if people:
        part, total = lines.held.T
        return np.asarray(np.maximum(counts[total] - counts[part], 0.0))
    pairs, row = _pairs(lines, people=people)
    total, taken = np.zeros(_rows(row)), np.zeros(_rows(row))
    total[row] = counts[pairs[:, 1]]
    np.add.at(taken, row, counts[pairs[:, 0]])
    return np.maximum(total - taken, 0.0)


def excess(lines: Lines, counts: Numbers) -> Numbers:
    """By how much the parts of each line sum to more than its total: people who count in two of them."""
    return np.asarray(np.maximum(lines.matrix @ counts, 0.0))


def held_back(lines: Lines, rows: Places, *, people: bool) -> Places:
    """The cells that these entries of `spare` are about."""
    pairs, row = _pairs(lines, people=people)
    return np.unique(pairs[np.isin(row, rows)])


def _above(lines: Lines, number: Places, size: int, *, people: bool) -> sparse.csr_array:
    """Rows Σ parts − total over the hidden cells, in the order of `spare`."""
    pairs, row = _pairs(lines, people=people)
    total = np.zeros(_rows(row), np.intp)
    total[row] = pairs[:, 1]
    part, top = number[pairs[:, 0]], number[total]
    hidden, covered = part >= 0, top >= 0
    at = np.concatenate([row[hidden], np.flatnonzero(covered)]), np.concatenate([part[hidden], top[covered]])
    values = np.concatenate([np.ones(int(hidden.sum())), -np.ones(int(covered.sum()))])
    return sparse.csr_array((values, at), shape=(len(total), size))


def _pairs(lines: Lines, *, people: bool) -> tuple[Places, Places]:
    """Pairs (part, total), and which row each belongs to."""
    pairs = lines.held if people else lines.above
    return pairs, np.arange(len(pairs)) if people else np.unique(pairs[:, 1], return_inverse=True)[1]


def _rows(row: Places) -> int:
    return int(row.max()) + 1 if len(row) else 0
