"""Reading and growing the trail of a deal, and the private words beside it."""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, cast

from pydantic import TypeAdapter
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from services.chassis.storage.db import scrub_after
from services.funding.domain.deal.trail import ORIGIN, Entry, Head, chained, commit
from services.funding.store import schema


@dataclass(frozen=True)
class Link:
    """One stored entry: the text that was hashed, and its hash."""

    sequence: int
    kind: str
    text: str
    hash: bytes


def head(session: Session, deal_id: str) -> Head:
    """How far the trail of a deal goes."""
    table = schema.trail
    query = select(table.c.sequence, table.c.hash).where(table.c.deal_id == deal_id)
    row = session.execute(query.order_by(table.c.sequence.desc()).limit(1)).first()
    return Head(row.sequence, row.hash) if row else Head(0, ORIGIN)


def append(
    session: Session, deal_id: str, kind: str, actor: str, at: datetime, content: Mapping[str, Any]
) -> Head:
    """Add one entry; two at once meet at its number, and one of them is told to look again."""
    last = head(session, deal_id)
    entry = Entry(deal_id=deal_id, sequence=last.sequence + 1, kind=kind, actor=actor, at=at, content=content)
    text = entry.canonical()
    hash_ = chained(last.hash, text)
    row = {
        "deal_id": deal_id,
        "sequence": entry.sequence,
        "kind": kind,
        "actor": actor,
        "at": at,
        "text": text,
        "hash": hash_,
    }
    session.execute(insert(schema.trail).values(row))
    return Head(entry.sequence, hash_)


def links(session: Session, deal_id: str) -> Iterator[Link]:
    """The whole trail in order."""
    table = schema.trail
    query = select(table.c.sequence, table.c.kind, table.c.text, table.c.hash)
    for row in session.execute(query.where(table.c.deal_id == deal_id).order_by(table.c.sequence)):
        yield Link(row.sequence, row.kind, row.text, row.hash)


def keep_private(session: Session, deal_id: str, salt: str, text: str) -> str:
    """Keep words about people beside the trail; the commitment that stands in it. Empty for no words."""
    if not text:
        return ""
    commitment = commit(salt, text)
    row = {"deal_id": deal_id, "commitment": commitment, "salt": salt, "text": text}
    session.execute(insert(schema.private_text).values(row))
    return commitment


def private_texts(session: Session, deal_id: str) -> dict[str, tuple[str, str]]:
    """Salt and words by commitment; erased ones are not among them."""
    table = schema.private_text
    rows = session.execute(select(table).where(table.c.deal_id == deal_id))
    return {row.commitment: (row.salt, row.text) for row in rows}


def erase_private(session: Session, deal_id: str, commitment: str) -> bool:
    """Delete words about people; whether there were any."""
    scrub_after(session)
    table = schema.private_text
    where = (table.c.deal_id == deal_id, table.c.commitment == commitment)
    found = session.execute(select(table.c.commitment).where(*where)).first() is not None
    session.execute(delete(table).where(*where))
    return found


@cache
def _adapter(kind: Hashable) -> TypeAdapter[Any]:
    return TypeAdapter(cast(Any, kind))


def plain(value: Any) -> Any:
    """A value object as plain JSON values, as the trail holds it."""
    return _adapter(cast(Hashable, type(value))).dump_python(value, mode="json")
