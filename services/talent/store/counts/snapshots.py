"""Whole counts of past days, packed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from services.talent.domain.axes import Axes
from services.talent.store.counts.packing import pack, unpack
from services.talent.store.counts.state import State
from services.talent.store.counts.upserts import replace
from services.talent.store.schema.counts import shortage_snapshot as table


@dataclass(frozen=True)
class Kept:
    """Counts at a state: `values` by name, in the dimensions of `axes`."""

    state: State
    taken_at: datetime
    axes: Axes
    values: dict[str, NDArray[np.int64]]


def put(session: Session, kept: Kept) -> None:
    """Keep them as those of the state's day, in place of any kept before."""
    row = {
        "day": kept.state.day,
        "revision": kept.state.revision,
        "period": kept.state.period,
        "taken_at": kept.taken_at,
        "counts": pack(kept.axes, kept.values),
    }
    replace(session, table, [row])


def read(session: Session, day: date) -> Kept | None:
    """Those of a day, if kept."""
    row = session.execute(select(table).where(table.c.day == day)).one_or_none()
    if row is None:
        return None
    axes, values = unpack(row.counts)
    return Kept(State(row.revision, row.day, row.period), row.taken_at, axes, values)


def revision(session: Session, day: date) -> int | None:
    """The revision that was kept for a day; None if none was."""
    return session.scalar(select(table.c.revision).where(table.c.day == day))


def last(session: Session, until: date) -> date | None:
    """The last day kept that is not after this one; None if there is none."""
    found: date | None = session.scalar(select(func.max(table.c.day)).where(table.c.day <= until))
    return found


def days(session: Session, *, until: date | None = None) -> list[date]:
    """The days kept, oldest first."""
    query = select(table.c.day).order_by(table.c.day)
    return list(session.scalars(query if until is None else query.where(table.c.day <= until)))


def forget(session: Session, gone: Sequence[date]) -> None:
    """Delete those of these days."""
    if gone:
        session.execute(delete(table).where(table.c.day.in_(gone)))
