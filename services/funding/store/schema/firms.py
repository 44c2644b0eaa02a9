"""Firms, what makes them findable, and what was known of them when."""

import json
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from services.chassis.searching.tables import text_table
from services.chassis.storage.columns import Document, EnumName, Shares, UtcInstant, big_integer
from services.chassis.storage.db import append_only
from services.funding.domain.firm.firm import FirmStatus
from services.funding.domain.firm.snapshot import FirmSnapshot
from services.funding.domain.firm.stages import Stage
from services.funding.store.schema.registry import metadata

firm = Table(
    "firm",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("uscc", String(18), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("city", String(63), nullable=False),
    Column("direction_shares", Shares, nullable=False),
    Column("stage", EnumName(Stage)),
    Column("founded", Date),
    Column("technology", Text, nullable=False),
    Column("product", Text, nullable=False),
    Column("origin", String(16), nullable=False),
    Column("snapshot", Document(FirmSnapshot)),
    Column("status", EnumName(FirmStatus), nullable=False),
    Column("withdrawal_reason", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", UtcInstant, nullable=False),
    Column("updated_at", UtcInstant, nullable=False),
    Column("merged_into", String(64)),
    Column("sought_fen", big_integer()),
    Index("ix_firm_merged_into", "merged_into"),
)
firm_direction = Table(
    "firm_direction",
    metadata,
    Column("firm_id", ForeignKey("firm.id", ondelete="CASCADE"), primary_key=True),
    Column("code", String(63), primary_key=True),
    Column("is_industry", Boolean, primary_key=True),
    Index("ix_firm_direction_code", "code", "firm_id"),
)
firm_text = text_table(metadata, "firm")
# What was known when. No foreign keys: an import that is taken back removes the firm, and not what was known of it.
firm_version = append_only(
    Table(
        "firm_version",
        metadata,
        Column("firm_id", String(64), nullable=False),
        Column("version", Integer, nullable=False),
        Column("recorded_at", UtcInstant, nullable=False),
        Column("recorded_by", String(128), nullable=False),
        Column("image", LargeBinary),
        PrimaryKeyConstraint("firm_id", "version"),
    )
)
firm_snapshot = append_only(
    Table(
        "firm_snapshot",
        metadata,
        Column("firm_id", String(64), nullable=False),
        Column("number", Integer, nullable=False),
        Column("as_of", Date, nullable=False),
        Column("verified", Boolean, nullable=False),
        Column("figures", Document(FirmSnapshot), nullable=False),
        Column("source", Text, nullable=False),
        Column("recorded_at", UtcInstant, nullable=False),
        Column("recorded_by", String(128), nullable=False),
        Column("retracts", Integer),
        PrimaryKeyConstraint("firm_id", "number"),
        Index("ix_firm_snapshot_as_of", "firm_id", "as_of"),
    )
)


def read_image(image: bytes) -> dict[str, Any]:
    """The row of a firm that a version keeps, as plain values by column."""
    return dict(json.loads(image))
