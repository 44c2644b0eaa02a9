"""What clients were promised: every call, on disk before it is made and after it ended."""

import json
import os
import threading
from dataclasses import dataclass
from enum import Enum
from pathlib import Path


class Outcome(Enum):
    """How a call ended for its caller. UNKNOWN: it may have taken effect, or may not."""

    UNKNOWN = "unknown"
    ACKNOWLEDGED = "acknowledged"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Entry:
    """One operation: `kind` is create, update or firm; `ref` names the record, `mark` is what the call writes."""

    id: str
    kind: str
    ref: str
    mark: str


class Ledger:
    """An append-only file, synced at each line; what was begun and never ended is unknown. Safe in threads."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", encoding="utf-8")
        self._lock = threading.Lock()
        self._entries: dict[str, Entry] = {}
        self._outcomes: dict[str, Outcome] = {}

    def begin(self, entry: Entry) -> None:
        """The call is about to be made."""
        with self._lock:
            self._entries[entry.id], self._outcomes[entry.id] = entry, Outcome.UNKNOWN
            self._write({"id": entry.id, "kind": entry.kind, "ref": entry.ref, "mark": entry.mark})

    def end(self, entry: Entry, outcome: Outcome) -> None:
        """The call ended; an operation that was repeated with its own id ends as its last call."""
        with self._lock:
            self._outcomes[entry.id] = outcome
            self._write({"id": entry.id, "outcome": outcome.value})

    def of(self, kind: str, *outcomes: Outcome) -> list[Entry]:
        """The operations of a kind that ended so, in the order of their beginning."""
        with self._lock:
            return [e for e in self._entries.values() if e.kind == kind and self._outcomes[e.id] in outcomes]

    def count(self, outcome: Outcome) -> int:
        """How many operations ended so."""
        with self._lock:
            return sum(each is outcome for each in self._outcomes.values())

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _write(self, line: dict[str, str]) -> None:
        self._file.write(json.dumps(line) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())
