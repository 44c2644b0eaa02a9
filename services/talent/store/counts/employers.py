"""Open heads by employer and leaf cell, and how many employers have how many heads in each cell of every level."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from sqlalchemy import delete, insert, select, tuple_
from sqlalchemy.orm import Session

from services.chassis.storage.chunks import chunks
from services.talent.domain.axes import Axes
from services.talent.domain.shortage.counts.employers import Heads, Sizes
from services.talent.store.counts.upserts import add_up
from services.talent.store.schema.counts import shortage_employer, shortage_employer_size


def heads_of(session: Session, axes: Axes, employers: Iterable[str]) -> Heads:
    """Open heads of these employers in every leaf cell."""
    table, wanted, found = shortage_employer, sorted(set(employers)), Heads()
    for some in chunks(wanted):
        query = select(table).where(table.c.employer.in_(some), table.c.heads != 0)
        for row in session.execute(query):
            found[row.employer, _place(axes, row.leaf, row.city, row.category)] = row.heads
    return found


def add_heads(session: Session, axes: Axes, changes: Mapping[tuple[str, int], int]) -> None:
    """Add to the open heads of employers."""
    rows = _head_rows(axes, changes)
    add_up(session, shortage_employer, rows, ["heads"])


def add_sizes(session: Session, axes: Axes, changes: Sizes) -> None:
    """Add to the numbers of employers by size."""
    add_up(session, shortage_employer_size, _size_rows(axes, changes), ["employers"])


def sizes_in(session: Session, axes: Axes, cells: Sequence[int]) -> Sizes:
    """The sizes of the employers in these cells, by their flat positions."""
    table = shortage_employer_size
    columns = (table.c.node, table.c.city, table.c.category, table.c.heads, table.c.employers)
    rows: list[Any] = []
    for some in chunks(cells):
        codes = [_codes(axes, cell) for cell in some]
        query = select(*columns).where(tuple_(table.c.node, table.c.city, table.c.category).in_(codes))
        rows.extend(session.execute(query.where(table.c.employers != 0)))
    return _sizes(axes, rows)


def put_all(session: Session, axes: Axes, heads: Mapping[tuple[str, int], int], sizes: Sizes) -> None:
    """Write everything anew."""
    for table, rows in (
        (shortage_employer, _head_rows(axes, heads)),
        (shortage_employer_size, _size_rows(axes, sizes)),
    ):
        session.execute(delete(table))
        if rows:
            session.execute(insert(table), rows)


def _sizes(axes: Axes, rows: Sequence[Any]) -> Sizes:
    nodes, cities, kinds = axes.node_at, axes.city_at, axes.category_at
    _, width, depth = axes.shape
    cells = [(nodes[row[0]] * width + cities[row[1]]) * depth + kinds[row[2]] for row in rows]
    return Sizes(
        *(np.asarray(each, np.int64) for each in (cells, *([row[at] for row in rows] for at in (3, 4))))
    )


def _head_rows(axes: Axes, heads: Mapping[tuple[str, int], int]) -> list[dict[str, Any]]:
    width, kinds = len(axes.cities), len(axes.categories) - 1
    rows = []
    for (employer, place), amount in heads.items():
        if amount:
            leaf, rest = divmod(place, width * kinds)
            city, kind = divmod(rest, kinds)
            values = (employer, axes.nodes[leaf], axes.cities[city], axes.categories[kind], amount)
            rows.append(dict(zip(("employer", "leaf", "city", "category", "heads"), values, strict=True)))
    return rows


def _size_rows(axes: Axes, sizes: Sizes) -> list[dict[str, Any]]:
    columns = ("node", "city", "category", "heads", "employers")
    return [
        dict(zip(columns, (*_codes(axes, cell), heads, employers), strict=True))
        for cell, heads, employers in zip(*(each.tolist() for each in sizes), strict=True)
    ]


def _codes(axes: Axes, cell: int) -> tuple[str, str, str]:
    _, width, depth = axes.shape
    node, rest = divmod(cell, width * depth)
    return axes.nodes[node], axes.cities[rest // depth], axes.categories[rest % depth]


def _place(axes: Axes, leaf: str, city: str, category: str) -> int:
    kinds = len(axes.categories) - 1
    return (axes.node_at[leaf] * len(axes.cities) + axes.city_at[city]) * kinds + axes.category_at[category]
