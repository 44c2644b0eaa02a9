"""The register of exports, which is the chassis's, and the sums of each file."""

from sqlalchemy import Column, ForeignKey, PrimaryKeyConstraint, String, Table

from services.chassis.audit.exports import define_exports
from services.chassis.storage.db import append_only
from services.funding.store.schema.registry import metadata

exports = define_exports(metadata)
export_sum = append_only(
    Table(
        "export_sum",
        metadata,
        Column("export_id", ForeignKey("export_register.id"), nullable=False),
        Column("column", String(40), nullable=False),
        Column("fen", String(40), nullable=False),
        PrimaryKeyConstraint("export_id", "column"),
    )
)
