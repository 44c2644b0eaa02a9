"""What a second person approved of amounts; the tables of imports and exports are the chassis's."""

from sqlalchemy import BigInteger, Column, Index, String, Table, Text

from services.chassis.imports.tables import define_imports
from services.chassis.imports.taken_back import define_taken_back
from services.chassis.storage.columns import Json, UtcInstant
from services.chassis.storage.db import append_only
from services.funding.store.schema.registry import metadata, shared

imports = define_imports(metadata, Column("amounts", Json))
taken_back = define_taken_back(metadata, shared.history)
amount_approval = append_only(
    Table(
        "amount_approval",
        metadata,
        Column("id", String(64), primary_key=True),
        Column("subject", String(200), nullable=False),
        Column("field", String(40), nullable=False),
        Column("fen", BigInteger, nullable=False),
        Column("reason", Text, nullable=False),
        Column("approved_by", String(128), nullable=False),
        Column("approved_at", UtcInstant, nullable=False),
        Index("ix_amount_approval_subject", "subject"),
    )
)
