"""What other services reported of quarters: the newest version of each."""

from sqlalchemy import Boolean, Column, Integer, PrimaryKeyConstraint, String, Table

from services.chassis.storage.columns import Document, EnumName, UtcInstant
from services.talent.domain.report.returns import Figure, Source
from services.talent.store.schema.registry import metadata

statistical_return = Table(
    "statistical_return",
    metadata,
    Column("source", EnumName(Source), nullable=False),
    Column("quarter", String(6), nullable=False),
    Column("version", Integer, nullable=False),
    Column("method", String(64), nullable=False),
    Column("known_at", UtcInstant, nullable=False),
    Column("synthetic", Boolean, nullable=False),
    Column("figures", Document(tuple[Figure, ...]), nullable=False),
    PrimaryKeyConstraint("source", "quarter"),
)
