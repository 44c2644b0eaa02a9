"""Expectations that add up: children share what is expected of their parent, in proportion to their own."""

import numpy as np

from services.talent.domain.axes import Axes
from services.talent.domain.shortage.indices.estimate import Floats


def reconcile(axes: Axes, levels: Floats, today: Floats) -> Floats:
    """Levels (all above 0) that add up over nodes, cities and categories to `levels` of the whole province.

    From the top, each node hands its level to its children and to what hangs on itself alone, in proportion to
    their own levels; what hangs on a node is spread over its cities and categories likewise, or, where nothing is
    expected of any of them, by the counts of `today`, or evenly.
    """
    spread = _spread(axes, levels, today)
    shares = _shares(axes, levels, spread.sum(axis=(1, 2)) > 0)
    bottom = np.zeros(axes.shape)
    bottom[:, :-1, :-1] = shares[:, None, None] * spread
    return _summed(axes, bottom)


def _remainder(axes: Axes, levels: Floats, node: int) -> Floats:
    """What hangs on a node itself: its level less its children's, never below 0; nothing on a mere heading."""
    below = axes.children(node)
    if not below:
        return np.asarray(levels[node])
    if axes.nodes[node] not in axes.leaves:
        return np.zeros(axes.shape[1:])
    return np.asarray(np.maximum(0.0, levels[node] - levels[below].sum(axis=0)))


def _spread(axes: Axes, levels: Floats, today: Floats) -> Floats:
    """For every node the shares of its cities and categories, adding up to 1; all 0 where nothing hangs on it."""
    found = np.zeros((axes.shape[0], axes.shape[1] - 1, axes.shape[2] - 1))
    for node in range(axes.shape[0]):
        for source in (levels, today):
            inner = _remainder(axes, source, node)[:-1, :-1]
            if inner.sum() > 0:
                found[node] = inner / inner.sum()
                break
        else:
            if not axes.children(node):
                found[node] = 1 / found[node].size
    return found


def _shares(axes: Axes, levels: Floats, stands: Floats) -> Floats:
    """What of the province's level hangs on each node itself."""
    whole = levels[:, -1, -1]
    given: dict[int, float] = {}
    found = np.zeros(axes.shape[0])
    for node in sorted(range(axes.shape[0]), key=lambda each: len(axes.lineage[each])):
        level = given.get(node, float(whole[node]))
        below = axes.children(node)
        own = float(_remainder(axes, levels, node)[-1, -1]) if stands[node] else 0.0
        total = own + float(whole[below].sum())
        if not below or total <= 0:
            found[node] = level if stands[node] else 0.0
            continue
        found[node] = own * level / total
        given.update((child, float(whole[child]) * level / total) for child in below)
    return found


def _summed(axes: Axes, bottom: Floats) -> Floats:
    whole = np.zeros(axes.shape)
    for node, lineage in enumerate(axes.lineage):
        for above in lineage:
            whole[above] += bottom[node]
    whole[:, -1, :] = whole[:, :-1, :].sum(axis=1)
    whole[:, :, -1] = whole[:, :, :-1].sum(axis=2)
    return whole
