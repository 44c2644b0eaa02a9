"""What a process holds of the machine (`/proc`, Linux)."""

from pathlib import Path
from typing import NamedTuple


class Held(NamedTuple):
    """Resident memory in KiB, open files and connections, threads."""

    kib: int
    files: int
    threads: int


def held_by(pid: int) -> Held:
    """What a running process holds now. Raises OSError if there is none."""
    directory = Path(f"/proc/{pid}")
    lines = dict(line.split(":", 1) for line in (directory / "status").read_text().splitlines())
    files = sum(1 for _ in (directory / "fd").iterdir())
    return Held(int(lines["VmRSS"].split()[0]), files, int(lines["Threads"]))
