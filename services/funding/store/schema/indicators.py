"""Reports of firms after an investment, and what was done about alerts."""

from sqlalchemy import Column, ForeignKey, Index, Integer, PrimaryKeyConstraint, String, Table, Text

from services.chassis.storage.columns import Document, EnumName, UtcInstant
from services.chassis.storage.db import append_only
from services.funding.domain.indicators.periods import Period
from services.funding.domain.indicators.report import Source
from services.funding.domain.indicators.requests import RequestState
from services.funding.store.schema.registry import metadata

indicator_report = append_only(
    Table(
        "indicator_report",
        metadata,
        Column("id", String(64), primary_key=True),
        Column("firm_id", ForeignKey("firm.id"), nullable=False),
        Column("period", Document(Period), nullable=False),
        Column("metrics", Document(dict[str, int]), nullable=False),
        Column("source", EnumName(Source), nullable=False),
        Column("document", Text, nullable=False),
        Column("actor", String(128), nullable=False),
        Column("at", UtcInstant, nullable=False),
        Index("ix_indicator_report_firm", "firm_id", "at"),
    )
)
indicator_answer = append_only(
    Table(
        "indicator_answer",
        metadata,
        Column("firm_id", ForeignKey("firm.id"), nullable=False),
        Column("sequence", Integer, nullable=False),
        Column("code", String(32), nullable=False),
        Column("period", String(8), nullable=False),
        Column("text", Text, nullable=False),
        Column("actor", String(128), nullable=False),
        Column("at", UtcInstant, nullable=False),
        PrimaryKeyConstraint("firm_id", "sequence"),
    )
)
# What was last told of an expected report.
indicator_request = Table(
    "indicator_request",
    metadata,
    Column("firm_id", ForeignKey("firm.id"), nullable=False),
    Column("period", String(8), nullable=False),
    Column("state", EnumName(RequestState), nullable=False),
    Column("version", Integer, nullable=False),
    PrimaryKeyConstraint("firm_id", "period"),
)
