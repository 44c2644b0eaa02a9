"""What was last told of the reports that are expected of firms."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from services.chassis.storage.chunks import chunks
from services.funding.domain.indicators.requests import RequestState
from services.funding.store import schema


class Told(NamedTuple):
    """How a request was told last, and how often it was told."""

    state: RequestState
    version: int


def told(session: Session, firm_ids: Sequence[str]) -> Mapping[str, dict[str, Told]]:
    """What was told of these firms, by firm and period."""
    table, found = schema.indicator_request, defaultdict[str, dict[str, Told]](dict)
    for some in chunks(firm_ids):
        query = select(table).where(table.c.firm_id.in_(some))
        for row in session.execute(query):
            found[row.firm_id][row.period] = Told(row.state, row.version)
    return found


def save_told(session: Session, firm_id: str, period: str, made: Told) -> None:
    """Remember what was told, in place of what was told before."""
    table = schema.indicator_request
    session.execute(delete(table).where(table.c.firm_id == firm_id, table.c.period == period))
    session.execute(insert(table).values(firm_id=firm_id, period=period, **made._asdict()))


def holdings(session: Session) -> int:
    """How many holdings there are, ended ones among them: it only grows."""
    return session.scalar(select(func.count()).select_from(schema.investment)) or 0
