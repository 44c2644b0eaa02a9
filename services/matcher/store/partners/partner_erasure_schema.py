"""What partners have acknowledged, and beside it everything that each of them was told."""

from sqlalchemy import Column, PrimaryKeyConstraint, String, Table, and_, or_, select

from services.chassis.storage.columns import UtcInstant, big_integer
from services.matcher.domain.partners.subscription import ERASED
from services.matcher.store.schema import match_event, metadata, partner

erasure_acknowledgement = Table(
    "erasure_acknowledgement",
    metadata,
    Column("partner_id", String(64), nullable=False),
    Column("sequence", big_integer(), nullable=False),
    Column("acknowledged_at", UtcInstant, nullable=False),
    PrimaryKeyConstraint("partner_id", "sequence"),
)
_done, _event = erasure_acknowledgement.c, match_event.c
_answer = and_(_done.partner_id == partner.c.id, _done.sequence == _event.sequence)
# A partner owes an answer to what came about since it was registered. Earlier ones are told to whoever reads the events
# from the oldest on, and stand here once they were answered.
partner_erasure = (
    select(
        partner.c.id.label("partner_id"),
        _event.sequence,
        _event.candidate_id.label("person_id"),
        _event.event_at.label("told_at"),
        _done.acknowledged_at,
    )
    .select_from(partner.join(match_event, _event.type == ERASED).outerjoin(erasure_acknowledgement, _answer))
    .where(or_(_event.event_at >= partner.c.created_at, _done.acknowledged_at.is_not(None)))
    .subquery("partner_erasure")
)
