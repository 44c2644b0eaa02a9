"""Deals and their histories."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from services.chassis.storage.columns import Document, EnumName, UtcInstant
from services.chassis.storage.db import append_only
from services.funding.domain.deal.deal import Transition
from services.funding.domain.deal.states import TERMINAL, DealState
from services.funding.domain.deal.terms import DealTerms
from services.funding.domain.pipeline.hiring import ExpectedHires, HiringPlan
from services.funding.store.schema.registry import metadata

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
    Column("cancelled_fen", BigInteger, nullable=False),
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
