"""Files that left the house (导出登记): who took what, and why. An entry is never changed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, MetaData, String, Table, Text
from sqlalchemy.orm import registry

from services.chassis.storage.append_only import append_only
from services.chassis.storage.columns import Strings, UtcInstant, big_integer


@dataclass(eq=False, kw_only=True)
class Export:
    """One entry of the register. `columns` are keys of the exchange workbook; `form` is how the file is written."""

    id: str
    created_at: datetime
    created_by: str
    purpose: str
    reason: str
    sheet: str
    filter: str
    columns: tuple[str, ...]
    form: str
    rows: int
    sha256: str
    size: int

    @property
    def filename(self) -> str:
        """What the file may be called."""
        ending = "xlsx" if self.form == "XLSX" else "csv"
        return f"{self.sheet}-{self.created_at:%Y%m%d}-{self.id}.{ending}"


@dataclass(frozen=True, slots=True)
class ExportTables:
    """The register, and the service's own class of its entries: a class has one table."""

    register: Table
    kind: type[Export]

    def map_onto(self, mapping: registry) -> None:
        """Map the class."""
        mapping.map_imperatively(self.kind, self.register)


def define_exports(metadata: MetaData) -> ExportTables:
    """Define `export_register`."""
    register = Table(
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
    return ExportTables(append_only(register), type("Export", (Export,), {}))
