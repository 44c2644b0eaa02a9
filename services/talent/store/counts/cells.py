"""Counts by cell: read since a revision, and changed."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from services.talent.domain.axes import OUTSIDE, Axes
from services.talent.domain.shortage.counts.cube import Cells
from services.talent.domain.shortage.counts.employers import Concentration
from services.talent.domain.shortage.counts.rollup import touched
from services.talent.domain.shortage.counts.tally import MEASURES
from services.talent.store.counts.upserts import add_up, replace
from services.talent.store.schema.counts import shortage_concentration, shortage_count

Integers = NDArray[np.int64]
Place = tuple[int, ...]


def read_counts(session: Session, axes: Axes, into: Integers, since: int) -> Cells:
    """Take over counts changed after revision `since`; the cells that count them.

    Codes that the axes lack are left out.
    """
    table, slots = shortage_count, _slots(axes)
    measures = {measure: at for at, measure in enumerate(MEASURES)}
    columns = (table.c.measure, table.c.node, table.c.city, table.c.category, table.c.value)
    places: set[tuple[int, int, int]] = set()
    for measure, node, city, category, value in session.execute(
        select(*columns).where(table.c.revision > since)
    ):
        if measure in measures and node in axes.node_at and city in slots and category in axes.category_at:
            place = axes.node_at[node], slots[city], axes.category_at[category]
            into[measures[measure], *place] = value
            places.add(place)
    return touched(axes, places)


def read_concentration(session: Session, axes: Axes, into: Concentration, since: int) -> Cells:
    """Likewise for how demand is spread over employers."""
    table = shortage_concentration
    columns = (
        table.c.node,
        table.c.city,
        table.c.category,
        *(table.c[name] for name in Concentration._fields),
    )
    places: list[int] = []
    for node, city, category, *values in session.execute(select(*columns).where(table.c.revision > since)):
        if node in axes.node_at and city in axes.city_at and category in axes.category_at:
            at = axes.node_at[node], axes.city_at[city], axes.category_at[category]
            for array, value in zip(into, values, strict=True):
                array[at] = value
            places.append(int(np.ravel_multi_index(at, axes.shape)))
    return np.asarray(sorted(places), np.intp)


def add_counts(session: Session, axes: Axes, delta: Integers, revision: int) -> None:
    """Add to the counts wherever `delta` is not 0."""
    add_up(session, shortage_count, _count_rows(axes, delta, revision), ["value"])


def counts_former(session: Session, codes: Iterable[str]) -> bool:
    """Whether anything is still counted under these codes of the past."""
    table = shortage_count
    return session.execute(select(table.c.node).where(table.c.node.in_(codes)).limit(1)).first() is not None


def strange(session: Session, axes: Axes) -> list[str]:
    """Codes under which something is counted that neither the axes nor their past know."""
    table = shortage_count
    counted = session.scalars(select(table.c.node).where(table.c.value != 0).distinct())
    return sorted({*counted} - {*axes.nodes, *axes.former})


def forget(session: Session, codes: Iterable[str]) -> None:
    """Delete what is counted under these codes of the past."""
    listed = list(codes)
    for table in (shortage_count, shortage_concentration):
        session.execute(delete(table).where(table.c.node.in_(listed)))


def put_concentration(
    session: Session, axes: Axes, found: Concentration, places: Iterable[Place], revision: int
) -> None:
    """Write these cells as `found` has them."""
    replace(session, shortage_concentration, _concentration_rows(axes, found, places, revision))


def _count_rows(axes: Axes, counts: Integers, revision: int) -> list[dict[str, Any]]:
    cities = (*axes.cities[:-1], OUTSIDE)
    return [
        {
            "measure": MEASURES[measure],
            "node": axes.nodes[node],
            "city": cities[city],
            "category": axes.categories[kind],
            "value": int(counts[measure, node, city, kind]),
            "revision": revision,
        }
        for measure, node, city, kind in np.argwhere(counts)
    ]


def _concentration_rows(
    axes: Axes, found: Concentration, places: Iterable[Any], revision: int
) -> list[dict[str, Any]]:
    return [
        {
            "node": axes.nodes[place[0]],
            "city": axes.cities[place[1]],
            "category": axes.categories[place[2]],
            **{name: int(getattr(found, name)[tuple(place)]) for name in Concentration._fields},
            "revision": revision,
        }
        for place in places
    ]


def _slots(axes: Axes) -> dict[str, int]:
    """Positions of cities among the counts, `outside` in the place of `all`."""
    return {**{city: at for at, city in enumerate(axes.cities[:-1])}, OUTSIDE: len(axes.cities) - 1}
