"""An import as a batch (导入批次): what was brought, what became of it, and whether it was taken back."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from services.kernel.errors import FailedPrecondition
from services.kernel.text import Text

SILENT_FOR = timedelta(minutes=2)
"""A running import reports itself more often than that; one that does not has been interrupted."""


class BatchState(StrEnum):
    """Where an import stands."""

    RUNNING = "RUNNING"
    COMMITTED = "COMMITTED"
    CHECKED = "CHECKED"
    REFUSED = "REFUSED"
    FAILED = "FAILED"
    INTERRUPTED = "INTERRUPTED"
    UNDONE = "UNDONE"
    PARTLY_UNDONE = "PARTLY_UNDONE"


class RowOutcome(StrEnum):
    """What a row amounts to; rows that say what is known already are only counted."""

    NEW = "NEW"
    CHANGED = "CHANGED"
    REFUSED = "REFUSED"


@dataclass(eq=False)
class ImportedRow:
    """What became of one row. `detail` is what the report says of it."""

    batch_id: str
    sheet: str
    row: int
    outcome: RowOutcome
    resource_id: str | None
    version: int | None
    detail: bytes | None


@dataclass(eq=False, kw_only=True)
class Batch:
    """One import. `sheets`, `amounts` and `warnings` are as the report has them; `heard_at` is its last sign of life.

    `amounts`: only where files hold some, and None of an import of before they were kept.
    """

    id: str
    state: BatchState
    filename: str
    sha256: str
    size: int
    mode: str
    reason: str
    created_by: str
    created_at: datetime
    heard_at: datetime
    ended_at: datetime | None = None
    processed: int = 0
    sheets: list[dict[str, Any]] = field(default_factory=list)
    encoding: str = ""
    warnings: list[list[str]] = field(default_factory=list)
    undone_by: str = ""
    undone_at: datetime | None = None
    version: int = 0
    amounts: list[dict[str, Any]] | None = None

    def state_at(self, now: datetime) -> BatchState:
        """The state; a running import that has long been silent was interrupted."""
        silent = self.state is BatchState.RUNNING and now - self.heard_at > SILENT_FOR
        return BatchState.INTERRUPTED if silent else self.state

    def end(self, state: BatchState, now: datetime) -> None:
        """It has ended so."""
        self.state, self.ended_at, self.heard_at = state, now, now

    @property
    def undoable(self) -> bool:
        """Whether it was written and not, or not wholly, taken back."""
        return self.state in (BatchState.COMMITTED, BatchState.PARTLY_UNDONE)

    def require_undoable(self) -> None:
        """Raise FailedPrecondition (NOTHING_TO_UNDO) for what is not undoable."""
        if not self.undoable:
            raise FailedPrecondition(
                Text(
                    f"导入状态为 {self.state}，没有可撤销的写入",
                    f"the import is {self.state}: nothing of it is written that could be undone",
                ),
                reason="NOTHING_TO_UNDO",
                metadata={"state": self.state.name},
            )

    def undo(self, actor: str, now: datetime, *, whole: bool) -> None:
        """It was taken back, wholly or but for what had changed since."""
        self.state = BatchState.UNDONE if whole else BatchState.PARTLY_UNDONE
        self.undone_by, self.undone_at = actor, now
