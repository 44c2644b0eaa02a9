"""Hiding further cells, so that no line gives a hidden one away: the cheapest first."""

import numpy as np
from numpy.typing import NDArray

from services.talent.domain.disclosure.lines import Family, Lines, Places

Mask = NDArray[np.bool_]
Numbers = NDArray[np.float64]
_NOTHING = np.zeros(0, np.intp)


def costs_of(counts: Numbers) -> Numbers:
    """What hiding a cell costs: its count. A 0 is never hidden for another cell's sake (infinite)."""
    return np.where(counts > 0, counts, np.inf)


def complete(lines: Lines, counts: Numbers, hidden: Mask, least: float, costs: Numbers) -> Mask:
    """`hidden` and the further cells without which some line would give a hidden cell away.

    In the end no line has exactly one hidden cell, and where a total is shown the hidden parts of it sum to at
    least `least`. The next cell hidden is the part with the smallest finite cost that is shown, else the total.
    """
    known = np.append(hidden, False)
    values, prices = np.append(counts, 0.0), np.append(costs, np.inf)
    fresh = [np.flatnonzero(hidden)] * len(lines.families)
    while any(map(len, fresh)):
        for number, family in enumerate(lines.families):
            rows = _lines_through(lines.membership[number], fresh[number])
            fresh[number] = _NOTHING
            news = _hidden_next(family, rows, values, known, least, prices)
            known[news] = True
            if len(news):
                fresh = [np.concatenate([each, news]) for each in fresh]
    return known[:-1]


def _lines_through(membership: Places, cells: Places) -> Places:
    """The lines of a family that hold any of these cells: no others can have come to need anything."""
    rows = np.unique(membership[cells])
    return rows[rows >= 0]


def _hidden_next(
    family: Family, rows: Places, values: Numbers, known: Mask, least: float, prices: Numbers
) -> Places:
    """One more cell to hide in every one of these lines that needs it; `known` are the hidden ones."""
    parts, totals = family.parts[rows], family.totals[rows]
    hidden, covered = known[parts], known[totals]
    sums = (values[parts] * hidden).sum(axis=1)
    alone = hidden.sum(axis=1) + covered == 1
    wanting = np.flatnonzero(alone | (~covered & hidden.any(axis=1) & (sums < least)))
    if not len(wanting):
        return _NOTHING
    parts, totals = parts[wanting], totals[wanting]
    asked = np.where(known[parts], np.inf, prices[parts])
    cheapest = np.take_along_axis(parts, asked.argmin(axis=1)[:, None], axis=1)[:, 0]
    chosen = np.where(np.isfinite(asked.min(axis=1)), cheapest, totals)
    return np.asarray(chosen[~known[chosen]])


def neighbours(lines: Lines, costs: Numbers, mask: Mask, exposed: NDArray[np.intp]) -> NDArray[np.intp]:
    """For each exposed cell the cheapest shown cell that shares a line with it; where none is left, one further off."""
    chosen = []
    for cell in exposed:
        near, before = _beside(lines, np.array([cell])), 1
        while mask[near].all() and len(near) > before:
            near, before = _beside(lines, near), len(near)
        places = near[~mask[near]]
        if len(places):
            chosen.append(places[np.lexsort((places, costs[places]))[0]])
    return np.unique(np.asarray(chosen, np.intp))


def _beside(lines: Lines, places: NDArray[np.intp]) -> NDArray[np.intp]:
    """The cells that share a line with one of `places`, these included."""
    return np.unique(np.concatenate([places, lines.shared[places].indices]))
