"""A file that left the house (导出登记): who took what, why, and who is in it."""

from dataclasses import dataclass
from datetime import datetime


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
