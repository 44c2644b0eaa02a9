"""What has changed of a deal since a version that somebody read."""

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from bole.events.v1 import deal_event_pb2
from services.funding.domain.deal.deal import Deal
from services.funding.events import deal_event

_NOT_FIELDS = frozenset({"version", "trail_sequence", "trail_hash"})


def changes_since(session: Session, history: Table, deal: Deal, version: int) -> dict[str, str]:
    """Names of changed fields and the actions since, as metadata of an error; nothing for an unknown version."""
    query = select(history.c.state, history.c.changed_at).where(
        history.c.entity == "deal", history.c.id == deal.id, history.c.version == version
    )
    row = session.execute(query).one_or_none()
    if row is None or row.state is None:
        return {}
    before, now = deal_event_pb2.DealState.FromString(row.state), deal_event(deal)
    fields = [each.name for each in now.DESCRIPTOR.fields if each.name not in _NOT_FIELDS]
    changed = [name for name in fields if getattr(before, name) != getattr(now, name)]
    steps = [step.action.name for step in deal.transitions if step.at > row.changed_at]
    # Parties and plans are not in the event: a version without a step is a change of them.
    if deal.version - version > len(steps):
        changed.append("parties")
    return {"changedFields": ",".join(changed), "actionsSince": ",".join(steps)}
