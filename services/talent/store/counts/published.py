"""The states that the public edition has been in."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from services.talent.domain.axes import Axes
from services.talent.store.counts.packing import Arrays, pack, unpack
from services.talent.store.counts.state import State
from services.talent.store.counts.upserts import insert_once
from services.talent.store.schema.counts import shortage_public as table


class Published(NamedTuple):
    """A state of the counts that was published; numbered from 1. `tokens`: open heads and people that there were."""

    number: int
    state: State
    tokens: int
    taken_at: datetime


_COLUMNS = (
    table.c.number,
    table.c.revision,
    table.c.day,
    table.c.period,
    table.c.tokens,
    table.c.taken_at,
)


def last(session: Session, until: date | None = None) -> Published | None:
    """The newest state, or the one that stood at the end of a day; None if there was none yet."""
    query = select(*_COLUMNS).order_by(table.c.number.desc()).limit(1)
    row = session.execute(query if until is None else query.where(table.c.day <= until)).one_or_none()
    return None if row is None else Published(row[0], State(*row[1:4]), row[4], row[5])


def around(session: Session, day: date) -> list[Published]:
    """The state that stood at the end of a day, the one after it, and the newest: as many as there are of these."""
    after = select(*_COLUMNS).where(table.c.day > day).order_by(table.c.number).limit(1)
    row = session.execute(after).one_or_none()
    found = [last(session, day), row and Published(row[0], State(*row[1:4]), row[4], row[5]), last(session)]
    return list({each.number: each for each in found if each is not None}.values())


def newest(session: Session) -> int:
    """The number of the newest state; 0 if there is none."""
    return session.scalar(select(func.max(table.c.number))) or 0


def held(session: Session, number: int, axes: Axes) -> NDArray[np.bool_] | None:
    """The cells that a state holds back from live answers; None for none, and for another catalogue."""
    found = read(session, number)
    if found is None or found[0] != axes:
        return None
    mask = np.asarray(found[1]["held"] != 0)
    return mask if mask.any() else None


def first_day(session: Session) -> date | None:
    """The day of the oldest state that is kept."""
    found: date | None = session.scalar(select(func.min(table.c.day)))
    return found


def read(session: Session, number: int) -> tuple[Axes, Arrays] | None:
    """The arrays of a state, in the dimensions of their day."""
    packed = session.scalar(select(table.c.counts).where(table.c.number == number))
    return None if packed is None else unpack(packed)


def put(session: Session, made: Published, axes: Axes, values: Mapping[str, NDArray[Any]]) -> bool:
    """Keep a state; False if one of this number is there already."""
    row = {
        "number": made.number,
        "day": made.state.day,
        "revision": made.state.revision,
        "period": made.state.period,
        "tokens": made.tokens,
        "taken_at": made.taken_at,
        "counts": pack(axes, values),
    }
    return insert_once(session, table, row)


def forget(session: Session, before: date, kept: list[date]) -> None:
    """Delete the states of days before `before`, other than the last ones of the days `kept`."""
    newest = select(func.max(table.c.number)).where(table.c.day.in_(kept)).group_by(table.c.day)
    session.execute(delete(table).where(table.c.day < before, table.c.number.not_in(newest)))


def days(session: Session, until: date) -> list[date]:
    """The days up to `until` of which there are states."""
    return list(session.scalars(select(table.c.day).where(table.c.day <= until).distinct()))


def masks(values: Arrays, *names: str) -> list[NDArray[np.bool_]]:
    """Arrays that are masks."""
    return [np.asarray(values[name] != 0) for name in names]
