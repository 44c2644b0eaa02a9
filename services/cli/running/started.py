"""The processes that commands started from a data folder: their numbers are kept there, so that another command can end
them, also those of a command that was killed.
"""

import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from services.cli.running import processes
from services.cli.running.processes import Running

_DIGITS: Final = 20
"""As many as no process's number has."""


class StartedProcesses:
    """Those of one data folder."""

    def __init__(self, data_dir: Path) -> None:
        self._directory = data_dir / "run"

    def note(self, running: Sequence[Running]) -> None:
        """Keep the numbers of processes that were started: `end` reaches also what never becomes ready. Where there is
        no room for them nobody could, so they end at once. Raises OSError.
        """
        try:
            for each in running:
                self._file(each.name).write_text(str(each.process.pid))
        except OSError:
            processes.stop(running)
            for each in running:
                self._file(each.name).unlink(missing_ok=True)
            raise

    def end(self, names: Sequence[str]) -> list[str]:
        """End those of these processes that were noted and that still run, and wait for it; which they were."""
        stopped = []
        for name in names:
            pid = self._pid(name)
            if pid is not None and _is_ours(pid, name):
                os.kill(pid, signal.SIGTERM)
                stopped.append((name, pid))
        deadline = time.monotonic() + processes.STOP_SECONDS
        for name, pid in stopped:
            while _is_ours(pid, name):
                if time.monotonic() > deadline:
                    os.kill(pid, signal.SIGKILL)
                time.sleep(0.05)  # not our child: there is nothing to wait on
        for name in names:
            self._file(name).unlink(missing_ok=True)
        return [name for name, _ in stopped]

    def _file(self, name: str) -> Path:
        self._directory.mkdir(parents=True, exist_ok=True)
        return self._directory / f"{name}.pid"

    def _pid(self, name: str) -> int | None:
        """The process that was noted down; None if none was, or a full disk left no number."""
        try:
            with self._file(name).open() as noted:
                return int(noted.read(_DIGITS))
        except (FileNotFoundError, ValueError):
            return None


def _is_ours(pid: int, name: str) -> bool:
    """Whether the process still is the service that was started, and not another one of its number."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return f"services.{name}".encode() in command
