"""Hiding further cells, so that no line gives a hidden one away: the cheapest first."""

import numpy as np
from numpy.typing import NDArray

from services.talent.domain.disclosure.lines import Family, Lines

Mask = NDArray[np.bool_]
Numbers = NDArray[np.float64]


def costs_of(counts: Numbers) -> Numbers:
    """What hiding a cell costs: its count. A 0 is never hidden for another cell's sake (infinite)."""
    return np.where(counts > 0, counts, np.inf)


def complete(lines: Lines, counts: Numbers, hidden: Mask, least: float, costs: Numbers) -> Mask:
    """`hidden` and the further cells without which some line would give a hidden cell away.

    In the end no line has exactly one hidden cell, and where a total is shown the hidden parts of it sum to at
    least `least`. The next cell hidden is the part with the smallest finite cost that is shown, else the total.
    """
    mask = hidden.copy()
    while _round(lines, counts, mask, least, costs):
        pass
    return mask


def _round(lines: Lines, counts: Numbers, mask: Mask, least: float, costs: Numbers) -> bool:
    """Hide one more cell in every line that needs it; tells whether there was any."""
    again = False
    values = np.append(counts, 0.0)
    for family in lines.families:
        known = np.append(mask, False)
        parts, totals = known[family.parts], known[family.totals]
        sums = (values[family.parts] * parts).sum(axis=1)
        alone = parts.sum(axis=1) + totals == 1
        thin = ~totals & parts.any(axis=1) & (sums < least)
        wanting = np.flatnonzero(alone | thin)
        if len(wanting):
            again |= _hide_next(family, wanting, costs, mask)
    return again


def _hide_next(family: Family, wanting: NDArray[np.intp], costs: Numbers, mask: Mask) -> bool:
    known = np.append(mask, True)
    parts, totals = family.parts[wanting], family.totals[wanting]
    prices = np.where(known[parts], np.inf, np.append(costs, np.inf)[parts])
    cheapest = np.take_along_axis(parts, prices.argmin(axis=1)[:, None], axis=1)[:, 0]
    chosen = np.where(np.isfinite(prices.min(axis=1)), cheapest, totals)
    news = chosen[~mask[chosen]]
    mask[news] = True
    return bool(len(news))


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
