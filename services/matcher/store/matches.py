"""Standing lists and match events in the database."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.orm import Session

from services.chassis.storage.bulk import add_rows
from services.chassis.storage.chunks import chunks
from services.kernel.errors import Aborted
from services.kernel.text import Text
from services.matcher.lists.delta import ListKey, Place, Places
from services.matcher.store.schema import match_counter, match_event, standing_match

_ROW = 1
_PLACE = ("kind", "anchor_id", "candidate_id", "log_odds", "announced", "rank")


class Mark(NamedTuple):
    """The last sequence number allotted, by what encoder and catalogue the lists were made, and the last change of an
    item that they have followed.
    """

    last: int
    made_by: str | None
    followed: int = 0


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
        for part in chunks(anchors):
            session.execute(delete(table).where(table.c.kind == kind, table.c.anchor_id.in_(part)))
    rows = (
        (kind, anchor, place.id, place.log_odds, place.announced, rank)
        for (kind, anchor), places in lists.items()
        for rank, place in enumerate(places, start=1)
    )
    add_rows(session, table, _PLACE, rows)


def mark(session: Session) -> Mark:
    """Where the lists stand."""
    row = session.execute(select(match_counter).where(match_counter.c.id == _ROW)).one_or_none()
    return Mark(0, None) if row is None else Mark(row.last, row.encoder_version, row.followed)


def move_mark(session: Session, known: Mark, following: Mark) -> None:
    """Take the sequence numbers up to `following.last`, without a gap.

    Raises Aborted unless the mark stands where the writer knows it: then somebody else has written lists since,
    and nothing of this transaction may stay. The row's lock puts writers in line.
    """
    table = match_counter
    values = {
        "last": following.last,
        "encoder_version": following.made_by,
        "followed": following.followed,
    }
    statement = update(table).where(table.c.id == _ROW, table.c.last == known.last).values(values)
    if session.execute(statement.returning(table.c.last)).first() is not None:
        return
    if session.execute(select(table.c.last).where(table.c.id == _ROW)).first() is not None:
        raise Aborted(
            Text(
                "另一个进程已更新名单，请只保留一个", "another process has written the lists; keep only one"
            ),
            reason="LISTS_MOVED",
        )
    session.execute(insert(table).values(id=_ROW, **values))


def add_events(session: Session, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Append match events that carry their sequence numbers, values in the order of the columns."""
    add_rows(session, match_event, columns, rows)


def events_after(session: Session, sequence: int, limit: int) -> list[Row[Any]]:
    """Match events after a sequence number, in order."""
    table = match_event
    query = select(table).where(table.c.sequence > sequence).order_by(table.c.sequence).limit(limit)
    return list(session.execute(query).all())


def last_told(session: Session, key: ListKey) -> tuple[tuple[str, ...], str] | None:
    """Directions and city that the last event of a list was told under."""
    table = match_event
    mine = (table.c.kind == key[0]) & (table.c.anchor_id == key[1])
    query = select(table.c.directions, table.c.city).where(mine).order_by(table.c.sequence.desc()).limit(1)
    row = session.execute(query).one_or_none()
    return None if row is None else (row.directions, row.city)


def first_sequence(session: Session) -> int | None:
    """The oldest event kept; None if none is."""
    first: int | None = session.execute(select(func.min(match_event.c.sequence))).scalar_one()
    return first


def last_before(session: Session, instant: datetime) -> int:
    """The number of the last event before an instant; one less than the oldest kept where all came later. Events stand
    in the order of their time, so that it is found by halving and needs no index.
    """
    low, high = (first_sequence(session) or 1) - 1, mark(session).last
    while low < high:
        middle = (low + high + 1) // 2
        found = select(match_event.c.sequence, match_event.c.event_at).where(match_event.c.sequence <= middle)
        row = session.execute(found.order_by(match_event.c.sequence.desc()).limit(1)).one_or_none()
        if row is None or row.event_at < instant:
            low = middle
        else:
            high = row.sequence - 1
    return low


def _by_kind(keys: Iterable[ListKey]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for kind, anchor in keys:
        found.setdefault(kind, []).append(anchor)
    return found
