"""Notes on deals, and which of their reminders are settled; the words stand in `private_text`."""

from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
)

from services.chassis.storage.columns import Document, UtcInstant
from services.chassis.storage.db import append_only
from services.funding.store.schema.registry import metadata

deal_note = append_only(
    Table(
        "deal_note",
        metadata,
        Column("deal_id", ForeignKey("deal.id"), nullable=False),
        Column("number", Integer, nullable=False),
        Column("commitment", String(64), nullable=False),
        Column("remind_on", Date),
        Column("reminded", String(128), nullable=False),
        Column("documents", Document(tuple[int, ...]), nullable=False),
        Column("actor", String(128), nullable=False),
        Column("at", UtcInstant, nullable=False),
        PrimaryKeyConstraint("deal_id", "number"),
        Index("ix_deal_note_reminded", "reminded", "remind_on"),
    )
)
reminder_settled = append_only(
    Table(
        "reminder_settled",
        metadata,
        Column("deal_id", String(64), nullable=False),
        Column("number", Integer, nullable=False),
        Column("actor", String(128), nullable=False),
        Column("at", UtcInstant, nullable=False),
        PrimaryKeyConstraint("deal_id", "number"),
        ForeignKeyConstraint(["deal_id", "number"], ["deal_note.deal_id", "deal_note.number"]),
    )
)
