"""Partners' own topics."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.matcher.domain.partners.partner_topic import PartnerTopic
from services.matcher.store.partners.partner_topic_schema import partner_topic as table


def get(session: Session, partner_id: str, *, lock: bool = False) -> PartnerTopic | None:
    """The topic of a partner, or None; with `lock` nobody else changes it until the transaction ends."""
    return session.get(PartnerTopic, partner_id, with_for_update=lock or None, populate_existing=lock)


def behind(session: Session, last: int) -> Sequence[str]:
    """Ids of the partners whose topics have not been told up to the event `last`, the longest behind first."""
    waiting = select(table.c.partner_id).where(table.c.position < last)
    return session.scalars(waiting.order_by(table.c.position, table.c.partner_id)).all()
