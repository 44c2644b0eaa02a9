"""Questions that people keep, what these found when last looked at, and what was told of them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from services.chassis.storage.columns import EnumName, Real, Strings, UtcInstant
from services.funding.domain.screening.saved_search import AlertKind
from services.funding.store.schema.registry import metadata

saved_search = Table(
    "saved_search",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("owner", String(128), nullable=False),
    Column("title", Text, nullable=False),
    Column("fund_id", ForeignKey("fund.id"), nullable=False),
    Column("filter", Text, nullable=False),
    Column("order_by", Text, nullable=False),
    Column("columns", Strings, nullable=False),
    Column("pinned_revision", Integer),
    Column("crossing_score", String(16), nullable=False),
    Column("crossing_value", Real, nullable=False),
    Column("headroom_below_fen", BigInteger),
    Column("whole_fund", Boolean, nullable=False),
    Column("created_at", UtcInstant, nullable=False),
    Column("looked", Boolean, nullable=False),
    Column("headroom_fen", BigInteger),
    Column("deal_count", Integer, nullable=False),
    Index("ix_saved_search_owner", "owner", "created_at"),
)
search_match = Table(
    "search_match",
    metadata,
    Column("search_id", ForeignKey("saved_search.id"), nullable=False),
    Column("deal_id", String(64), nullable=False),
    Column("score", Real),
    Column("gates", String(80), nullable=False),
    Column("overdue", Boolean, nullable=False),
    PrimaryKeyConstraint("search_id", "deal_id"),
)
screening_alert = Table(
    "screening_alert",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("search_id", ForeignKey("saved_search.id"), nullable=False),
    Column("owner", String(128), nullable=False),
    Column("kind", EnumName(AlertKind), nullable=False),
    Column("deal_id", String(64), nullable=False),
    Column("day", Date, nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("at", UtcInstant, nullable=False),
    Column("acked_at", UtcInstant),
    UniqueConstraint("search_id", "deal_id", "kind", "day"),
    Index("ix_screening_alert_owner", "owner", "id"),
)
