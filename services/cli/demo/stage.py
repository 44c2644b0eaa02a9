"""Where the demonstration runs: a data directory of its own, the processes, one session per kind of user."""

import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from services.chassis.files.file_lock import FileLock
from services.chassis.identity.identity import Grant
from services.chassis.identity.tokens import issue_local_token
from services.chassis.keys import ensure_local_keys
from services.chassis.settings import Settings
from services.cli.answers.output import Output
from services.cli.running import processes
from services.cli.running.started import StartedProcesses
from services.cli.session import Session, settings_of_environment
from services.kernel.errors import FailedPrecondition, Unavailable
from services.kernel.text import Text

DUE_DILIGENCE = "due-diligence"
_MARK: Final = "demonstration.lock"
"""Says that a directory is a demonstration's to empty, and is held while one runs in it."""
OFFICER = Grant("talent_officer", purposes=frozenset({"talent-service", "contact"}))
MANAGER = Grant("fund_manager", purposes=frozenset({DUE_DILIGENCE}))


@dataclass
class Stage:
    """Settings, processes and sessions of one run."""

    settings: Settings
    output: Output
    lock: FileLock
    running: list[processes.Running] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)

    def start(self) -> None:
        """Start the services and wait until they are ready. Raises as `processes.wait_ready`."""
        self.running.extend(processes.start(self.settings))
        StartedProcesses(self.settings.data_dir).note(self.running)
        processes.wait_ready(self.running)

    def session(self, *grants: Grant, subject: str = "demo-staff", purpose: str | None = None) -> Session:
        """A session signed in with `grants` as `subject`, for an hour."""
        token = issue_local_token(
            self.settings.keys_dir, subject, grants, timedelta(hours=1), datetime.now(UTC)
        )
        return self._keep(Session(self.settings, self.output, purpose, token))

    def partner(self) -> Session:
        """A session with a partner's key, made for this run."""
        made = processes.run_tool("matcher", ["add-partner", "演示合作方"], self.settings)
        if made.returncode:
            raise Unavailable(
                Text(f"无法建立合作方：{made.stderr}", f"could not make a partner: {made.stderr}")
            )
        return self._keep(Session(self.settings, self.output, partner_key=made.stdout.strip()))

    def close(self) -> dict[str, int]:
        """Close sessions, stop the processes and leave the directory; the exit status of each process."""
        for session in self.sessions:
            session.close()
        statuses = dict(processes.stop(self.running))
        self.lock.release()
        return statuses

    def _keep(self, session: Session) -> Session:
        self.sessions.append(session)
        return session


def set_stage(output: Output, directory: Path, *, given: bool) -> Stage:
    """An empty stage in `directory`, on free ports, so that it disturbs no installation that runs.

    `given`: the user chose the directory, so it is emptied only of what a demonstration left. Settings of the
    environment hold, the data directory and the addresses excepted. Raises FailedPrecondition (NOT_A_DEMONSTRATION,
    DEMONSTRATION_RUNNING).
    """
    mark = directory / _MARK
    if given and not mark.exists() and directory.exists() and any(directory.iterdir()):
        raise FailedPrecondition(
            Text(
                f"{directory} 中已有文件，且不是演示留下的，不会清空；请用 --dir 指定空的或新的文件夹",
                f"{directory} holds files that no demonstration left, and is not emptied; give --dir an empty folder "
                "or a new one",
            ),
            reason="NOT_A_DEMONSTRATION",
        )
    directory.mkdir(parents=True, exist_ok=True)
    lock = _taken(mark)
    StartedProcesses(directory).end(processes.SERVICES)  # of a demonstration that was killed
    _empty(directory, but=mark)
    settings = processes.free_addresses(settings_of_environment(data_dir=str(directory)))
    ensure_local_keys(settings.keys_dir)
    return Stage(settings, output, lock)


def _taken(mark: Path) -> FileLock:
    lock = FileLock(mark)
    if not lock.acquire():
        raise FailedPrecondition(
            Text(
                f"另一个演示正在 {mark.parent} 运行；请等它结束，或用 --dir 指定别的文件夹",
                f"another demonstration runs in {mark.parent}; wait for its end, or give another folder by --dir",
            ),
            reason="DEMONSTRATION_RUNNING",
        )
    return lock


def _empty(directory: Path, *, but: Path) -> None:
    for each in directory.iterdir():
        if each.is_dir() and not each.is_symlink():
            shutil.rmtree(each)
        elif each != but:
            each.unlink()
