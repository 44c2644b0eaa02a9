"""Weights learnt from outcomes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from services.matcher.domain.kinds import Weighing
from services.matcher.store.schema import weighing


def adopted(session: Session, *, signed: bool = False) -> list[Weighing]:
    """The weights that stand: the newest of every kind and family of encoders that have learnt ones; with `signed` the
    newest that somebody signed for.
    """
    table = weighing
    query = select(table).where(table.c.adopted.is_(True)).order_by(table.c.created_at, table.c.version)
    if signed:
        query = query.where(table.c.signed_by.is_not(None))
    found = (
        Weighing(row.kind, row.version, row.constant, row.factors, row.encoder or "")
        for row in session.execute(query)
    )
    newest = {(each.kind, each.encoder): each for each in found}
    return [newest[key] for key in sorted(newest)]


def keep(
    session: Session,
    learnt: Weighing,
    figures: Mapping[str, Any],
    at: datetime,
    *,
    adopted: bool,
    signed: tuple[str, str] | None = None,
) -> None:
    """Keep weights with what they were judged by, whether or not they stand from now on; `signed`: by whom, and why."""
    by, reason = signed or (None, None)
    row = {
        "version": learnt.version,
        "kind": learnt.kind,
        "constant": learnt.constant,
        "factors": dict(learnt.factors),
        "figures": dict(figures),
        "adopted": adopted,
        "created_at": at,
        "encoder": learnt.encoder,
        "signed_by": by,
        "signed_reason": reason,
    }
    session.execute(insert(weighing).values(row))
