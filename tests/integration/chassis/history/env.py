from sqlalchemy import Column, ForeignKey, Integer, String, Table

from services.chassis.storage.columns import UtcInstant, new_metadata
from services.chassis.storage.migration_env import run

METADATA = new_metadata()
Table("parent", METADATA, Column("id", Integer, primary_key=True), Column("name", String(20), nullable=False))
Table(
    "child",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("parent_id", Integer, ForeignKey("parent.id", ondelete="CASCADE"), nullable=False),
    Column("at", UtcInstant),
)
run(METADATA)
