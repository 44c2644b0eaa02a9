"""Financing rounds: which revision stands, and every revision."""

from sqlalchemy import Column, ForeignKey, Integer, PrimaryKeyConstraint, String, Table, UniqueConstraint

from services.chassis.storage.columns import Document, UtcInstant
from services.chassis.storage.db import append_only
from services.funding.domain.firm.round import RoundFacts
from services.funding.store.schema.registry import metadata

financing_round = Table(
    "financing_round",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("firm_id", ForeignKey("firm.id"), nullable=False),
    Column("round_name", String(60), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("at", UtcInstant, nullable=False),
    UniqueConstraint("firm_id", "round_name"),
)
round_revision = append_only(
    Table(
        "round_revision",
        metadata,
        Column("round_id", ForeignKey("financing_round.id"), nullable=False),
        Column("revision", Integer, nullable=False),
        Column("facts", Document(RoundFacts), nullable=False),
        Column("actor", String(128), nullable=False),
        Column("at", UtcInstant, nullable=False),
        PrimaryKeyConstraint("round_id", "revision"),
    )
)
