"""What was fitted when periods closed."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from services.talent.domain.axes import Axes
from services.talent.domain.shortage.indices.priors import Priors
from services.talent.store.schema.counts import shortage_period as table


class Period(NamedTuple):
    """`kind` is CLOSED, or OPENING before the first close; `tokens`: open heads and people it was fitted to."""

    period: str
    day: date
    kind: str
    tokens: int
    method_version: str
    catalogue_version: str
    closed_at: datetime


def put(session: Session, period: Period, priors: Priors) -> None:
    """Keep what was fitted."""
    session.execute(insert(table).values(**period._asdict(), priors=priors.document()))


def find(session: Session, code: str) -> Period | None:
    """The period with this code."""
    columns = [table.c[name] for name in Period._fields]
    row = session.execute(select(*columns).where(table.c.period == code)).one_or_none()
    return None if row is None else Period(*row)


def at(session: Session, day: date) -> str:
    """The code of the period whose priors stand on `day`: the last one closed before it, else the first of all."""
    before = (
        select(table.c.period).where(table.c.day < day).order_by(table.c.day.desc(), table.c.closed_at.desc())
    )
    first = select(table.c.period).order_by(table.c.day, table.c.closed_at.desc())
    return session.scalar(before.limit(1)) or session.scalar(first.limit(1)) or ""


def priors(session: Session, axes: Axes, code: str) -> Priors | None:
    """The priors of a period; None for a code that has none."""
    document = session.scalar(select(table.c.priors).where(table.c.period == code))
    return None if document is None else Priors.of_document(axes, document)
