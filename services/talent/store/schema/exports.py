"""The register of exports, and who is in each file. An entry is never changed; a person leaves with erasure."""

from sqlalchemy import Column, ForeignKey, PrimaryKeyConstraint, String, Table, Text

from services.chassis.append_only import append_only
from services.chassis.columns import Strings, UtcInstant, big_integer
from services.talent.store.schema.registry import metadata

export_register = append_only(
    Table(
        "export_register",
        metadata,
        Column("id", String(64), primary_key=True),
        Column("created_at", UtcInstant, nullable=False, index=True),
        Column("created_by", String(128), nullable=False),
        Column("purpose", String(64), nullable=False),
        Column("reason", Text, nullable=False),
        Column("sheet", String(16), nullable=False),
        Column("filter", Text, nullable=False),
        Column("columns", Strings, nullable=False),
        Column("form", String(16), nullable=False),
        Column("rows", big_integer(), nullable=False),
        Column("sha256", String(64), nullable=False),
        Column("size", big_integer(), nullable=False),
    )
)
export_person = Table(
    "export_person",
    metadata,
    Column("person_id", String(64), nullable=False),
    Column("export_id", ForeignKey("export_register.id"), nullable=False),
    PrimaryKeyConstraint("person_id", "export_id"),
)
