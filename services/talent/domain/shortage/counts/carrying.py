"""Counts of an earlier catalogue carried over to today's: renamed directions take theirs along, merged ones add up,
split ones divide theirs by the shares that the edition prints.

What does not add up (people who count in several directions, employers) is carried over to the side that claims
less: fewer people, more concentrated demand.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.catalogue.succession import WHOLE
from services.talent.domain.axes import Axes

Array = NDArray[Any]
Merge = Callable[[Array, Array], Array]


def recast(old: Axes, new: Axes) -> frozenset[str]:
    """Codes of today's nodes that stand for other directions than they did: their past was carried over."""
    found: set[str] = set()
    for code in _replaced(old, new):
        before = {old.nodes[at] for at in old.lineage[old.node_at[code]]}
        after = [{new.nodes[at] for at in new.lineage[new.node_at[place]]} for place, _ in new.former[code]]
        found |= before.union(*after) - before.intersection(*after)
    return frozenset(found & set(new.nodes))


def added(values: Array, old: Axes, new: Axes, missing: float = 0) -> Array:
    """Counts that add up the tree, nodes along the third axis from the end; `missing` where nobody counted."""
    at = values.ndim - 3
    own = np.moveaxis(values, at, 0)
    target = np.zeros((len(new.nodes), *own.shape[1:]), values.dtype)
    fed = np.zeros(len(new.nodes), bool)
    for number, code in enumerate(old.nodes):
        children = old.children(number)
        mine = own[number] - (own[children].sum(axis=0) if children else 0)
        for place, part in _divided(mine, code, new):
            for node in new.lineage[new.node_at[place]]:
                target[node] += part
                fed[node] = True
    if missing:
        target[~fed] = missing
    return np.moveaxis(target, 0, at)


def merged(values: Array, old: Axes, new: Axes, merge: Merge, missing: float = 0) -> Array:
    """Values that do not add up, likewise: a node keeps its own, one that takes the place of others what `merge`
    makes of theirs.
    """
    at = values.ndim - 3
    source = np.moveaxis(values, at, 0)
    target = np.full((len(new.nodes), *source.shape[1:]), missing, values.dtype)
    for code in (each for each in new.nodes if each in old.node_at):
        target[new.node_at[code]] = source[old.node_at[code]]
    for code in _replaced(old, new):
        for place, part in _divided(source[old.node_at[code]], code, new):
            node = new.node_at[place]
            target[node] = merge(target[node], part)
    return np.moveaxis(target, 0, at)


def _replaced(old: Axes, new: Axes) -> Iterator[str]:
    return (code for code in old.nodes if code in new.former and code not in new.node_at)


def _divided(mine: Array, code: str, new: Axes) -> Iterator[tuple[str, Array]]:
    """What each of today's nodes has of a node's own; whole numbers stay whole, the first takes what is left over."""
    if code in new.node_at:
        yield code, mine
    places = new.former.get(code, ()) if code not in new.node_at else ()
    whole = mine.dtype.kind == "i"
    parts = [mine * share // WHOLE if whole else mine * (share / WHOLE) for _, share in places]
    for number, (place, _) in enumerate(places):
        yield place, parts[number] + (mine - sum(parts) if whole and number == 0 else 0)
