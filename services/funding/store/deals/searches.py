"""Reading and writing saved searches, what they found, and their alerts."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.chassis.storage.bulk import add_rows
from services.chassis.storage.chunks import chunks
from services.funding.domain.screening.saved_search import Alert, SavedSearch, Seen
from services.funding.store import schema

_MATCH = ("search_id", "deal_id", "score", "gates", "overdue")


def save(session: Session, search: SavedSearch) -> None:
    """Add a search."""
    session.execute(insert(schema.saved_search).values(**vars(search)))


def one(session: Session, id_: str, owner: str | None = None, *, lock: bool = False) -> SavedSearch | None:
    """A search, of this owner if one is named; `lock`: kept as it is until the transaction ends."""
    table = schema.saved_search
    query = select(table).where(table.c.id == id_)
    if owner is not None:
        query = query.where(table.c.owner == owner)
    row = session.execute(query.with_for_update() if lock else query).mappings().one_or_none()
    return None if row is None else SavedSearch(**row)


def of_owner(session: Session, owner: str) -> list[SavedSearch]:
    """All searches of somebody, newest first."""
    table = schema.saved_search
    query = select(table).where(table.c.owner == owner).order_by(table.c.created_at.desc(), table.c.id)
    return [SavedSearch(**row) for row in session.execute(query).mappings()]


def count_of(session: Session, owner: str) -> int:
    """How many searches somebody has."""
    table = schema.saved_search
    return session.scalar(select(func.count()).where(table.c.owner == owner)) or 0


def everybodys(session: Session) -> Sequence[str]:
    """The ids of all searches."""
    table = schema.saved_search
    return session.scalars(select(table.c.id).order_by(table.c.id)).all()


def remove(session: Session, id_: str) -> list[Alert]:
    """Remove a search with what belongs to it; the alerts that went."""
    alert = schema.screening_alert
    rows = session.execute(select(alert).where(alert.c.search_id == id_)).mappings().all()
    for table, column in (
        (alert, alert.c.search_id),
        (schema.search_match, schema.search_match.c.search_id),
        (schema.saved_search, schema.saved_search.c.id),
    ):
        session.execute(delete(table).where(column == id_))
    return [Alert(**row) for row in rows]


def matches(session: Session, id_: str) -> dict[str, Seen]:
    """What a search found when it was last looked at, by deal."""
    table = schema.search_match.c
    query = select(table.deal_id, table.score, table.gates, table.overdue).where(table.search_id == id_)
    return {deal: Seen(score, gates, overdue) for deal, score, gates, overdue in session.execute(query)}


def keep(session: Session, search: SavedSearch, before: Mapping[str, Seen], now: Mapping[str, Seen]) -> None:
    """Put down what a search finds now in place of what it found before; `search` as it stands from now on."""
    table = schema.search_match
    stale = [id_ for id_ in before if before[id_] != now.get(id_)]
    for portion in chunks(stale):
        session.execute(delete(table).where(table.c.search_id == search.id, table.c.deal_id.in_(portion)))
    fresh = [(search.id, id_, *vars(seen).values()) for id_, seen in now.items() if before.get(id_) != seen]
    add_rows(session, table, _MATCH, fresh)
    search_table = schema.saved_search
    session.execute(
        update(search_table)
        .where(search_table.c.id == search.id)
        .values(looked=True, headroom_fen=search.headroom_fen, deal_count=len(now))
    )


def tell(session: Session, alert: Alert) -> bool:
    """Add an alert; False if there is one of the day already."""
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    table = schema.screening_alert
    statement = dialect.insert(table).values(**vars(alert)).on_conflict_do_nothing().returning(table.c.id)
    return session.execute(statement).scalar_one_or_none() is not None


def alert(session: Session, id_: str, owner: str) -> Alert | None:
    """An alert of this owner, or None."""
    table = schema.screening_alert
    query = select(table).where(table.c.id == id_, table.c.owner == owner)
    row = session.execute(query).mappings().one_or_none()
    return None if row is None else Alert(**row)


def alerts(
    session: Session, owner: str, search_id: str, before: str, most: int, *, acknowledged: bool
) -> list[Alert]:
    """Alerts of somebody, newest first, those with an id below `before` (empty: all)."""
    table = schema.screening_alert
    query = select(table).where(table.c.owner == owner)
    if search_id:
        query = query.where(table.c.search_id == search_id)
    if before:
        query = query.where(table.c.id < before)
    if not acknowledged:
        query = query.where(table.c.acked_at.is_(None))
    rows = session.execute(query.order_by(table.c.id.desc()).limit(most)).mappings()
    return [Alert(**row) for row in rows]


def acknowledge(session: Session, id_: str, at: datetime) -> None:
    """Put down that the owner has taken note."""
    table = schema.screening_alert
    session.execute(update(table).where(table.c.id == id_).values(acked_at=at))
