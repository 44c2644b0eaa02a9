"""The tables of the funding service. Amounts are integer fen."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
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

from services.chassis.columns import Document, EnumName, Shares, UtcInstant, new_metadata
from services.chassis.db import append_only
from services.chassis.house import define_shared_tables
from services.funding.domain.deal.deal import Transition
from services.funding.domain.deal.states import TERMINAL, DealState
from services.funding.domain.firm import FirmStatus
from services.funding.domain.fund import FundKind
from services.funding.domain.hiring import ExpectedHires, HiringPlan
from services.funding.domain.mandate import Mandate
from services.funding.domain.snapshot import FirmSnapshot
from services.funding.domain.stages import Stage
from services.funding.domain.terms import DealTerms

metadata = new_metadata()
shared = define_shared_tables(metadata)

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
deal = Table(
    "deal",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("fund_id", ForeignKey("fund.id"), nullable=False),
    Column("firm_id", ForeignKey("firm.id"), nullable=False),
    Column("round_name", String(60), nullable=False),
    Column("channel", Text, nullable=False),
    Column("terms", Document(DealTerms), nullable=False),
    Column("owner", Text, nullable=False),
    Column("expert_rating", Integer),
    Column("submitted_at", UtcInstant),
    Column("state", EnumName(DealState), nullable=False),
    Column("origin", String(16), nullable=False),
    Column("reopened_from", String(64)),
    Column("approved_fen", BigInteger),
    Column("approved_at", UtcInstant),
    Column("signed_fen", BigInteger),
    Column("paid_fen", BigInteger),
    Column("hiring_plan", Document(HiringPlan)),
    Column("expected_hires", Document(ExpectedHires)),
    Column("version", Integer, nullable=False),
    Column("created_at", UtcInstant, nullable=False),
    Column("updated_at", UtcInstant, nullable=False),
    Index("ix_deal_fund_state", "fund_id", "state"),
    Index("ix_deal_firm", "firm_id"),
)
# One look at a time: a fund has at most one open deal for a firm's round.
_open = deal.c.state.not_in(sorted(state.name for state in TERMINAL))
Index(
    "uq_deal_open",
    deal.c.fund_id,
    deal.c.firm_id,
    deal.c.round_name,
    unique=True,
    sqlite_where=_open,
    postgresql_where=_open,
)
deal_ref = Table(
    "deal_ref",
    metadata,
    Column("ref", String(64), primary_key=True),
    Column("deal_id", ForeignKey("deal.id"), nullable=False, unique=True),
)
deal_transition = append_only(
    Table(
        "deal_transition",
        metadata,
        Column("deal_id", ForeignKey("deal.id"), nullable=False),
        Column("sequence", Integer, nullable=False),
        Column("transition", Document(Transition), nullable=False),
        PrimaryKeyConstraint("deal_id", "sequence"),
    )
)
