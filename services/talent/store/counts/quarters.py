"""Closed quarters: what was counted and believed at their end, packed, and never changed."""

import io
import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from services.talent.domain.axes import Axes
from services.talent.store.schema.analysis import closed_quarter as table

VALUES = ("demand", "supply", "opened", "log_odds", "sd")


@dataclass(frozen=True)
class ClosedQuarter:
    """`values` by the names of `VALUES`, in the shape of `axes`."""

    day: date
    axes: Axes
    values: dict[str, NDArray[np.float64]]


def put(session: Session, closed: ClosedQuarter, method_version: str, closed_at: datetime) -> None:
    """Keep a quarter; a second time nothing happens."""
    if session.execute(select(table.c.day).where(table.c.day == closed.day)).first() is not None:
        return
    file = io.BytesIO()
    codes = json.dumps(closed.axes.document())
    packed = {name: closed.values[name].astype(np.float32) for name in VALUES}
    np.savez_compressed(file, allow_pickle=False, axes=np.array(codes), **packed)
    row = {
        "day": closed.day,
        "method_version": method_version,
        "closed_at": closed_at,
        "counts": file.getvalue(),
    }
    session.execute(insert(table).values(**row))


def days_before(session: Session, day: date, most: int) -> list[date]:
    """The last days of quarters that ended before a day, oldest first."""
    query = select(table.c.day).where(table.c.day < day).order_by(table.c.day.desc()).limit(most)
    return sorted(session.scalars(query))


def axes_of(session: Session, day: date) -> Axes | None:
    """The dimensions of the last quarter that had ended by a day; None if none had."""
    ended = days_before(session, day + timedelta(days=1), 1)
    return read(session, ended[0]).axes if ended else None


def read(session: Session, day: date) -> ClosedQuarter:
    """The quarter that ended on a day."""
    packed = session.execute(select(table.c.counts).where(table.c.day == day)).scalar_one()
    with np.load(io.BytesIO(packed), allow_pickle=False) as found:
        values = {name: found[name].astype(np.float64) for name in VALUES}
        axes = Axes.of_document(json.loads(str(found["axes"])))
    return ClosedQuarter(day, axes, values)
