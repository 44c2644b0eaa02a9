"""Processes of their own, forked from one that has loaded the services already: loading takes longer than most tests.

One is to be as if it had been started with `python -m MODULE …`. What a test finds out about the start itself, it finds
out with that command.
"""

import atexit
import ctypes
import gc
import json
import os
import runpy
import select
import signal
import socket
import struct
import subprocess
import sys
import weakref
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryFile

from sqlalchemy.orm import configure_mappers

from services.catalogue import load
from services.chassis.storage.migration import expected_version
from services.cli.running.processes import SERVICES
from services.matcher.encode.grams import grams
from tests.servers.workspace import REPOSITORY

LOADED = (
    *(f"services.{name}.app" for name in ("talent", "funding", "matcher", "console")),
    *(
        "alembic",
        "anyio._backends._asyncio",
        "grpc_health.v1.health",
        "grpc_reflection.v1alpha.reflection",
        "httpcore._backends.anyio",
        "kafka",
        "psycopg",
        "sklearn.utils.extmath",
        "uvicorn",
    ),
)
_NUMBER = struct.Struct("i")
_PR_SET_PDEATHSIG = 1
_LOOK_SECONDS = 1.0


class Child:
    """A process of the nursery, as `subprocess.Popen` would have it. Nobody has to wait for it."""

    def __init__(self, module: str, connection: socket.socket) -> None:
        self._module, self._connection = module, connection
        weakref.finalize(self, connection.close)
        self.pid = self._number()
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """The exit status; None while it runs."""
        with suppress(subprocess.TimeoutExpired):
            return self.wait(0)
        return None

    def wait(self, timeout: float | None = None) -> int:
        """The exit status, once there is one. Raises subprocess.TimeoutExpired."""
        if self.returncode is None:
            if timeout is not None and not select.select([self._connection], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(self._module, timeout)
            self.returncode = self._number()
            self._connection.close()
        return self.returncode

    def send_signal(self, sig: int, /) -> None:
        """Unless it has ended."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, sig)

    def terminate(self) -> None:
        """Send SIGTERM."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Send SIGKILL."""
        self.send_signal(signal.SIGKILL)

    def _number(self) -> int:
        told = self._connection.recv(_NUMBER.size, socket.MSG_WAITALL)
        if not told:
            raise RuntimeError("the nursery has ended")
        return int(_NUMBER.unpack(told)[0])


def spawn(module: str, arguments: Sequence[str], environ: Mapping[str, str], log: Path) -> Child:
    """As `services.cli.running.processes.spawn`."""
    with log.open("ab") as out:
        return start(module, arguments, environ, out.fileno(), out.fileno())


def run(
    module: str, arguments: Sequence[str], environ: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run a module to its end."""
    with TemporaryFile() as out, TemporaryFile() as errors:
        code = start(module, arguments, environ, out.fileno(), errors.fileno()).wait()
        said = []
        for each in (out, errors):
            each.seek(0)
            said.append(each.read().decode(errors="replace"))
    return subprocess.CompletedProcess(module, code, *said)


def start(
    module: str,
    arguments: Sequence[str],
    environ: Mapping[str, str],
    out: int,
    errors: int,
    become: tuple[str, ...] = (),
) -> Child:
    """Start a module that writes to these files. `become`: a command before the nursery's, which makes it another
    account's.
    """
    ours, theirs = socket.socketpair()
    with theirs:
        socket.send_fds(_nursery(become), [b"\0"], [theirs.fileno(), out, errors])
    ours.sendall(json.dumps([module, arguments, dict(environ), str(Path.cwd())]).encode() + b"\n")
    return Child(module, ours)


@cache
def _nursery(become: tuple[str, ...]) -> socket.socket:
    """The way to the nursery of this process; it ends with this process, and so does all that still runs."""
    ours, theirs = socket.socketpair()
    own = {name: value for name, value in os.environ.items() if not name.startswith("BOLE_")}
    with theirs:
        process = subprocess.Popen(
            [*become, sys.executable, "-m", __name__, str(theirs.fileno())],
            cwd=REPOSITORY,
            env={**own, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            start_new_session=True,
        )
    atexit.register(_close, ours, process)
    return ours


def _close(control: socket.socket, process: subprocess.Popen[bytes]) -> None:
    with control:
        control.shutdown(socket.SHUT_RDWR)  # whatever else was forked here may hold it open
    process.wait()


class _Nursery:
    """The process that forks: it has loaded everything and begun nothing, no thread and no server."""

    def __init__(self, control: socket.socket) -> None:
        self._control, self._parent = control, os.getppid()
        self._children: dict[int, socket.socket] = {}
        signal.signal(signal.SIGCHLD, self._buried)

    def run(self) -> tuple[str, list[str]] | None:
        """In a child: module and arguments to go on with; None when nobody asks any more."""
        pid = os.getpid()
        while handles := self._asked():
            connection, out, errors = socket.socket(fileno=handles[0]), *handles[1:]
            with connection.makefile("rb") as asked:
                module, arguments, environ, directory = json.loads(asked.readline())
            # it may end before it is known here
            signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
            if not (child := os.fork()):
                self._leave(connection)
                _die_with(pid)
                _settle(out, errors, environ, directory)
                return module, arguments
            self._children[child] = connection
            connection.sendall(_NUMBER.pack(child))
            signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
            os.close(out)
            os.close(errors)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for child in self._children:
            os.kill(child, signal.SIGKILL)
        return None

    def _asked(self) -> list[int]:
        """What comes with the next request; nothing once the parent is gone, though its forks hold the way open."""
        while not select.select([self._control], [], [], _LOOK_SECONDS)[0]:
            if os.getppid() != self._parent:
                return []
        return list(socket.recv_fds(self._control, 1, 3)[1])

    def _buried(self, *_told: object) -> None:
        with suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                with suppress(OSError), self._children.pop(ended[0]) as connection:
                    connection.sendall(_NUMBER.pack(os.waitstatus_to_exitcode(ended[1])))

    def _leave(self, connection: socket.socket) -> None:
        """Of all this a child has nothing."""
        for each in (self._control, connection, *self._children.values()):
            each.close()


def _die_with(parent: int) -> None:
    """Have the kernel end this process when its parent ends, however that does (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _settle(out: int, errors: int, environ: Mapping[str, str], directory: str) -> None:
    """Become as a process is that was just started."""
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
    os.dup2(out, 1)
    os.dup2(errors, 2)
    os.close(out)
    os.close(errors)
    os.environ.clear()
    os.environ.update(environ)
    os.chdir(directory)


def _make_ready() -> None:
    """Load the services, and what each of them reads and works out before it serves, whatever its settings."""
    for name in LOADED:
        import_module(name)
    load()
    for name in SERVICES:
        import_module(f"services.{name}.store.mapping").map_aggregates()
        expected_version(import_module(f"services.{name}.app").BLUEPRINT.migrations)
    configure_mappers()
    grams(["字"])


def _main() -> None:
    gc.disable()  # all of this stays
    _make_ready()
    gc.collect()
    gc.freeze()
    gc.enable()
    if (going_on := _Nursery(socket.socket(fileno=int(sys.argv[1]))).run()) is not None:
        module, arguments = going_on
        sys.argv[:] = [module, *arguments]
        runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    _main()
