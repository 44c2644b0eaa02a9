"""Imports, and what became of the rows of each.

`import_row.detail` holds what the report says of a row. Of a person it is sealed under the key of the record, so
that it goes with the person; of a refused row it names the rules that the row breaks.
"""

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, PrimaryKeyConstraint, String, Table, Text

from services.chassis.columns import EnumName, Json, UtcInstant, big_integer
from services.talent.domain.batch import BatchState, RowOutcome
from services.talent.store.schema.registry import metadata

import_batch = Table(
    "import_batch",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("state", EnumName(BatchState), nullable=False),
    Column("filename", Text, nullable=False),
    Column("sha256", String(64), nullable=False, index=True),
    Column("size", big_integer(), nullable=False),
    Column("mode", String(32), nullable=False),
    Column("reason", Text, nullable=False),
    Column("created_by", String(128), nullable=False),
    Column("created_at", UtcInstant, nullable=False, index=True),
    Column("heard_at", UtcInstant, nullable=False),
    Column("ended_at", UtcInstant),
    Column("processed", big_integer(), nullable=False),
    Column("sheets", Json, nullable=False),
    Column("encoding", String(16), nullable=False),
    Column("warnings", Json, nullable=False),
    Column("undone_by", String(128), nullable=False),
    Column("undone_at", UtcInstant),
    Column("version", Integer, nullable=False),
)
import_row = Table(
    "import_row",
    metadata,
    Column("batch_id", ForeignKey("import_batch.id", ondelete="CASCADE"), nullable=False),
    Column("sheet", String(16), nullable=False),
    Column("row", Integer, nullable=False),
    Column("outcome", EnumName(RowOutcome), nullable=False),
    Column("resource_id", String(64)),
    Column("version", Integer),
    Column("detail", LargeBinary),
    PrimaryKeyConstraint("batch_id", "sheet", "row"),
)
