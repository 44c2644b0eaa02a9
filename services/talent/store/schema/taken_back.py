"""Versions of records that come to nothing: an import wrote them, and its undo went behind them."""

from sqlalchemy import Column, PrimaryKeyConstraint, String, Table

from services.chassis.storage.columns import big_integer
from services.talent.store.schema.registry import metadata

taken_back = Table(
    "import_taken_back",
    metadata,
    Column("entity", String(32), nullable=False),
    Column("id", String(64), nullable=False),
    Column("first", big_integer(), nullable=False),
    Column("last", big_integer(), nullable=False),
    PrimaryKeyConstraint("entity", "id", "first"),
)
