"""How published cells are bound together: each line is a total and the cells that make it up."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from services.talent.domain.axes import Axes

Places = NDArray[np.intp]


@dataclass(frozen=True)
class Family:
    """Lines of one kind that share no part. `totals`: place of each total; `parts`: (lines, width).

    Places are flat positions; lines with fewer parts are filled up with the position after the last cell.
    `additive`: whether people add up over the parts. Over directions they do not: a person may belong to two, and
    counts once in the total. Their shares, and heads of demand, add up along every line.
    """

    totals: Places
    parts: Places
    additive: bool = True


@dataclass(frozen=True)
class Lines:
    """All lines over `size` cells. `above`: pairs (part, total) where the total also counts what is not published."""

    size: int
    families: tuple[Family, ...]
    above: Places

    @cached_property
    def matrix(self) -> sparse.csr_array:
        """One row a line: 1 for each part, −1 for the total; in the order of the families."""
        rows, columns, values = [], [], []
        first = 0
        for family in self.families:
            line, at = np.nonzero(family.parts < self.size)
            count = len(family.totals)
            rows += [first + line, np.arange(first, first + count)]
            columns += [family.parts[line, at], family.totals]
            values += [np.ones(len(line)), -np.ones(count)]
            first += count
        if not first:
            return sparse.csr_array((0, self.size))
        shape = (first, self.size)
        return sparse.csr_array(
            (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))), shape=shape
        )

    @cached_property
    def by_cell(self) -> sparse.csr_array:
        """One row a cell: the lines that hold it."""
        return sparse.csr_array(self.matrix.T)

    @cached_property
    def membership(self) -> tuple[Places, ...]:
        """For each family, which of its lines holds each cell; −1 where none does."""
        return tuple(_membership(family, self.size) for family in self.families)

    @cached_property
    def additive(self) -> NDArray[np.bool_]:
        """Of each row of the matrix, whether people add up along it."""
        return np.concatenate(
            [np.full(len(family.totals), family.additive) for family in self.families] or [np.zeros(0, bool)]
        )

    @cached_property
    def shared(self) -> sparse.csr_array:
        """Cells by cells: above 0 where two of them share a line, or one is a bound of the other."""
        joined = abs(self.matrix)
        part, total = self.above.T
        bounds = sparse.coo_array((np.ones(len(part)), (part, total)), shape=(self.size, self.size))
        return sparse.csr_array(joined.T @ joined + bounds + bounds.T)

    @cached_property
    def overlapping(self) -> Places:
        """Pairs (part, total) of the lines along which people may count twice: each part is at most the total."""
        pairs = [_no_bounds()]
        for family in self.families:
            if not family.additive:
                line, at = np.nonzero(family.parts < self.size)
                pairs.append(np.stack([family.parts[line, at], family.totals[line]], axis=1))
        return np.concatenate(pairs)

    @cached_property
    def held(self) -> Places:
        """Pairs (part, total) where the part's people are at most the total's: `above` and `overlapping`."""
        return np.concatenate([self.above, self.overlapping])

    @classmethod
    def of_table(cls, rows: int, columns: int) -> "Lines":
        """Of a table with a total for each row and column and a grand total: (rows + 1) × (columns + 1) cells."""
        places = np.arange((rows + 1) * (columns + 1)).reshape(rows + 1, columns + 1)
        return cls(places.size, (_along(places, 0), _along(places, 1)), _no_bounds())

    @classmethod
    def of_axes(cls, axes: Axes, *, margins_only: bool = False, whole_province: bool = False) -> "Lines":
        """Of the whole cube, or of its margins: the cells in which at least one dimension is `all`; with
        `whole_province` of a cube that has no cities.

        A direction with parts counts also what hangs on itself, which is published nowhere: it bounds its parts
        and does not equal their sum.
        """
        nodes, cities, categories = axes.shape
        shape = (nodes, 1 if whole_province else cities, categories)
        places = np.arange(int(np.prod(shape))).reshape(shape)
        families = [_along(places, axis) for axis in (1, 2) if shape[axis] > 1]
        bounds = [_no_bounds()]
        for node in range(nodes):
            parts = places[axes.children(node)].reshape(-1, places[node].size).T
            if not parts.size:
                continue
            if node < len(axes.leaves):
                bounds += [np.stack([column, places[node].ravel()], axis=1) for column in parts.T]
            else:
                families.append(Family(places[node].ravel(), np.ascontiguousarray(parts), additive=False))
        found = cls(places.size, tuple(families), np.concatenate(bounds))
        return found.within(margins(axes)) if margins_only else found

    def within(self, published: NDArray[np.bool_]) -> "Lines":
        """The lines all of whose cells are `published` (a flat mask)."""
        known = np.append(published, True)
        families = []
        for family in self.families:
            kept = known[family.totals] & known[family.parts].all(axis=1)
            if kept.any():
                families.append(Family(family.totals[kept], family.parts[kept], family.additive))
        return Lines(self.size, tuple(families), self.above[known[self.above].all(axis=1)])


def _along(places: Places, axis: int) -> Family:
    """The lines over a dimension whose last entry is the total."""
    moved = np.moveaxis(places, axis, -1).reshape(-1, places.shape[axis])
    return Family(moved[:, -1], moved[:, :-1])


def _membership(family: Family, size: int) -> Places:
    found = np.full(size + 1, -1, np.intp)
    lines, width = family.parts.shape
    found[family.parts.ravel()] = np.repeat(np.arange(lines), width)
    found[family.totals] = np.arange(lines)
    return found[:-1]


def _no_bounds() -> Places:
    return np.zeros((0, 2), np.intp)


def margins(axes: Axes) -> NDArray[np.bool_]:
    """A flat mask of the cells in which at least one dimension is `all`."""
    found = np.zeros(axes.shape, bool)
    found[-1], found[:, -1], found[:, :, -1] = True, True, True
    return found.ravel()
