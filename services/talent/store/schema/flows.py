"""What is still to come to a cell, and what comes and goes: training places, moves, hires of funded deals."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from services.chassis.storage.columns import EnumName, Shares, UtcInstant, big_integer
from services.talent.domain.flows.move import MoveReason
from services.talent.domain.flows.training import TrainingStatus
from services.talent.store.schema.registry import metadata

training_place = Table(
    "training_place",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("ref", String(64), nullable=False, unique=True),
    Column("provider", Text, nullable=False),
    Column("provider_code", String(18), nullable=False),
    Column("programme", Text, nullable=False),
    Column("city", String(63), nullable=False),
    Column("leaf", String(63), nullable=False),
    Column("category", String(63), nullable=False),
    Column("places", Integer, nullable=False),
    Column("starts", Date, nullable=False),
    Column("completes", Date, nullable=False, index=True),
    Column("completion", Integer, nullable=False),
    Column("retention", Integer, nullable=False),
    Column("status", EnumName(TrainingStatus), nullable=False),
    Column("status_reason", Text, nullable=False),
    Column("origin", String(16), nullable=False),
    Column("actor", String(128), nullable=False, server_default=""),
    Column("status_by", String(128), nullable=False, server_default=""),
    Column("version", Integer, nullable=False),
    Column("created_at", UtcInstant, nullable=False),
    Column("updated_at", UtcInstant, nullable=False),
)
# A person's moves go with the person: on withdrawal, on erasure, and when statistics are not consented to any more.
move = Table(
    "move",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("ref", String(64), unique=True),
    Column("person_id", String(64), index=True),
    Column("category", String(63), nullable=False),
    Column("shares", Shares, nullable=False),
    Column("from_city", String(63), nullable=False),
    Column("to_city", String(63), nullable=False),
    Column("day", Date, nullable=False, index=True),
    Column("heads", Integer, nullable=False),
    Column("reason", EnumName(MoveReason), nullable=False),
    Column("note", Text, nullable=False),
    Column("derived", Boolean, nullable=False),
    Column("origin", String(16), nullable=False),
    Column("actor", String(128), nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", UtcInstant, nullable=False),
    Column("voided_at", UtcInstant),
    Column("void_reason", Text, nullable=False),
    Column("voided_by", String(128), nullable=False, server_default=""),
)
# What the funding service said last of a deal or a firm; a tombstone stays, so that nothing older comes back.
funded_deal = Table(
    "funded_deal",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("version", big_integer(), nullable=False),
    Column("firm_id", String(64), nullable=False, index=True),
    Column("origin", String(16), nullable=False),
    Column("basis", String(32), nullable=False),
    Column("basis_deals", Integer, nullable=False),
    Column("heard_at", UtcInstant, nullable=False),
)
funded_firm = Table(
    "funded_firm",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("version", big_integer(), nullable=False),
    Column("gone", Boolean, nullable=False),
)
funded_hire = Table(
    "funded_hire",
    metadata,
    Column("deal_id", ForeignKey("funded_deal.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("leaf", String(63), nullable=False),
    Column("city", String(63), nullable=False),
    Column("category", String(63), nullable=False),
    Column("starts", Date, nullable=False),
    Column("ends", Date, nullable=False),
    Column("micro", big_integer(), nullable=False),
    Column("counted", Boolean, nullable=False),
    PrimaryKeyConstraint("deal_id", "number"),
    Index("ix_funded_hire_ends", "ends"),
)
