"""Acts on people that wait for a second person, or that one approved, and which of them were done."""

from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Index, String, Table, Text

from services.chassis.storage.columns import UtcInstant
from services.chassis.storage.db import append_only
from services.talent.store.schema.registry import metadata


def _intent(batch_before: str | None = None) -> list[Column[Any]]:
    """The fields of `domain.four_eyes.Intent`. `batch_before`: the batch of rows from before there was one."""
    return [
        Column("account", String(128), nullable=False),
        Column("act", String(16), nullable=False),
        Column("sheet", String(16), nullable=False),
        Column("purpose", String(40), nullable=False),
        Column("filter", Text, nullable=False),
        Column("people", BigInteger, nullable=False),
        Column("person", String(64), nullable=False),
        Column("batch", String(64), nullable=False, server_default=batch_before),
    ]


act_approval = append_only(
    Table(
        "act_approval",
        metadata,
        Column("id", String(64), primary_key=True),
        *_intent(batch_before=""),
        Column("reason", Text, nullable=False),
        Column("approved_by", String(128), nullable=False),
        Column("approved_at", UtcInstant, nullable=False),
        Index("ix_act_approval_account", "account", "approved_at"),
    )
)
act_approval_use = append_only(
    Table(
        "act_approval_use",
        metadata,
        Column("approval_id", ForeignKey("act_approval.id"), primary_key=True),
        Column("used_for", String(80), nullable=False),
        Column("used_at", UtcInstant, nullable=False),
    )
)
act_application = append_only(
    Table(
        "act_application",
        metadata,
        Column("id", String(64), primary_key=True),
        *_intent(),
        Column("reason", Text, nullable=False),
        Column("asked_at", UtcInstant, nullable=False),
        Index("ix_act_application_asked", "asked_at"),
    )
)
act_answer = append_only(
    Table(
        "act_answer",
        metadata,
        Column("application_id", ForeignKey("act_application.id"), primary_key=True),
        Column("verdict", String(16), nullable=False),
        Column("reason", Text, nullable=False),
        Column("answered_by", String(128), nullable=False),
        Column("answered_at", UtcInstant, nullable=False),
        Column("approval_id", ForeignKey("act_approval.id")),
    )
)
