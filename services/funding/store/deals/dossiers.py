"""Reading and writing documents of deals, their content, and determinations."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from services.chassis.storage.chunks import chunks
from services.funding.domain.deal.document import Document
from services.funding.domain.dossier.facts import Determination
from services.funding.store import schema


class Check(NamedTuple):
    """Who checked a document against its original, and when."""

    verifier: str
    at: datetime


def documents(session: Session, deal_id: str) -> list[Document]:
    """The documents of a deal in order."""
    table = schema.deal_document
    query = select(table).where(table.c.deal_id == deal_id).order_by(table.c.number)
    return [Document(**row) for row in session.execute(query).mappings()]


def documents_of(session: Session, deal_ids: Sequence[str]) -> dict[str, list[Document]]:
    """The documents of these deals, each deal's in order."""
    table, found = schema.deal_document, defaultdict[str, list[Document]](list)
    for some in chunks(deal_ids):
        query = select(table).where(table.c.deal_id.in_(some))
        for row in session.execute(query.order_by(table.c.deal_id, table.c.number)).mappings():
            found[row["deal_id"]].append(Document(**row))
    return found


def save_document(session: Session, document: Document, content: bytes) -> None:
    """Add a document, and its content unless that is kept."""
    session.execute(insert(schema.deal_document).values(**asdict(document)))
    kept, digest = schema.document_content, document.sha256
    known = select(kept.c.sha256).where(kept.c.sha256 == digest).with_for_update(read=True)
    if content and session.execute(known).first() is None:
        session.execute(insert(kept).values(sha256=digest, content=content))


def content_of(session: Session, sha256: str) -> bytes | None:
    """The content with this digest, if it is kept."""
    table = schema.document_content
    query = select(table.c.content).where(table.c.sha256 == sha256)
    found: bytes | None = session.execute(query).scalar_one_or_none()
    return found


def checks(session: Session, deal_id: str) -> dict[int, Check]:
    """Who checked the documents of a deal, by number."""
    table = schema.deal_document_check
    rows = session.execute(select(table).where(table.c.deal_id == deal_id))
    return {row.number: Check(row.verifier, row.at) for row in rows}


def save_check(session: Session, deal_id: str, number: int, check: Check) -> None:
    """Add a check."""
    session.execute(
        insert(schema.deal_document_check).values(deal_id=deal_id, number=number, **check._asdict())
    )


def determinations(session: Session, deal_id: str) -> Sequence[Determination]:
    """What was determined, in order."""
    table = schema.determination
    query = select(table).where(table.c.deal_id == deal_id).order_by(table.c.number)
    return [Determination(**row) for row in session.execute(query).mappings()]


def save_determination(session: Session, made: Determination) -> None:
    """Add a determination."""
    session.execute(insert(schema.determination).values(**asdict(made)))


def count(session: Session, deal_id: str) -> int:
    """How many documents a deal has."""
    table = schema.deal_document
    query = select(func.count()).select_from(table).where(table.c.deal_id == deal_id)
    return session.execute(query).scalar_one()
