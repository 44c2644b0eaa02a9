"""Who is behind firms, what makes duplicates findable, and which records were merged.

Names of people stand in `firm_person` alone: neither in events nor in versions, answers or the audit trail. Taking
somebody off the list deletes the name.
"""

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, PrimaryKeyConstraint, String, Table, Text

from services.chassis.storage.columns import EnumName, UtcInstant
from services.chassis.storage.db import append_only
from services.funding.domain.firm.firm import FirmStatus
from services.funding.domain.firm.firm_people import Part
from services.funding.store.schema.registry import metadata

firm_person = Table(
    "firm_person",
    metadata,
    Column("firm_id", ForeignKey("firm.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("part", EnumName(Part), nullable=False),
    Column("name", Text, nullable=False),
    Column("share_ppm", Integer),
    Column("since", Date),
    Column("until", Date),
    PrimaryKeyConstraint("firm_id", "number"),
    Index("ix_firm_person_name", "name"),
)
firm_block = Table(
    "firm_block",
    metadata,
    Column("firm_id", ForeignKey("firm.id", ondelete="CASCADE"), nullable=False),
    Column("key", String(80), nullable=False),
    PrimaryKeyConstraint("firm_id", "key"),
    Index("ix_firm_block_key", "key"),
)
firm_merge = append_only(
    Table(
        "firm_merge",
        metadata,
        Column("id", String(64), primary_key=True),
        Column("firm_id", String(64), nullable=False),
        Column("survivor_id", String(64), nullable=False),
        Column("act", String(8), nullable=False),
        Column("status_before", EnumName(FirmStatus), nullable=False),
        Column("reason", Text, nullable=False),
        Column("actor", String(128), nullable=False),
        Column("at", UtcInstant, nullable=False),
        Index("ix_firm_merge_firm_id", "firm_id"),
    )
)
