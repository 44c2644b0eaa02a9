"""Local reinvestment: what of an investment counts for which city."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from services.chassis.storage.columns import EnumName, UtcInstant
from services.chassis.storage.db import append_only
from services.funding.domain.capital.reinvestment import CreditBasis
from services.funding.store.schema.registry import metadata

reinvestment_credit = append_only(
    Table(
        "reinvestment_credit",
        metadata,
        Column("investment_id", ForeignKey("investment.id"), nullable=False),
        Column("sequence", Integer, nullable=False),
        Column("fund_id", ForeignKey("fund.id"), nullable=False),
        Column("city", String(63), nullable=False),
        Column("fen", BigInteger, CheckConstraint("fen >= 0", name="not_negative"), nullable=False),
        Column("basis", EnumName(CreditBasis), nullable=False),
        Column("document", Text, nullable=False),
        Column("actor", String(128), nullable=False),
        Column("at", UtcInstant, nullable=False),
        PrimaryKeyConstraint("investment_id", "sequence"),
    )
)
