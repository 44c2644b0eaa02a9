"""Queries about what was told of the map, and about watches."""

from typing import Any

import numpy as np
from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.orm import Session

from services.chassis.filtering import OrderTerm, Schema
from services.chassis.storage.listing import Listing
from services.talent.domain.axes import Axes
from services.talent.domain.shortage.columns import STATES
from services.talent.domain.shortage.standing import Standings
from services.talent.domain.shortage.table import CellState
from services.talent.domain.shortage.watch import Watch
from services.talent.store.counts.upserts import insert_once, replace
from services.talent.store.schema.watches import shortage_standing, shortage_told, shortage_watch

_ONE = 1


def told_revision(session: Session) -> int:
    """The revision up to which everything was told, under the lock of whoever tells; 0 at first."""
    query = select(shortage_told.c.revision).with_for_update()
    found = session.scalar(query)
    if found is None:
        insert_once(session, shortage_told, {"id": _ONE, "revision": 0})
        found = session.scalar(query)
    return found or 0


def put_told(session: Session, revision: int) -> None:
    """From now on that is another one."""
    session.execute(update(shortage_told).values(revision=revision))


def read(session: Session, axes: Axes) -> Standings:
    """What was told, of the cells that the axes have."""
    found, table = Standings.untold(axes), shortage_standing
    for row in session.execute(select(table)):
        known = row.node in axes.node_at and row.city in axes.city_at and row.category in axes.category_at
        if known:
            at = axes.node_at[row.node], axes.city_at[row.city], axes.category_at[row.category]
            found.states[at] = STATES.index(CellState(row.state))
            found.stars[at], found.hidden[at], found.versions[at] = row.stars, row.hidden, row.version
    return found


def vanished(session: Session, axes: Axes) -> list[tuple[str, int]]:
    """Forget what was told of directions that the catalogue has no more: their events' ids, and the versions after."""
    table = shortage_standing
    gone = table.c.node.not_in(axes.nodes)
    rows = session.execute(
        select(table).where(gone).order_by(table.c.node, table.c.city, table.c.category)
    ).all()
    if rows:
        session.execute(delete(table).where(gone))
    return [("/".join((row.node, row.city, row.category)), row.version + 1) for row in rows]


def write(session: Session, axes: Axes, found: Standings, cells: np.ndarray[Any, Any]) -> None:
    """Keep what is told of these cells."""
    rows = [
        {
            "node": axes.nodes[node],
            "city": axes.cities[city],
            "category": axes.categories[kind],
            "state": STATES[found.states[node, city, kind]].value,
            "stars": int(found.stars[node, city, kind]),
            "hidden": bool(found.hidden[node, city, kind]),
            "version": int(found.versions[node, city, kind]),
        }
        for node, city, kind in cells.tolist()
    ]
    replace(session, shortage_standing, rows)


def all_watches(session: Session) -> list[Watch]:
    """Everybody's watches."""
    return list(session.scalars(select(Watch).order_by(shortage_watch.c.id)))


def has_fresh(session: Session) -> bool:
    """Whether there is a watch that was never looked at."""
    return bool(session.scalar(select(exists().where(shortage_watch.c.fresh))))


def count_of(session: Session, owner: str) -> int:
    """How many watches somebody has."""
    query = select(func.count()).select_from(shortage_watch).where(shortage_watch.c.owner == owner)
    return session.execute(query).scalar_one()


def watch(session: Session, id_: str, owner: str) -> Watch | None:
    """One of somebody's watches, or None."""
    found = session.get(Watch, id_)
    return found if found is not None and found.owner == owner else None


def watches() -> Listing:
    """Watches: ListShortageWatches, newest first."""
    table = shortage_watch
    return Listing(
        "ListShortageWatches",
        Schema.of(),
        {},
        {"create_time": table.c.created_at},
        table.c.id,
        default_order=(OrderTerm("create_time", descending=True),),
    )
