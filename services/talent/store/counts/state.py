"""The revision of the counts, the day they stand for and the period whose priors they are read with."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from services.talent.store.counts.upserts import insert_once
from services.talent.store.schema.counts import shortage_state as table

_ONE = 1
# The key of an advisory lock: any number that nothing else locks.
_DAY_LOCK = 0x626F6C65_646179


class State(NamedTuple):
    """`period` is the code of a row of `shortage_period`, empty before anything was fitted."""

    revision: int
    day: date
    period: str


def current(session: Session) -> State | None:
    """As the snapshot of `session` has it; None before anything was counted."""
    row = session.execute(select(table.c.revision, table.c.day, table.c.period)).one_or_none()
    return None if row is None else State(*row)


def required(session: Session) -> State:
    """The same, once it is known to be there."""
    return State(*session.execute(select(table.c.revision, table.c.day, table.c.period)).one())


def advance(session: Session) -> State | None:
    """Take the next revision and hold its lock until the transaction ends: nobody else counts meanwhile.

    Commit order is revision order, so whoever follows revisions misses nothing. None before `begin`.
    """
    statement = update(table).values(revision=table.c.revision + 1)
    row = session.execute(statement.returning(table.c.revision, table.c.day, table.c.period)).one_or_none()
    return None if row is None else State(*row)


def begin(session: Session, day: date) -> bool:
    """Make the row, at revision 0; False if there is one. Two at once: the later waits for the earlier."""
    return insert_once(session, table, {"id": _ONE, "revision": 0, "day": day, "period": ""})


def hold_day(session: Session) -> None:
    """Keep the day from turning until the transaction ends. A writer of SQLite is alone anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock_shared(_DAY_LOCK)))


def may_turn(session: Session) -> bool:
    """Whether nobody holds the day; if so nobody will, until the transaction ends."""
    if session.get_bind().dialect.name != "postgresql":
        return True
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(_DAY_LOCK))))


def put(session: Session, *, day: date | None = None, period: str | None = None) -> None:
    """Change the day or the period, under the lock of `advance`."""
    values = {"day": day, "period": period}
    session.execute(
        update(table).values({name: value for name, value in values.items() if value is not None})
    )
