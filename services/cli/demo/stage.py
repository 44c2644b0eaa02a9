"""Where the demonstration runs: a data directory of its own, the processes, one session per kind of user."""

import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from services.chassis.identity.identity import Grant
from services.chassis.identity.tokens import issue_local_token
from services.chassis.keys import ensure_local_keys
from services.chassis.settings import Settings
from services.cli.answers.output import Output
from services.cli.running import processes
from services.cli.session import Session, settings_of_environment
from services.kernel.errors import Unavailable
from services.kernel.text import Text

DUE_DILIGENCE = "due-diligence"
OFFICER = Grant("talent_officer", purposes=frozenset({"talent-service", "contact"}))
MANAGER = Grant("fund_manager", purposes=frozenset({DUE_DILIGENCE}))


@dataclass
class Stage:
    """Settings, processes and sessions of one run."""

    settings: Settings
    output: Output
    running: list[processes.Running] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)

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
        """Close sessions and stop the processes; the exit status of each."""
        for session in self.sessions:
            session.close()
        return dict(processes.stop(self.running))

    def _keep(self, session: Session) -> Session:
        self.sessions.append(session)
        return session


def set_stage(output: Output, directory: Path) -> Stage:
    """An empty stage in `directory`, on free ports, so that it disturbs no installation that runs.

    Settings of the environment hold, the data directory and the addresses excepted.
    """
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    settings = processes.free_addresses(settings_of_environment(data_dir=str(directory)))
    ensure_local_keys(settings.keys_dir)
    return Stage(settings, output)
