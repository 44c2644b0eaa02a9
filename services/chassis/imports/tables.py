"""The tables of imports, and what is asked of them.

`import_row.detail` holds what the report says of a row; a service that imports people seals it under the key of the
record, so that it goes with the person. Of a refused row it names the rules that the row breaks.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Row,
    String,
    Table,
    Text,
    case,
    delete,
    select,
    update,
)
from sqlalchemy.orm import Session, registry

from services.chassis.filtering import Field, OrderTerm, Schema
from services.chassis.imports.batch import Batch, BatchState, ImportedRow, RowOutcome
from services.chassis.storage.columns import EnumName, Json, UtcInstant, big_integer
from services.chassis.storage.listing import Listing

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class ImportTables:
    """`batch`: imports. `row`: what became of their rows.

    `batch_kind` and `row_kind` are the service's own classes of them: a class has one table.
    """

    batch: Table
    row: Table
    batch_kind: type[Batch]
    row_kind: type[ImportedRow]

    def map_onto(self, mapping: registry) -> None:
        """Map the two classes."""
        mapping.map_imperatively(self.batch_kind, self.batch, version_id_col=self.batch.c.version)
        mapping.map_imperatively(self.row_kind, self.row)

    def written_before(self, session: Session, sha256: str, but: str) -> str | None:
        """Id of the newest other import of the same file that was written and stands."""
        table = self.batch
        query = select(table.c.id).where(
            table.c.sha256 == sha256, table.c.state == BatchState.COMMITTED, table.c.id != but
        )
        return session.scalar(query.order_by(table.c.created_at.desc()).limit(1))

    def hear(self, session: Session, id_: str, processed: int, now: datetime) -> None:
        """Note how far a running import is."""
        table = self.batch
        session.execute(update(table).where(table.c.id == id_).values(processed=processed, heard_at=now))

    def forget_rows(self, session: Session, id_: str) -> None:
        """Drop what an earlier attempt of the same import reported."""
        session.execute(delete(self.row).where(self.row.c.batch_id == id_))

    def written_rows(self, session: Session, id_: str, sheet: str) -> Iterator[list[Row[Any]]]:
        """Rows of one sheet that made or changed something, in chunks, in the order of the file."""
        table, last = self.row, 0
        while True:
            query = select(table).where(
                table.c.batch_id == id_,
                table.c.sheet == sheet,
                table.c.outcome != RowOutcome.REFUSED,
                table.c.row > last,
            )
            rows = list(session.execute(query.order_by(table.c.row).limit(_CHUNK)))
            if not rows:
                return
            last = rows[-1].row
            yield rows

    def imports(self) -> Listing:
        """Imports: ListImports."""
        table = self.batch
        return Listing(
            "ListImports",
            Schema.of(
                Field.enum("state", "STATE", tuple(each.name for each in BatchState)),
                Field.text("sha256"),
                Field.text("creator"),
            ),
            {"state": table.c.state, "sha256": table.c.sha256, "creator": table.c.created_by},
            {"create_time": table.c.created_at},
            table.c.id,
            default_order=(OrderTerm("create_time", descending=True),),
        )

    def rows(self, sheets: Sequence[str]) -> Listing:
        """Rows of one import: ListImportRows. They come sheet by sheet, as `sheets` has them."""
        table = self.row
        place = case({sheet: at for at, sheet in enumerate(sheets)}, value=table.c.sheet, else_=len(sheets))
        return Listing(
            "ListImportRows",
            Schema.of(
                Field.enum("sheet", "SHEET", tuple(sheets)),
                Field.enum("outcome", "OUTCOME", tuple(each.name for each in RowOutcome)),
            ),
            {"sheet": table.c.sheet, "outcome": table.c.outcome},
            {"place": place, "row": table.c.row},
            table.c.row,
            default_order=(OrderTerm("place"), OrderTerm("row")),
            default_size=100,
        )


def define_imports(metadata: MetaData, *further: Column[Any]) -> ImportTables:
    """Define `import_batch`, with what one service keeps of an import `further`, and `import_row`."""
    return ImportTables(
        Table(
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
            *further,
        ),
        Table(
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
        ),
        type("Batch", (Batch,), {}),
        type("ImportedRow", (ImportedRow,), {}),
    )
