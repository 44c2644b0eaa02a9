"""Who is in each exported file. A person leaves with erasure; the register itself stays."""

from sqlalchemy import Column, ForeignKey, PrimaryKeyConstraint, String, Table

from services.talent.store.schema.registry import exports, metadata

export_register = exports.register
export_person = Table(
    "export_person",
    metadata,
    Column("person_id", String(64), nullable=False),
    Column("export_id", ForeignKey("export_register.id"), nullable=False),
    PrimaryKeyConstraint("person_id", "export_id"),
)
