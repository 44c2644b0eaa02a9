"""Commitments to funds, capital calls and what came in for them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from services.chassis.storage.columns import EnumName, UtcInstant
from services.chassis.storage.db import append_only
from services.funding.domain.capital.commitment import PartyKind
from services.funding.store.schema.registry import metadata

commitment = append_only(
    Table(
        "commitment",
        metadata,
        Column("id", String(64), primary_key=True),
        Column("fund_id", ForeignKey("fund.id"), nullable=False, index=True),
        Column("kind", EnumName(PartyKind), nullable=False),
        Column("party", Text, nullable=False),
        Column("investor_fund", ForeignKey("fund.id"), index=True),
        Column("fen", BigInteger, CheckConstraint("fen > 0", name="positive"), nullable=False),
        Column("signed", Date, nullable=False),
        Column("document", Text, nullable=False),
        Column("new_capital", Boolean, nullable=False),
        Column("city", String(63), nullable=False),
        Column("at", UtcInstant, nullable=False),
        Column("actor", String(128), nullable=False),
    )
)
capital_call = append_only(
    Table(
        "capital_call",
        metadata,
        Column("id", String(64), primary_key=True),
        Column("fund_id", ForeignKey("fund.id"), nullable=False),
        Column("number", Integer, nullable=False),
        Column("due", Date, nullable=False),
        Column("document", Text, nullable=False),
        Column("at", UtcInstant, nullable=False),
        Column("actor", String(128), nullable=False),
        UniqueConstraint("fund_id", "number"),
    )
)
capital_call_part = append_only(
    Table(
        "capital_call_part",
        metadata,
        Column("call_id", ForeignKey("capital_call.id"), nullable=False),
        Column("commitment_id", ForeignKey("commitment.id"), nullable=False),
        Column("fen", BigInteger, CheckConstraint("fen > 0", name="positive"), nullable=False),
        PrimaryKeyConstraint("call_id", "commitment_id"),
    )
)
capital_receipt = append_only(
    Table(
        "capital_receipt",
        metadata,
        Column("id", String(64), primary_key=True),
        Column("call_id", ForeignKey("capital_call.id"), nullable=False, index=True),
        Column("commitment_id", ForeignKey("commitment.id"), nullable=False),
        Column("fen", BigInteger, CheckConstraint("fen > 0", name="positive"), nullable=False),
        Column("received", Date, nullable=False),
        Column("document", Text, nullable=False),
        Column("at", UtcInstant, nullable=False),
        Column("actor", String(128), nullable=False),
    )
)
