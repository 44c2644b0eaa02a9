"""What other services told for reports: the newest return of each quarter, and the proposals that came to something."""

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
# Of people and positions, and of firms and funds; `other`: the position, or fund and firm; `part`: what spoke for it.
done_proposal = Table(
    "done_proposal",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("part", String(64), nullable=False),
    Column("person_id", String(64), index=True),
    Column("other", String(160), nullable=False),
)
