"""The tables of webhooks: ids and numbers of events alone, and no word of what was sent."""

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table, Text, UniqueConstraint

from services.chassis.storage.columns import EnumName, Strings, UtcInstant, big_integer
from services.matcher.domain.webhooks.attempt import Cause, Outcome
from services.matcher.domain.webhooks.webhook import DisableReason, WebhookState
from services.matcher.store.schema import metadata

# `position`: the last event looked at; `sent`: the last one that was taken. Secrets are wrapped by the key ring.
webhook = Table(
    "webhook",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("partner_id", String(64), nullable=False),
    Column("url", String(1000), nullable=False),
    Column("title", Text, nullable=False),
    Column("kinds", Strings, nullable=False),
    Column("anchor", String(160), nullable=False),
    Column("directions", Strings, nullable=False),
    Column("cities", Strings, nullable=False),
    Column("state", EnumName(WebhookState), nullable=False, index=True),
    Column("reason", EnumName(DisableReason)),
    Column("version", Integer, nullable=False),
    Column("secret", LargeBinary, nullable=False),
    Column("former_secret", LargeBinary),
    Column("former_until", UtcInstant),
    Column("position", big_integer(), nullable=False),
    Column("sent", big_integer(), nullable=False),
    Column("failures", Integer, nullable=False),
    Column("failing_since", UtcInstant),
    Column("next_at", UtcInstant, nullable=False),
    Column("created_at", UtcInstant, nullable=False),
    Column("updated_at", UtcInstant, nullable=False),
    UniqueConstraint("partner_id", "url"),
)
# The delivery log. `previous`: the number that the message gave as the event before, to send the same again.
webhook_attempt = Table(
    "webhook_attempt",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("webhook_id", String(64), nullable=False),
    Column("cause", EnumName(Cause), nullable=False),
    Column("message_id", String(160), nullable=False),
    Column("sequence", big_integer(), nullable=False),
    Column("previous", big_integer(), nullable=False),
    Column("number", Integer, nullable=False),
    Column("at", UtcInstant, nullable=False, index=True),
    Column("outcome", EnumName(Outcome), nullable=False),
    Column("status", Integer, nullable=False),
    Column("latency_ms", Integer, nullable=False),
    Column("excerpt", Text, nullable=False),
    Column("reason_zh", Text, nullable=False),
    Column("reason_en", Text, nullable=False),
    Column("next_at", UtcInstant),
    Index("ix_webhook_attempt_webhook", "webhook_id", "id"),
)
