"""What is gone and only the audit still knows: topics that were closed, webhooks that were deleted."""

from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.matcher.store.schema import shared

CLOSE_TOPIC: Final = "delete-partner-topic"
DELETE_WEBHOOK: Final = "delete-webhook"


def closed_topics(session: Session) -> list[tuple[str, datetime]]:
    """Names of topics that were closed, and when, as often as it was done."""
    return _done(session, CLOSE_TOPIC)


def deleted_webhooks(session: Session) -> list[str]:
    """Names of webhooks that were deleted."""
    return [name for name, _at in _done(session, DELETE_WEBHOOK)]


def _done(session: Session, action: str) -> list[tuple[str, datetime]]:
    table = shared.audit.entries.c
    done = (table.action == action) & (table.outcome == "done") & table.resource.startswith("partners/")
    return [(row.resource, row.at) for row in session.execute(select(table.resource, table.at).where(done))]
