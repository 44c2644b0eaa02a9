"""What an undo amounts to: what was taken back, and what is left as it is and why."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row

from services.kernel.text import Text

MOST_KEPT = 100
CHANGED_SINCE, IN_USE, MERGED, GONE, ON_RECORD = "CHANGED_SINCE", "IN_USE", "MERGED", "GONE", "ON_RECORD"
REASONS = {
    CHANGED_SINCE: Text("导入之后又有变更", "was changed after the import"),
    IN_USE: Text("已被其他记录引用", "is referred to by other records"),
    MERGED: Text("已与其他记录合并", "is merged with another record"),
    GONE: Text("已不存在", "is not there any more"),
    ON_RECORD: Text(
        "已有办理记录或账目，不能删除；请用撤回等步骤终止",
        "has steps or money on record, which are never removed; end it by a step of its own",
    ),
}


@dataclass(frozen=True, slots=True)
class Kept:
    """A record that is left as it is."""

    sheet: str
    row: int
    id: str
    reason: str


@dataclass(slots=True)
class Undone:
    """What an undo amounts to. `kept` holds the first 100."""

    removed: int = 0
    restored: int = 0
    kept_count: int = 0
    kept: list[Kept] = field(default_factory=list)

    def keep(self, sheet: str, row: Row[Any], reason: str) -> None:
        """Note a record that is left as it is; one that is gone already needs nothing."""
        if reason == GONE:
            return
        self.kept_count += 1
        if len(self.kept) < MOST_KEPT:
            self.kept.append(Kept(sheet, row.row, row.resource_id, reason))
