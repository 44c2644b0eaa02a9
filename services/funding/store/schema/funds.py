"""Funds with the balances of their accounts, in integer fen; the numbers they came with; their rules."""

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
)

from services.chassis.storage.columns import Document, EnumName, Strings, UtcInstant
from services.chassis.storage.db import append_only
from services.funding.domain.fund.fund import FundKind
from services.funding.domain.fund.mandate import Mandate
from services.funding.store.schema.registry import metadata

fund = Table(
    "fund",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("kind", EnumName(FundKind), nullable=False),
    Column("city", String(63), nullable=False),
    Column("size_fen", BigInteger, nullable=False),
    Column("paid_in_fen", BigInteger),
    Column("government_fen", BigInteger),
    Column("fee_reserve_fen", BigInteger, nullable=False),
    Column("established", Date, nullable=False),
    Column("life_years", Integer, nullable=False),
    Column("investment_years", Integer, nullable=False),
    Column("origin", String(16), nullable=False),
    Column("reserved_fen", BigInteger, nullable=False),
    Column("committed_fen", BigInteger, nullable=False),
    Column("invested_fen", BigInteger, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", UtcInstant, nullable=False),
    Column("updated_at", UtcInstant, nullable=False),
    *(
        Column(name, BigInteger, CheckConstraint(f"{name} >= 0", name=f"{name}_not_negative"), nullable=False)
        for name in (
            "uncalled_fen",
            "cash_fen",
            "cost_fen",
            "fees_fen",
            "written_off_fen",
            "distributed_fen",
            "returned_fen",
            "recycled_fen",
        )
    ),
    Column("gain_fen", BigInteger, nullable=False),
    Column("journal_count", Integer, nullable=False),
    CheckConstraint("reserved_fen >= 0 AND committed_fen >= 0 AND invested_fen >= 0", name="not_negative"),
    CheckConstraint(
        "reserved_fen + committed_fen + invested_fen <= size_fen - fee_reserve_fen", name="within_capital"
    ),
)
# What an import knows a fund by, and the rules in force. A revision never changes.
fund_ref = Table(
    "fund_ref",
    metadata,
    Column("ref", String(64), primary_key=True),
    Column("fund_id", ForeignKey("fund.id"), nullable=False, unique=True),
)
mandate = append_only(
    Table(
        "mandate",
        metadata,
        Column("fund_id", ForeignKey("fund.id"), nullable=False),
        Column("revision", Integer, nullable=False),
        Column("rules", Document(Mandate), nullable=False),
        PrimaryKeyConstraint("fund_id", "revision"),
    )
)
# What was proposed and what somebody else decided of it; what is approved is a mandate from then on.
mandate_proposal = append_only(
    Table(
        "mandate_proposal",
        metadata,
        Column("fund_id", ForeignKey("fund.id"), nullable=False),
        Column("revision", Integer, nullable=False),
        Column("rules", Document(Mandate), nullable=False),
        Column("proposer", String(128), nullable=False),
        Column("at", UtcInstant, nullable=False),
        Column("reason", Text, nullable=False),
        PrimaryKeyConstraint("fund_id", "revision"),
    )
)
mandate_decision = append_only(
    Table(
        "mandate_decision",
        metadata,
        Column("fund_id", ForeignKey("fund.id"), nullable=False),
        Column("revision", Integer, nullable=False),
        Column("approved", Boolean, nullable=False),
        Column("decider", String(128), nullable=False),
        Column("at", UtcInstant, nullable=False),
        Column("document", Text, nullable=False),
        PrimaryKeyConstraint("fund_id", "revision"),
    )
)
# The directions of a revision in today's codes, where the catalogue has moved on since: rules themselves never change.
mandate_scope = Table(
    "mandate_scope",
    metadata,
    Column("fund_id", ForeignKey("fund.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("leaves", Strings, nullable=False),
    PrimaryKeyConstraint("fund_id", "revision"),
)
