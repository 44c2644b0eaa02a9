"""Holdings with the figures that their steps add up to, the steps, and the plans of payment."""

from sqlalchemy import (
    BigInteger,
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

from services.chassis.storage.columns import Document, EnumName, UtcInstant
from services.chassis.storage.db import append_only
from services.funding.domain.investment.investment import InvestmentStep
from services.funding.domain.investment.states import InvestmentState
from services.funding.domain.investment.tranches import Tranche
from services.funding.store.schema.registry import metadata

_FIGURES = (
    "signed_fen",
    "paid_fen",
    "unpaid_fen",
    "cost_fen",
    "proceeds_fen",
    "written_off_fen",
    "value_fen",
)

investment = Table(
    "investment",
    metadata,
    Column("id", ForeignKey("deal.id"), primary_key=True),
    Column("fund_id", ForeignKey("fund.id"), nullable=False),
    Column("firm_id", ForeignKey("firm.id"), nullable=False),
    Column("round_name", String(60), nullable=False),
    Column("origin", String(16), nullable=False),
    Column("state", EnumName(InvestmentState), nullable=False),
    Column("closed", Date, nullable=False),
    Column("tranches", Document(tuple[Tranche, ...]), nullable=False),
    *(
        Column(name, BigInteger, CheckConstraint(f"{name} >= 0", name=f"{name}_not_negative"), nullable=False)
        for name in _FIGURES
    ),
    Column("gain_fen", BigInteger, nullable=False),
    Column("marked", Date),
    Column("version", Integer, nullable=False),
    Column("created_at", UtcInstant, nullable=False),
    Column("updated_at", UtcInstant, nullable=False),
    Index("ix_investment_fund_state", "fund_id", "state"),
    Index("ix_investment_firm", "firm_id"),
)
investment_step = append_only(
    Table(
        "investment_step",
        metadata,
        Column("investment_id", ForeignKey("investment.id"), nullable=False),
        Column("sequence", Integer, nullable=False),
        Column("step", Document(InvestmentStep), nullable=False),
        PrimaryKeyConstraint("investment_id", "sequence"),
    )
)
tranche_plan = append_only(
    Table(
        "tranche_plan",
        metadata,
        Column("deal_id", ForeignKey("deal.id"), nullable=False),
        Column("revision", Integer, nullable=False),
        Column("tranches", Document(tuple[Tranche, ...]), nullable=False),
        Column("document", Text, nullable=False),
        Column("actor", String(128), nullable=False),
        Column("at", UtcInstant, nullable=False),
        PrimaryKeyConstraint("deal_id", "revision"),
    )
)
