"""The rows of people and positions, reduced to what is counted of them."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from services.chassis.storage.chunks import chunks
from services.talent.domain.position.posting import LIFE_DAYS, Posting
from services.talent.domain.shortage.counts.tally import Supplied, advertised, supplied
from services.talent.store import schema

_PERSON = ("id", "city", "category", "availability", "direction_shares", "observed", "status", "purposes")
_POSITION = (
    "leaf",
    "city",
    "category",
    "employer",
    "employer_code",
    "opened",
    "renewed",
    "closed",
    "headcount",
    "fills",
    "duplicate_of",
)
_PORTION = 5_000


def people(session: Session) -> Iterator[Supplied]:
    """Everybody who counts."""
    return _people(session, _select_people())


def people_observed(session: Session, days: Sequence[date]) -> Iterator[Supplied]:
    """Those of whom the record was last confirmed on one of these days."""
    for some in chunks(days):
        where = schema.person.c.observed.in_(some)
        yield from _people(session, _select_people().where(where))


def postings(session: Session) -> Iterator[Posting]:
    """Every position that counts."""
    return _postings(session, ())


def postings_due(
    session: Session, after: date, until: date, changed_since: datetime, window: date | None
) -> Iterator[Posting]:
    """Those that count otherwise on `until` than on `after`: they expire, hold days after `after`, or are older
    than a `window` that moves.
    """
    table = schema.position.c
    life = timedelta(days=LIFE_DAYS)
    due = [table.renewed.between(after - life, until - life), table.updated_at >= changed_since]
    if window is not None:
        due.append(table.opened <= window)
    return _postings(session, (or_(*due),))


def _select_people() -> Select[Any]:
    return select(*(schema.person.c[name] for name in _PERSON)).where(schema.person.c.status == "ACTIVE")


def _people(session: Session, query: Select[Any]) -> Iterator[Supplied]:
    for row in session.execute(query.execution_options(yield_per=_PORTION)):
        found = supplied(row._mapping.__getitem__)
        if found is not None:
            yield found


def _postings(session: Session, where: Sequence[ColumnElement[bool]]) -> Iterator[Posting]:
    query = select(*(schema.position.c[name] for name in _POSITION)).where(
        schema.position.c.duplicate_of.is_(None), *where
    )
    for row in session.execute(query.execution_options(yield_per=_PORTION)):
        found = advertised(row._mapping.__getitem__)
        if found is not None:
            yield found
