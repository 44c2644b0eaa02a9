"""Standing lists and match events in the database."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.orm import Session

from services.matcher.lists.delta import ListKey, Place, Places
from services.matcher.store.schema import match_counter, match_event, standing_match

_CHUNK = 400


def stored_lists(session: Session) -> dict[ListKey, Places]:
    """Every list, best first."""
    table = standing_match
    query = select(table).order_by(table.c.kind, table.c.anchor_id, table.c.rank)
    lists: dict[ListKey, list[Place]] = {}
    for row in session.execute(query):
        place = Place(row.candidate_id, row.log_odds, row.announced)
        lists.setdefault((row.kind, row.anchor_id), []).append(place)
    return {key: tuple(places) for key, places in lists.items()}


def replace_lists(session: Session, lists: Mapping[ListKey, Places]) -> None:
    """Write these lists anew; an empty one is deleted."""
    table = standing_match
    for kind, anchors in _by_kind(lists).items():
        for start in range(0, len(anchors), _CHUNK):
            part = anchors[start : start + _CHUNK]
            session.execute(delete(table).where(table.c.kind == kind, table.c.anchor_id.in_(part)))
    rows = [
        {
            "kind": kind,
            "anchor_id": anchor,
            "candidate_id": place.id,
            "log_odds": place.log_odds,
            "announced": place.announced,
            "rank": rank,
        }
        for (kind, anchor), places in lists.items()
        for rank, place in enumerate(places, start=1)
    ]
    if rows:
        session.execute(insert(table), rows)


def allot(session: Session, count: int) -> int:
    """The first of `count` sequence numbers without a gap; the counter's row lock puts writers in line."""
    table = match_counter
    statement = update(table).where(table.c.id == 1).values(last=table.c.last + count).returning(table.c.last)
    last = session.execute(statement).scalar_one_or_none()
    if last is None:
        session.execute(insert(table).values(id=1, last=count))
        last = count
    return int(last) - count + 1


def add_events(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Append match events that carry their sequence numbers."""
    if rows:
        session.execute(insert(match_event), list(rows))


def events_after(session: Session, sequence: int, limit: int) -> list[Row[Any]]:
    """Match events after a sequence number, in order."""
    table = match_event
    query = select(table).where(table.c.sequence > sequence).order_by(table.c.sequence).limit(limit)
    return list(session.execute(query).all())


def last_sequence(session: Session) -> int:
    """The last number allotted; 0 if none."""
    return session.execute(select(func.max(match_event.c.sequence))).scalar_one() or 0


def first_sequence(session: Session) -> int | None:
    """The oldest event kept; None if none is."""
    first: int | None = session.execute(select(func.min(match_event.c.sequence))).scalar_one()
    return first


def _by_kind(keys: Iterable[ListKey]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for kind, anchor in keys:
        found.setdefault(kind, []).append(anchor)
    return found
