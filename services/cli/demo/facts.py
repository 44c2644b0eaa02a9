"""What the demonstration found out: the one JSON document of `bole demo --json`."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Step:
    """One step, whether it did what it should, and how long it took."""

    name: str
    ok: bool
    seconds: float
    note: str = ""


@dataclass
class Facts:
    """Filled in step by step. `origin`: SYNTHETIC, or whose data they are."""

    origin: str = "SYNTHETIC"
    catalogue: dict[str, int] = field(default_factory=dict)
    imported: dict[str, Any] = field(default_factory=dict)
    shortage: dict[str, Any] = field(default_factory=dict)
    screening: dict[str, Any] = field(default_factory=dict)
    matches: list[dict[str, Any]] = field(default_factory=list)
    decision: dict[str, Any] = field(default_factory=dict)
    losses: dict[str, Any] = field(default_factory=dict)
    stream: dict[str, Any] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "origin": self.origin,
            "catalogue": self.catalogue,
            "imported": self.imported,
            "shortage": self.shortage,
            "screening": self.screening,
            "matches": self.matches,
            "decision": self.decision,
            "losses": self.losses,
            "stream": self.stream,
            "steps": [
                {"name": step.name, "ok": step.ok, "seconds": round(step.seconds, 3), "note": step.note}
                for step in self.steps
            ],
        }

    @property
    def ok(self) -> bool:
        """Whether every step did what it should."""
        return bool(self.steps) and all(step.ok for step in self.steps)
