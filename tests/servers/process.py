"""One server process: started in its own group, dies with its parent, stopped within a time limit."""

import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.servers.workspace import ServerError


class ServerProcess:
    """A running child whose output goes to `log`.

    `death_signal` is what the kernel sends it when the parent dies, however that happens (Linux). `user` is
    the account to run under; only root may name one.
    """

    def __init__(
        self, command: Sequence[str], log: Path, *, death_signal: str = "KILL", user: str | None = None
    ) -> None:
        self.log = log
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [*guarded(death_signal, user), *command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=log.parent,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def wait_until(self, ready: Callable[[], bool], name: str, seconds: float) -> None:
        """Return when `ready()`; ServerError with the end of the log when it exits or takes too long."""
        deadline = time.monotonic() + seconds
        while not ready():
            if not self.alive:
                raise ServerError(f"{name} stopped while starting:\n{self.tail()}")
            if time.monotonic() > deadline:
                raise ServerError(f"{name} did not answer within {seconds:.0f} s:\n{self.tail()}")
            time.sleep(0.02)  # between two looks at the condition

    def stop(self, order: signal.Signals, seconds: float) -> None:
        """Ask it to end with signal `order`; kill it when it has not after `seconds`."""
        if self.alive:
            self._process.send_signal(order)
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()

    def pause(self, seconds: float) -> None:
        """SIGSTOP to it and its children, and SIGCONT after a while."""
        with self.stopped():
            time.sleep(seconds)  # the stop is what is asked for: there is no condition to wait for

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """SIGSTOP to it and its children, and SIGCONT at the end."""
        stopped = [self.pid]
        self._process.send_signal(signal.SIGSTOP)
        try:
            for child in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split():
                with suppress(ProcessLookupError):
                    os.kill(int(child), signal.SIGSTOP)
                    stopped.append(int(child))
            yield
        finally:
            for each in reversed(stopped):
                with suppress(ProcessLookupError):
                    os.kill(each, signal.SIGCONT)

    def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        if self.alive:
            self._process.kill()
        self._process.wait()

    def tail(self, lines: int = 25) -> str:
        """The last lines it wrote."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def guarded(death_signal: str, user: str | None) -> list[str]:
    """`setpriv` (util-linux) sets the death signal and the account, then becomes the command: what goes before it.

    Python itself would change the account in a copy of this process, where gRPC, if it runs, may end it.
    """
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        if user is not None:
            raise ServerError("setpriv is missing; install util-linux")
        return []
    account = ["--reuid", user, "--regid", _group(user), "--init-groups"] if user else []
    return [setpriv, "--pdeathsig", death_signal, *account, "--"]


def _group(user: str) -> str:
    """The numeric primary group of an account."""
    return str(pwd.getpwnam(user).pw_gid)
