"""Erasures of contents: who asked for one, who carried it out, and the deletion itself."""

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import and_, delete, exists, insert, select
from sqlalchemy.orm import Session

from services.chassis.storage.db import scrub_after
from services.funding.domain.deal.erasure import Erasure
from services.funding.store import schema

_ASKED, _DONE = 1, 2


def of_deal(session: Session, deal_id: str) -> dict[int, Erasure]:
    """The erasures of a deal, by the number of the document."""
    table, found = schema.document_erasure, dict[int, Erasure]()
    query = select(table).where(table.c.deal_id == deal_id).order_by(table.c.number, table.c.step)
    for row in session.execute(query):
        if row.step == _ASKED:
            found[row.number] = Erasure(
                deal_id=deal_id,
                number=row.number,
                reason=row.reason,
                requester=row.actor,
                requested_at=row.at,
            )
        else:
            found[row.number] = replace(found[row.number], eraser=row.actor, erased_at=row.at)
    return found


def save_asked(session: Session, asked: Erasure) -> None:
    """Add that it was asked for."""
    _save(session, asked, _ASKED)


def save_done(session: Session, done: Erasure) -> None:
    """Add that it was carried out."""
    _save(session, done, _DONE)


def delete_unused(session: Session, sha256: str, deal_id: str, numbers: Collection[int]) -> None:
    """Delete the content of these documents of a deal, unless another document that is not erased has the same.

    Whoever registers the same content at this moment waits for the outcome (see `dossiers.save_document`).
    """
    scrub_after(session)
    content, document, erasure = schema.document_content, schema.deal_document, schema.document_erasure
    held = select(content.c.sha256).where(content.c.sha256 == sha256)
    session.execute(held.with_for_update()).all()
    gone = exists().where(
        erasure.c.deal_id == document.c.deal_id,
        erasure.c.number == document.c.number,
        erasure.c.step == _DONE,
    )
    mine = and_(document.c.deal_id == deal_id, document.c.number.in_(numbers))
    others = select(document.c.number).where(document.c.sha256 == sha256, document.c.stored, ~gone, ~mine)
    if session.execute(others.limit(1)).first() is None:
        session.execute(delete(content).where(content.c.sha256 == sha256))


def _save(session: Session, erasure: Erasure, step: int) -> None:
    done = step == _DONE
    row = {
        "deal_id": erasure.deal_id,
        "number": erasure.number,
        "step": step,
        "actor": erasure.eraser if done else erasure.requester,
        "at": erasure.erased_at if done else erasure.requested_at,
        "reason": "" if done else erasure.reason,
    }
    session.execute(insert(schema.document_erasure).values(row))
