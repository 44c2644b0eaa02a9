"""How demand is spread over employers, at every level.

Squares and the largest employers do not add up the tree: an employer of two cities is one employer of the province.
What is kept of a cell is how many employers have how many open heads in it; everything else follows from that.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.talent.domain.axes import Axes

Integers = NDArray[np.int64]
Heads = dict[tuple[str, int], int]
"""Open heads by employer and leaf cell, the cell as its position among a node's blocks of counts."""


class Sizes(NamedTuple):
    """`employers` employers have `heads` open heads in cell `cell` (its flat position among all cells)."""

    cell: Integers
    heads: Integers
    employers: Integers


class Concentration(NamedTuple):
    """Over all cells: employers, Σ of their squared heads, heads of the largest and of the second."""

    employers: Integers
    squared: Integers
    largest: Integers
    second: Integers


def sizes_of(axes: Axes, heads: Mapping[tuple[str, int], int]) -> Sizes:
    """The sizes of employers in every cell at every level, sorted by cell and size."""
    found = [(employer, place, amount) for (employer, place), amount in heads.items() if amount]
    if not found:
        return Sizes(*(np.zeros(0, np.int64) for _ in range(3)))
    names, places, amounts = zip(*found, strict=True)
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    ids = np.fromiter((numbers[name] for name in names), np.int64, len(names))
    cells = ancestors(axes, np.asarray(places, np.int64))
    keys = (cells * len(numbers) + ids[:, None])[cells >= 0]
    weights = np.broadcast_to(np.asarray(amounts, np.int64)[:, None], cells.shape)[cells >= 0]
    pairs, sums = _summed(keys, weights)
    return counted(pairs // len(numbers), sums)


def counted(cells: Integers, heads: Integers) -> Sizes:
    """The sizes of one entry per cell and employer."""
    order = np.lexsort((heads, cells))
    cells, heads = cells[order], heads[order]
    first = np.ones(len(cells), bool)
    first[1:] = (np.diff(cells) != 0) | (np.diff(heads) != 0)
    starts = np.flatnonzero(first)
    return Sizes(cells[starts], heads[starts], np.diff(np.append(starts, len(cells))))


def ancestors(axes: Axes, places: Integers) -> Integers:
    """For each leaf cell the flat positions of all cells that count it, itself included; −1 fills up a row."""
    _, width, depth = axes.shape
    node, rest = np.divmod(places, width * (depth - 1))
    city, kind = np.divmod(rest, depth - 1)
    tree = _lineages(axes)[node]
    offsets = [slot * depth + each for slot in (city, width - 1) for each in (kind, depth - 1)]
    spread = np.stack([np.broadcast_to(offset, city.shape) for offset in offsets], axis=1)
    cells = tree[:, :, None] * (width * depth) + spread[:, None, :]
    return np.where(tree[:, :, None] >= 0, cells, -1).reshape(len(places), tree.shape[1] * len(offsets))


def concentrate(axes: Axes, sizes: Sizes) -> Concentration:
    """What is shown of the employers of every cell, in the cube's shape."""
    total = int(np.prod(axes.shape))
    employers, squared, largest, second = (np.zeros(total, np.int64) for _ in range(4))
    np.add.at(employers, sizes.cell, sizes.employers)
    np.add.at(squared, sizes.cell, sizes.employers * sizes.heads**2)
    np.maximum.at(largest, sizes.cell, sizes.heads)
    alone = (sizes.heads == largest[sizes.cell]) & (sizes.employers == 1)
    np.maximum.at(second, sizes.cell[~alone], sizes.heads[~alone])
    return Concentration(*(array.reshape(axes.shape) for array in (employers, squared, largest, second)))


def difference(after: Sizes, before: Sizes) -> Sizes:
    """How the numbers of employers changed, sorted; sizes that did not change are left out."""
    cells, heads = np.append(after.cell, before.cell), np.append(after.heads, before.heads)
    changes = np.append(after.employers, -before.employers)
    order = np.lexsort((heads, cells))
    cells, heads, changes = cells[order], heads[order], changes[order]
    starts = np.flatnonzero(np.append(True, (np.diff(cells) != 0) | (np.diff(heads) != 0))[: len(cells)])
    if not len(starts):
        return after
    sums = np.add.reduceat(changes, starts)
    return Sizes(cells[starts][sums != 0], heads[starts][sums != 0], sums[sums != 0])


def shifted(found: Concentration, changes: Sizes) -> tuple[Concentration, list[int]]:
    """The concentration after `changes`, and the cells whose largest employers only all their sizes can tell:
    those that lost one of their two largest.
    """
    shape = found.employers.shape
    employers, squared, largest, second = (array.reshape(-1).copy() for array in found)
    np.add.at(employers, changes.cell, changes.employers)
    np.add.at(squared, changes.cell, changes.employers * changes.heads**2)
    lost = (changes.employers < 0) & (changes.heads >= second[changes.cell])
    unsure = np.unique(changes.cell[lost])
    more = changes.employers > 0
    for cell, heads, number in zip(*(each[more].tolist() for each in changes), strict=True):
        tops = sorted((largest[cell], second[cell], heads, heads if number > 1 else 0))
        largest[cell], second[cell] = tops[-1], tops[-2]
    arrays = (array.reshape(shape) for array in (employers, squared, largest, second))
    return Concentration(*arrays), unsure.tolist()


def _lineages(axes: Axes) -> Integers:
    """A row of ancestors for every node, −1 where there are no more."""
    tree = np.full((len(axes.nodes), max(map(len, axes.lineage))), -1, np.int64)
    for node, path in enumerate(axes.lineage):
        tree[node, : len(path)] = path
    return tree


def _summed(keys: Integers, weights: Integers) -> tuple[Integers, Integers]:
    """Distinct keys and the sums of their weights."""
    order = np.argsort(keys, kind="stable")
    keys, weights = keys[order], weights[order]
    starts = np.flatnonzero(np.append(True, np.diff(keys) != 0))
    return keys[starts], np.add.reduceat(weights, starts)
