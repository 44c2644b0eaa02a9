"""What firms report of themselves."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from services.chassis.storage.columns import EnumName, UtcInstant
from services.funding.domain.firm.firm_report import ReportKind, ReportState
from services.funding.store.schema.registry import metadata

firm_report = Table(
    "firm_report",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("firm_id", ForeignKey("firm.id"), nullable=False),
    Column("kind", EnumName(ReportKind), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("state", EnumName(ReportState), nullable=False),
    Column("reporter", String(128), nullable=False),
    Column("reported_at", UtcInstant, nullable=False),
    Column("decider", String(128), nullable=False),
    Column("decided_at", UtcInstant),
    Column("reason", Text, nullable=False),
    Column("made", String(160), nullable=False),
    Column("about", String(80), nullable=False, server_default=""),
    Column("version", Integer, nullable=False),
    Index("ix_firm_report_firm_id", "firm_id", "reported_at"),
)
