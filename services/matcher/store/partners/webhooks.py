"""Webhooks and their delivery log."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from services.chassis.filtering import Field, OrderTerm, Schema
from services.chassis.storage.listing import Listing
from services.matcher.domain.webhooks.attempt import Attempt, Cause, Outcome
from services.matcher.domain.webhooks.webhook import Webhook, WebhookState
from services.matcher.store.partners.webhook_schema import webhook, webhook_attempt
from services.matcher.store.schema import match_event


def get(session: Session, partner_id: str, id_: str, *, lock: bool = False) -> Webhook | None:
    """A webhook of a partner, or None; with `lock` nobody else changes it until the transaction ends."""
    found = by_id(session, id_, lock=lock)
    return found if found is not None and found.partner_id == partner_id else None


def by_id(session: Session, id_: str, *, lock: bool = False) -> Webhook | None:
    """A webhook, whoever it belongs to; `lock` as of `get`."""
    return session.get(Webhook, id_, with_for_update=lock or None, populate_existing=lock)


def knows(session: Session, attempt_id: str) -> bool:
    """Whether an attempt is on the log."""
    return session.get(Attempt, attempt_id) is not None


def at_address(session: Session, partner_id: str, url: str) -> Webhook | None:
    """The webhook of a partner at an address, or None."""
    mine = (webhook.c.partner_id == partner_id) & (webhook.c.url == url)
    return session.scalars(select(Webhook).where(mine)).one_or_none()


def restated(session: Session) -> Sequence[Webhook]:
    """All webhooks of which something was stated since they were made."""
    return session.scalars(select(Webhook).where(webhook.c.version > 1)).all()


def count(session: Session, partner_id: str) -> int:
    """How many webhooks a partner has."""
    mine = select(func.count()).select_from(webhook).where(webhook.c.partner_id == partner_id)
    return session.execute(mine).scalar_one()


def standing(session: Session) -> dict[str, int]:
    """How many webhooks are enabled, failing (enabled, and the last attempt failed) and disabled."""
    table, found = webhook.c, {"enabled": 0, "failing": 0, "disabled": 0}
    query = select(table.state, table.failures, func.count()).group_by(table.state, table.failures)
    for state, failures, number in session.execute(query):
        enabled = state is WebhookState.ENABLED
        found["disabled" if not enabled else "failing" if failures else "enabled"] += number
    return found


def due(session: Session, last: int, now: datetime) -> Sequence[str]:
    """Ids of enabled webhooks that are behind the event `last` and may be tried now, the longest behind first."""
    table = webhook.c
    wanted = (table.state == WebhookState.ENABLED) & (table.position < last) & (table.next_at <= now)
    return session.scalars(select(table.id).where(wanted).order_by(table.next_at, table.id)).all()


def remove(session: Session, of: Webhook) -> None:
    """Delete a webhook with its log."""
    session.execute(delete(webhook_attempt).where(webhook_attempt.c.webhook_id == of.id))
    session.delete(of)


def attempt(session: Session, webhook_id: str, id_: str) -> Attempt | None:
    """A line of the log of a webhook, or None."""
    found = session.get(Attempt, id_)
    return found if found is not None and found.webhook_id == webhook_id else None


def redeliveries_of(session: Session, webhook_id: str, sequence: int) -> int:
    """How often a webhook was told of an event again because somebody wanted it."""
    table = webhook_attempt.c
    mine = (table.webhook_id == webhook_id) & (table.sequence == sequence)
    mine &= table.cause == Cause.REDELIVERY
    return session.execute(select(func.count()).select_from(webhook_attempt).where(mine)).scalar_one()


def expire(session: Session, before: datetime) -> None:
    """Delete older lines of the log."""
    session.execute(delete(webhook_attempt).where(webhook_attempt.c.at < before))


def forget(session: Session, id_: str) -> None:
    """Delete what endpoints answered to events about an entity: they may have said back what they were told."""
    table = webhook_attempt
    about = (match_event.c.anchor_id == id_) | (match_event.c.candidate_id == id_)
    answered = select(table.c.sequence).where(table.c.excerpt != "")
    told = select(match_event.c.sequence).where(match_event.c.sequence.in_(answered), about)
    session.execute(update(table).where(table.c.sequence.in_(told), table.c.excerpt != "").values(excerpt=""))


def of_partners(partner_id: str | None) -> ColumnElement[bool]:
    """Webhooks of one partner, or (None) of all."""
    return webhook.c.id.is_not(None) if partner_id is None else webhook.c.partner_id == partner_id


def listing() -> Listing:
    """Webhooks: ListWebhooks, the oldest first."""
    return Listing("ListWebhooks", Schema.of(), {}, {}, webhook.c.id)


def attempt_listing() -> Listing:
    """The delivery log: ListWebhookAttempts, the newest first."""
    table = webhook_attempt.c
    return Listing(
        "ListWebhookAttempts",
        Schema.of(
            Field.enum("cause", "CAUSE", (each.name for each in Cause)),
            Field.enum("outcome", "OUTCOME", (each.name for each in Outcome)),
            Field.integer("sequence"),
            Field.integer("status_code"),
            Field.instant("attempt_time"),
        ),
        {
            "cause": table.cause,
            "outcome": table.outcome,
            "sequence": table.sequence,
            "status_code": table.status,
            "attempt_time": table.at,
        },
        {"attempt_time": table.at},
        table.id,
        default_order=(OrderTerm("attempt_time", descending=True),),
    )
