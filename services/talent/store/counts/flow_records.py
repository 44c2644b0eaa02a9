"""The rows of training places, moves and hires of funded deals, reduced to what is counted of them."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Table, or_, select
from sqlalchemy.orm import Session

from services.talent.domain.shortage.counts.flows import Flow, Windows, arriving, hiring, moving
from services.talent.store import schema

Reduce = Callable[[Callable[[str], Any]], Flow | None]
_PORTION = 5_000


def every(session: Session) -> Iterator[Flow]:
    """All that count."""
    yield from _rows(session, schema.training_place, arriving)
    yield from _rows(session, schema.move, moving)
    yield from _rows(session, schema.funded_hire, hiring)


def due(session: Session, before: Windows, after: Windows) -> Iterator[Flow]:
    """All that may count otherwise within the windows `after` than within those `before`."""
    training, move, hire = schema.training_place, schema.move.c, schema.funded_hire.c
    turned = [(before.passed, after.passed), (before.horizon, after.horizon)]
    moved = [
        *turned,
        (before.moved_since, after.moved_since),
        (before.moved_until, after.moved_until),
    ]
    running = (hire.ends >= before.passed) & (hire.starts <= after.horizon)
    yield from _rows(session, training, arriving, [_within(training.c.completes, turned)])
    yield from _rows(session, schema.move, moving, [_within(move.day, moved)])
    yield from _rows(session, schema.funded_hire, hiring, [running])


def _within(column: ColumnElement[date], spans: Sequence[tuple[date, date]]) -> ColumnElement[bool]:
    return or_(*((column > since) & (column <= until) for since, until in spans))


def _rows(
    session: Session, table: Table, reduce: Reduce, where: Sequence[ColumnElement[bool]] = ()
) -> Iterator[Flow]:
    query = select(table).where(*where)
    for row in session.execute(query.execution_options(yield_per=_PORTION)):
        found = reduce(row._mapping.__getitem__)
        if found is not None:
            yield found
