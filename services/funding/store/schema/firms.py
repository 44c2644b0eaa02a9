"""Firms and what makes them findable."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, Text

from services.chassis.columns import Document, EnumName, Shares, UtcInstant
from services.funding.domain.firm import FirmStatus
from services.funding.domain.snapshot import FirmSnapshot
from services.funding.domain.stages import Stage
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
)
firm_direction = Table(
    "firm_direction",
    metadata,
    Column("firm_id", ForeignKey("firm.id", ondelete="CASCADE"), primary_key=True),
    Column("code", String(63), primary_key=True),
    Column("is_industry", Boolean, primary_key=True),
    Index("ix_firm_direction_code", "code", "firm_id"),
)
