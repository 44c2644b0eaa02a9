"""Weights learnt from outcomes, and what was put back in their place."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, insert, select
from sqlalchemy.orm import Session

from services.matcher.domain.kinds import Weighing
from services.matcher.store.schema import weighing


def adopted(session: Session, *, signed: bool = False) -> list[Weighing]:
    """The weights that stand: the newest of every kind and family of encoders that have learnt ones, unless those set
    by hand were put back since; with `signed` the newest that somebody signed for.
    """
    table = weighing
    query = select(table).where(table.c.adopted.is_(True)).order_by(table.c.created_at, table.c.version)
    if signed:
        query = query.where(table.c.signed_by.is_not(None))
    newest = _newest(session, query)
    return [newest[key] for key in sorted(newest) if newest[key].factors]


def newest(session: Session, kind: str) -> list[Weighing]:
    """Of each family of encoders the weights of a kind that were adopted last; without factors where those set by hand
    were put back.
    """
    table = weighing
    query = select(table).where(table.c.adopted.is_(True), table.c.kind == kind)
    return list(_newest(session, query.order_by(table.c.created_at, table.c.version)).values())


def all_of(session: Session, kind: str) -> Sequence[Row[Any]]:
    """All that was ever kept of a kind, the newest first."""
    table = weighing
    query = select(table).where(table.c.kind == kind)
    return session.execute(query.order_by(table.c.created_at.desc(), table.c.version.desc())).all()


def _newest(session: Session, query: Select[Any]) -> dict[tuple[str, str], Weighing]:
    found = (
        Weighing(row.kind, row.version, row.constant, row.factors, row.encoder or "")
        for row in session.execute(query)
    )
    return {(each.kind, each.encoder): each for each in found}


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
