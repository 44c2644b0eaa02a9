"""The table of partners' own topics."""

from sqlalchemy import Column, String, Table

from services.chassis.storage.columns import UtcInstant, big_integer
from services.matcher.store.schema import metadata

partner_topic = Table(
    "partner_topic",
    metadata,
    Column("partner_id", String(64), primary_key=True),
    Column("position", big_integer(), nullable=False),
    Column("sent", big_integer(), nullable=False),
    Column("created_at", UtcInstant, nullable=False),
)
