"""What was told of the cells of the shortage map, and who wants to be told of them."""

from sqlalchemy import Boolean, Column, Index, Integer, String, Table

from services.chassis.storage.columns import UtcInstant, big_integer
from services.talent.store.schema.registry import metadata

shortage_told = Table(
    "shortage_told",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("revision", big_integer(), nullable=False),
)
"""One row: the revision of the counts up to which everything was told. Whoever tells holds its lock."""

shortage_standing = Table(
    "shortage_standing",
    metadata,
    Column("node", String(63), primary_key=True),
    Column("city", String(63), primary_key=True),
    Column("category", String(63), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("stars", Integer, nullable=False),
    Column("hidden", Boolean, nullable=False),
    Column("version", big_integer(), nullable=False),
)
shortage_watch = Table(
    "shortage_watch",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("owner", String(200), nullable=False),
    Column("node", String(63), nullable=False),
    Column("city", String(63), nullable=False),
    Column("category", String(63), nullable=False),
    Column("stars", Integer, nullable=False),
    Column("percent", Integer, nullable=False),
    Column("fresh", Boolean, nullable=False),
    Column("reached", Boolean, nullable=False),
    Column("reached_at", UtcInstant),
    Column("left_at", UtcInstant),
    Column("version", Integer, nullable=False),
    Column("created_at", UtcInstant, nullable=False),
    Index("ix_shortage_watch_owner", "owner", "created_at"),
)
