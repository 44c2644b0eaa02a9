"""Tables with totals, and an attacker who knows linear algebra and nothing of this program."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array

from services.talent.domain.axes import Axes

Numbers = NDArray[np.float64]
Mask = NDArray[np.bool_]


def with_totals(inner: Numbers) -> Numbers:
    """Rows × columns with a total for each and a grand total."""
    wide = np.concatenate([inner, inner.sum(axis=1, keepdims=True)], axis=1)
    return np.concatenate([wide, wide.sum(axis=0, keepdims=True)], axis=0)


def with_levels(axes: Axes, leaves: Numbers) -> Numbers:
    """A cube of heads at every level from the counts of its leaves."""
    found = np.zeros(axes.shape)
    for leaf in range(len(axes.leaves)):
        for node in axes.lineage[leaf]:
            found[node, :-1, :-1] += leaves[leaf]
    found[:, -1, :] = found[:, :-1, :].sum(axis=1)
    found[:, :, -1] = found[:, :, :-1].sum(axis=2)
    return found


def equations(axes: Axes) -> Numbers:
    """Every cell of the cube as a sum of leaf cells: one row a cell."""
    leaves, cities, kinds = len(axes.leaves), len(axes.cities) - 1, len(axes.categories) - 1
    rows = []
    for at in range(leaves * cities * kinds):
        unit = np.zeros(leaves * cities * kinds)
        unit[at] = 1.0
        rows.append(with_levels(axes, unit.reshape(leaves, cities, kinds)).ravel())
    return np.array(rows).T


def followed(rows: Numbers, hidden: Mask) -> list[int]:
    """Hidden cells whose row is a combination of the rows that are shown: what can be computed back."""
    shown = rows[~hidden]
    rank = np.linalg.matrix_rank(shown) if len(shown) else 0
    return [
        int(at)
        for at in np.flatnonzero(hidden)
        if rows[at].any() and np.linalg.matrix_rank(np.vstack([shown, rows[at]])) == rank
    ]


def least_width(rows: Numbers, counts: Numbers, hidden: Mask, asked: Mask | None = None) -> float:
    """The narrowest interval that the shown cells leave to a hidden (`asked`) one, none being negative."""
    firm = {"A_eq": csr_array(rows[~hidden]), "b_eq": counts[~hidden]} if (~hidden).any() else {}
    widths = [np.inf]
    for at in np.flatnonzero(hidden if asked is None else asked):
        low = linprog(rows[at], **firm, bounds=(0, None), method="highs")
        high = linprog(-rows[at], **firm, bounds=(0, None), method="highs")
        widths.append(np.inf if high.status == 3 else -high.fun - low.fun)
    return float(min(widths))


def table_equations(rows: int, columns: int) -> Numbers:
    """Every cell of a table with totals as a sum of its inner cells."""
    units = np.eye(rows * columns)
    return np.array([with_totals(unit.reshape(rows, columns)).ravel() for unit in units]).T


def least_width_of_people(axes: Axes, counts: Numbers, hidden: Mask, asked: Mask) -> float:
    """As `least_width` for the `asked` cells of a cube of people, who may belong to several directions: a total is at
    most the sum of its parts and at least each of them; what hangs on a direction with parts itself is unknown.
    """
    place = np.arange(counts.size).reshape(axes.shape)
    equal, most = [], []

    def row(parts: Any, total: int) -> Numbers:
        found = np.zeros(counts.size)
        found[parts] = 1.0
        found[total] -= 1.0
        return found

    for node in range(axes.shape[0]):
        equal += [row(place[node, :-1, kind], place[node, -1, kind]) for kind in range(axes.shape[2])]
        equal += [row(place[node, city, :-1], place[node, city, -1]) for city in range(axes.shape[1])]
        below = [at for at, up in enumerate(axes.parents) if up == node and at != node]
        for total, parts in zip(
            place[node].ravel(), place[below].reshape(len(below), place[node].size).T, strict=True
        ):
            most += [row(np.array([part]), total) for part in parts]
            if below and node >= len(axes.leaves):
                most.append(-row(parts, total))
    bounds = [(0, None) if closed else (count, count) for closed, count in zip(hidden, counts, strict=True)]
    bars = (csr_array(most), np.zeros(len(most)), csr_array(equal), np.zeros(len(equal)))
    widths = [np.inf]
    for at in np.flatnonzero(asked):
        aim = np.zeros(counts.size)
        ends = []
        for sign in (1.0, -1.0):
            aim[at] = sign
            found = linprog(aim, *bars, bounds)
            ends.append(-np.inf if found.status == 3 else found.fun)
        widths.append(-ends[1] - ends[0])
    return float(min(widths))
