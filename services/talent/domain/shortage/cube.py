"""Counts of every cell at every level: directions up their tree, cities to the province, categories to all.

Counts add up the tree; indices never do, so each level's index is made from its own counts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.talent.domain.availability import Ageing, Availability, supply_micro
from services.talent.domain.axes import OUTSIDE, Axes
from services.talent.domain.posting import Posting

Counts = NDArray[np.float64]


class Supplied(NamedTuple):
    """What one person adds: who consented to be counted and lives in the province."""

    person_id: str
    city: str
    category: str
    availability: Availability
    direction_shares: tuple[tuple[str, int], ...]
    observed: date


@dataclass(frozen=True)
class Cube:
    """Arrays of shape `axes.shape`, the last city and category and the last node being `all`.

    `demand`: open heads; `squared`: Σ of squared open heads by employer; `employers`: how many; `largest`: open
    heads of the largest one; `supply`: effective people; `persons`: people behind it; `fills` and `exposure`:
    heads filled and position-days within the window.
    """

    axes: Axes
    as_of: date
    demand: Counts
    squared: Counts
    employers: Counts
    largest: Counts
    supply: Counts
    persons: Counts
    fills: Counts
    exposure: Counts


def build(
    axes: Axes,
    people: Iterable[Supplied],
    postings: Iterable[Posting],
    as_of: date,
    *,
    window_days: int,
    ageing: Ageing | None = None,
) -> Cube:
    """Count everything on one day. People outside the province are reach, not supply."""
    supply, persons = _count_people(axes, people, as_of, ageing or Ageing())
    listed = list(postings)
    since = as_of - timedelta(days=window_days)
    heads = [posting.open_headcount(as_of) for posting in listed]
    by_employer = _by_employer(axes, listed, heads)
    return Cube(
        axes,
        as_of,
        demand=_spread(axes, listed, heads),
        squared=by_employer[0],
        employers=by_employer[1],
        largest=by_employer[2],
        supply=supply,
        persons=persons,
        fills=_spread(axes, listed, [posting.fills_between(since, as_of) for posting in listed]),
        exposure=_spread(axes, listed, [posting.exposure(since, as_of) for posting in listed]),
    )


def _cells(axes: Axes, leaf: str, city: str, category: str) -> list[int]:
    """Flat positions of the cell and of all its ancestors."""
    _, cities, categories = axes.shape
    return [
        (node * cities + c) * categories + k
        for node in axes.lineage[axes.node_at[leaf]]
        for c in (axes.city_at[city], cities - 1)
        for k in (axes.category_at[category], categories - 1)
    ]


def _spread(axes: Axes, postings: list[Posting], values: list[int]) -> Counts:
    flat = np.zeros(int(np.prod(axes.shape)))
    for posting, value in zip(postings, values, strict=True):
        if value:
            flat[_cells(axes, posting.leaf, posting.city, posting.category)] += value
    return flat.reshape(axes.shape)


def _by_employer(axes: Axes, postings: list[Posting], heads: list[int]) -> tuple[Counts, Counts, Counts]:
    open_heads: dict[tuple[int, str], int] = {}
    for posting, value in zip(postings, heads, strict=True):
        if value:
            for cell in _cells(axes, posting.leaf, posting.city, posting.category):
                key = (cell, posting.employer)
                open_heads[key] = open_heads.get(key, 0) + value
    squared, employers, largest = (np.zeros(int(np.prod(axes.shape))) for _ in range(3))
    for (cell, _), value in open_heads.items():
        squared[cell] += value * value
        employers[cell] += 1
        largest[cell] = max(largest[cell], value)
    return squared.reshape(axes.shape), employers.reshape(axes.shape), largest.reshape(axes.shape)


def _count_people(
    axes: Axes, people: Iterable[Supplied], as_of: date, ageing: Ageing
) -> tuple[Counts, Counts]:
    micro, persons = np.zeros(int(np.prod(axes.shape)), np.int64), np.zeros(int(np.prod(axes.shape)))
    for person in people:
        if person.city == OUTSIDE:
            continue
        discount = ageing.factor(person.observed, as_of)
        touched: set[int] = set()
        for leaf, share in person.direction_shares:
            cells = _cells(axes, leaf, person.city, person.category)
            micro[cells] += supply_micro(person.availability, share, discount)
            touched.update(cells)
        persons[list(touched)] += 1
    return (micro / 1_000_000).reshape(axes.shape), persons.reshape(axes.shape)
