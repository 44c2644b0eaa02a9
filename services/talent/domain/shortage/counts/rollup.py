"""From integer counts by node, city and category to all cells at every level."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.talent.domain.axes import Axes
from services.talent.domain.shortage.counts.cube import MICRO, Cells, Counts, Cube
from services.talent.domain.shortage.counts.employers import Concentration

_SPOKEN_OF = {"arrivals": (6,), "moved_in": (8, 9), "moved_out": (8, 9)}
"""What is known of all cells of an industry as soon as its source says anything of it, and the measures of that."""
_WHERE_ANY = ("funded", "retiring")
"""What is known only where there is any."""


def roll_up(axes: Axes, as_of: date, counts: NDArray[np.int64], employers: Concentration) -> Cube:
    """The cube of a day: cities add up to the province, categories to all; `outside` makes reach."""
    levels = _levels(as_of, counts)
    known = {name: _told(axes, counts, name) for name in _SPOKEN_OF}
    known |= {name: levels[name] > 0 for name in _WHERE_ANY}
    further = {name: _where(each, levels.pop(name)) for name, each in known.items()}
    found: dict[str, Any] = {**levels, **_floats(employers), **further}
    return Cube(axes, as_of, **found)


def roll_up_again(
    before: Cube, counts: NDArray[np.int64], employers: Concentration, cells: Cells
) -> Cube | None:
    """The cube of the same day after its counts have changed, and in these cells only.

    None where a source has begun or ceased to speak of an industry: that concerns other cells too.
    """
    block = int(np.prod(before.demand.shape[1:]))
    nodes, rows = np.unique(cells // block, return_inverse=True)
    places = rows * block + cells % block
    found = {name: each.reshape(-1)[places] for name, each in _levels(before.as_of, counts[:, nodes]).items()}
    found |= {name: each.reshape(-1)[cells] for name, each in _floats(employers).items()}
    for name in _SPOKEN_OF:
        told, known = _told(before.axes, counts, name), getattr(before, name)
        if not np.array_equal(told, ~np.isnan(known) if known is not None else np.zeros_like(told)):
            return None
        found[name] = np.where(told.reshape(-1)[cells], found[name], np.nan)
    for name in _WHERE_ANY:
        found[name] = np.where(found[name] > 0, found[name], np.nan)
    silent = [name for name in (*_SPOKEN_OF, *_WHERE_ANY) if getattr(before, name) is None]
    if any((~np.isnan(found.pop(name))).any() for name in silent):
        return None
    after = before.patched(cells, found)
    return None if any(_is_silent(after, name) for name in _WHERE_ANY) else after


def touched(axes: Axes, places: Iterable[tuple[int, int, int]]) -> Cells:
    """Flat positions of the cells that count what stands at these places of the counts (node, city, category)."""
    _, width, depth = axes.shape
    found = {
        (node * width + city) * depth + kind
        for node, slot, own in places
        for city in (slot, width - 1)
        for kind in (own, depth - 1)
    }
    return np.asarray(sorted(found), np.intp)


def _where(known: NDArray[np.bool_], values: Counts) -> Counts | None:
    """The values where they are known, NaN elsewhere; None if they are known nowhere."""
    return np.where(known, values, np.nan) if known.any() else None


def _is_silent(cube: Cube, name: str) -> bool:
    counts: Counts | None = getattr(cube, name)
    return counts is not None and bool(np.isnan(counts).all())


def _floats(employers: Concentration) -> dict[str, Counts]:
    return {name: each.astype(float) for name, each in employers._asdict().items()}


def _levels(as_of: date, counts: NDArray[np.int64]) -> dict[str, Counts]:
    """Every count of some nodes, at every level of cities and categories."""
    measures, nodes, width, kinds = counts.shape
    full = np.zeros((measures, nodes, width, kinds + 1), np.int64)
    full[:, :, :-1, :-1] = counts[:, :, :-1]
    full[:, :, -1, :-1] = counts[:, :, :-1].sum(axis=2)
    full[..., -1] = full[..., :-1].sum(axis=3)
    supply, persons, demand, fills, start, rate = full[:6]
    arrivals, funded, moved_in, moved_out, retiring = full[6:] / MICRO
    for moved, at in ((moved_in, 8), (moved_out, 9)):
        _leave_out(moved, counts[at, :, -1] / MICRO)
    reach = np.zeros(demand.shape)
    outside = counts[1, :, -1]
    reach[:, -1, :-1], reach[:, -1, -1] = outside, outside.sum(axis=1)
    return {
        "demand": demand.astype(float),
        "supply": supply / MICRO,
        "persons": persons.astype(float),
        "reach": reach,
        "fills": fills.astype(float),
        "exposure": (start + rate * as_of.toordinal()).astype(float),
        "arrivals": arrivals,
        "funded": funded,
        "moved_in": moved_in,
        "moved_out": moved_out,
        "retiring": retiring,
    }


def _told(axes: Axes, counts: NDArray[np.int64], name: str) -> NDArray[np.bool_]:
    """Cells of the industries of which the source says anything: there, what it does not mention is nothing."""
    heard = np.any([counts[at].any(axis=(1, 2)) for at in _SPOKEN_OF[name]], axis=0)
    told: NDArray[np.bool_] = np.broadcast_to(heard[list(axes.branch)][:, None, None], axes.shape)
    return told


def _leave_out(moved: Counts, within: Counts) -> None:
    """Who moved within the province has not moved where all its cities are counted."""
    moved[:, -1, :-1] -= within
    moved[:, -1, -1] -= within.sum(axis=1)
