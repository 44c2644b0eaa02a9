"""Rows of what other services reported."""

from collections.abc import Sequence

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from services.talent.domain.report.returns import Return, Source
from services.talent.store.schema import statistical_return


def known_version(session: Session, source: Source, quarter: str) -> int:
    """The version that is known; 0 for none."""
    table = statistical_return.c
    query = select(table.version).where(table.source == source, table.quarter == quarter)
    return session.scalar(query) or 0


def put(session: Session, found: Return) -> None:
    """Keep a version in the place of the one before."""
    drop(session, found.source, found.quarter)
    values = {column.name: getattr(found, column.name) for column in statistical_return.columns}
    session.execute(insert(statistical_return).values(values))


def drop(session: Session, source: Source, quarter: str) -> None:
    """Forget a return."""
    table = statistical_return
    session.execute(delete(table).where(table.c.source == source, table.c.quarter == quarter))


def of_quarters(session: Session, quarters: Sequence[str]) -> list[Return]:
    """What is known of quarters, by source and quarter."""
    table = statistical_return
    query = select(table).where(table.c.quarter.in_(quarters)).order_by(table.c.source, table.c.quarter)
    return [Return(**row._mapping) for row in session.execute(query)]
