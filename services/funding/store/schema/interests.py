"""Declarations of interest, what is known from elsewhere, and who has to do with a deal."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, PrimaryKeyConstraint, String, Table, Text

from services.chassis.storage.columns import Document, EnumName, UtcInstant
from services.chassis.storage.db import append_only
from services.funding.domain.deal.interest import InterestKind
from services.funding.domain.deal.parties import Capacity
from services.funding.store.schema.registry import metadata

deal_party = Table(
    "deal_party",
    metadata,
    Column("deal_id", ForeignKey("deal.id"), nullable=False),
    Column("subject", String(128), nullable=False),
    Column("capacity", EnumName(Capacity), nullable=False),
    PrimaryKeyConstraint("deal_id", "subject", "capacity"),
    Index("ix_deal_party_subject", "subject"),
)
interest = append_only(
    Table(
        "interest",
        metadata,
        Column("deal_id", ForeignKey("deal.id"), nullable=False),
        Column("number", Integer, nullable=False),
        Column("member", String(128), nullable=False),
        Column("kinds", Document(tuple[InterestKind, ...]), nullable=False),
        Column("commitment", String(64), nullable=False),
        Column("circle", String(64), nullable=False),
        Column("at", UtcInstant, nullable=False),
        PrimaryKeyConstraint("deal_id", "number"),
        Index("ix_interest_member", "member"),
    )
)
interest_resolution = append_only(
    Table(
        "interest_resolution",
        metadata,
        Column("deal_id", ForeignKey("deal.id"), nullable=False),
        Column("number", Integer, nullable=False),
        Column("recused", Boolean, nullable=False),
        Column("reason", Text, nullable=False),
        Column("actor", String(128), nullable=False),
        Column("at", UtcInstant, nullable=False),
        PrimaryKeyConstraint("deal_id", "number", "at"),
    )
)
known_link = append_only(
    Table(
        "known_link",
        metadata,
        Column("id", String(64), primary_key=True),
        Column("firm_id", ForeignKey("firm.id"), nullable=False),
        Column("member", String(128), nullable=False),
        Column("kind", EnumName(InterestKind), nullable=False),
        Column("source", Text, nullable=False),
        Column("actor", String(128), nullable=False),
        Column("at", UtcInstant, nullable=False),
        Index("ix_known_link_firm", "firm_id"),
    )
)
