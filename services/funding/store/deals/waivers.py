"""Reading and writing waivers. A later waiver of the same check stands in place of an earlier one."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from services.chassis.storage.chunks import chunks
from services.funding.domain.deal.waiver import Waiver
from services.funding.store import schema


def of_deals(session: Session, deal_ids: Sequence[str]) -> dict[str, tuple[Waiver, ...]]:
    """The waivers of these deals, oldest first; deals without any are left out."""
    table, found = schema.waiver.c, defaultdict[str, list[Waiver]](list)
    for some in chunks(deal_ids):
        query = select(schema.waiver).where(table.deal_id.in_(some))
        for row in session.execute(query.order_by(table.deal_id, table.number)):
            found[row.deal_id].append(
                Waiver(row.code, row.document, row.granted_by, row.until, row.reason, row.at)
            )
    return {id_: tuple(each) for id_, each in found.items()}


def save(session: Session, deal_id: str, waiver: Waiver) -> int:
    """Append a waiver; its number among those of the deal."""
    table = schema.waiver
    last = session.scalar(select(func.max(table.c.number)).where(table.c.deal_id == deal_id)) or 0
    session.execute(insert(table).values(deal_id=deal_id, number=last + 1, **vars(waiver)))
    return last + 1
