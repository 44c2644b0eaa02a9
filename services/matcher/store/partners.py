"""Partners and their keys."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.matcher.store.schema import partner


def lock(session: Session, id_: str) -> bool:
    """Whether there is a partner; until the transaction ends nobody else locks it."""
    found = select(partner.c.id).where(partner.c.id == id_).with_for_update()
    return session.execute(found).first() is not None
