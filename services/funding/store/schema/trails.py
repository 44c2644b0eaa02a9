"""The trail of a deal, and the words about people that it only commits to."""

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, PrimaryKeyConstraint, String, Table, Text

from services.chassis.storage.columns import UtcInstant
from services.chassis.storage.db import append_only
from services.funding.store.schema.registry import metadata

trail = append_only(
    Table(
        "trail",
        metadata,
        Column("deal_id", ForeignKey("deal.id"), nullable=False),
        Column("sequence", Integer, nullable=False),
        Column("kind", String(32), nullable=False),
        Column("actor", String(128), nullable=False),
        Column("at", UtcInstant, nullable=False),
        Column("text", Text, nullable=False),
        Column("hash", LargeBinary, nullable=False),
        PrimaryKeyConstraint("deal_id", "sequence"),
    )
)
# Deleted when the words have to go; the chain keeps the commitment.
private_text = Table(
    "private_text",
    metadata,
    Column("deal_id", ForeignKey("deal.id"), nullable=False),
    Column("commitment", String(64), nullable=False),
    Column("salt", String(64), nullable=False),
    Column("text", Text, nullable=False),
    PrimaryKeyConstraint("deal_id", "commitment"),
)
