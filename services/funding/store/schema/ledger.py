"""The ledger: a fund's balances are what these lines add up to."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from services.chassis.storage.columns import EnumName, UtcInstant
from services.chassis.storage.db import append_only
from services.funding.domain.ledger.accounts import Account
from services.funding.domain.ledger.journal import Act
from services.funding.store.schema.registry import metadata

journal = append_only(
    Table(
        "journal",
        metadata,
        Column("fund_id", ForeignKey("fund.id"), nullable=False),
        Column("sequence", Integer, nullable=False),
        Column("act", EnumName(Act), nullable=False),
        Column("reference", String(80), nullable=False),
        Column("document", Text, nullable=False),
        Column("actor", String(128), nullable=False),
        Column("at", UtcInstant, nullable=False),
        PrimaryKeyConstraint("fund_id", "sequence"),
        Index("ix_journal_reference", "reference"),
    )
)
journal_line = append_only(
    Table(
        "journal_line",
        metadata,
        Column("fund_id", String(64), nullable=False),
        Column("sequence", Integer, nullable=False),
        Column("account", EnumName(Account), nullable=False),
        Column("fen", BigInteger, CheckConstraint("fen <> 0", name="moves"), nullable=False),
        PrimaryKeyConstraint("fund_id", "sequence", "account"),
        ForeignKeyConstraint(["fund_id", "sequence"], ["journal.fund_id", "journal.sequence"]),
    )
)
