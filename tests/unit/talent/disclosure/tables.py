"""Tables with totals, and an attacker who knows linear algebra and nothing of this program."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

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


def least_width(rows: Numbers, counts: Numbers, hidden: Mask) -> float:
    """The narrowest interval that the shown cells leave to a hidden one, none being negative."""
    firm = {"A_eq": rows[~hidden], "b_eq": counts[~hidden]} if (~hidden).any() else {}
    widths = [np.inf]
    for at in np.flatnonzero(hidden):
        low = linprog(rows[at], **firm, bounds=(0, None), method="highs")
        high = linprog(-rows[at], **firm, bounds=(0, None), method="highs")
        widths.append(np.inf if high.status == 3 else -high.fun - low.fun)
    return float(min(widths))


def table_equations(rows: int, columns: int) -> Numbers:
    """Every cell of a table with totals as a sum of its inner cells."""
    units = np.eye(rows * columns)
    return np.array([with_totals(unit.reshape(rows, columns)).ravel() for unit in units]).T
