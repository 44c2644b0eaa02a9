"""Directories for servers that live as long as the process that asked for them."""

import atexit
import fcntl
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

REPOSITORY = Path(__file__).resolve().parents[2]
DOWNLOADS = REPOSITORY / "var" / "servers"
SHELF = "TESTS_SHELF"
MEMORY = Path("/dev/shm")  # noqa: S108 (a directory of the machine's, made private below)
MEMORY_BYTES = 2 << 30
"""What a run may need of it at most, with as much left for its processes."""


class ServerError(RuntimeError):
    """A server could not be installed, started or stopped; the message says what to do."""


class Workspace:
    """A directory under the temporary directory, locked by its owner until `remove`.

    A directory whose lock nobody holds belonged to a process that was killed: the next one removes it.
    """

    def __init__(self, kind: str, root: Path | None = None) -> None:
        root = shared_directory() if root is None else _own(root)
        with exclusive(root / ".lock"):
            _remove_stale(root)
            self.path = root / f"{kind}-{os.getpid()}-{secrets.token_hex(3)}"
            self.path.mkdir(mode=0o755)
            self._lock = _locked(self.path / ".owner")

    def remove(self) -> None:
        """Delete the directory and everything in it."""
        with exclusive(self.path.parent / ".lock"):
            if self._lock is not None:
                self._lock.close()
            self._lock = None
            shutil.rmtree(self.path, ignore_errors=True)


def shelf() -> Path:
    """A directory that all test processes of one run share, and that goes with the run."""
    named = os.environ.get(SHELF)
    if named is None:
        made = Workspace("shelf")
        os.environ[SHELF] = named = str(made.path)
        atexit.register(_take_down, os.getpid(), made)
    return Path(named)


def work_in_memory() -> Path | None:
    """Temporary files of this process and those that it starts lie in memory from now on, until it ends; the directory.

    Tests commit and copy databases by the thousand, and only a power failure would need them on a disk. None, and
    nothing changes, where TMPDIR says otherwise or memory is short.
    """
    if "TMPDIR" in os.environ or not MEMORY.is_dir() or not _has_room():
        return None
    made = Workspace("run", MEMORY / f"bole-{os.getuid()}")
    os.environ["TMPDIR"] = tempfile.tempdir = str(made.path)
    atexit.register(_take_down, os.getpid(), made)
    return made.path


def _has_room() -> bool:
    """Whether the directory has room for a run, and the machine and the control group for it and its processes."""
    meminfo = dict(line.split(":") for line in Path("/proc/meminfo").read_text().splitlines())
    free = int(meminfo["MemAvailable"].split()[0]) * 1024
    bound = Path("/sys/fs/cgroup/memory.max")
    if bound.exists() and (most := bound.read_text().strip()) != "max":
        free = min(free, int(most) - int(bound.with_name("memory.current").read_text()))
    return shutil.disk_usage(MEMORY).free >= MEMORY_BYTES and free >= 2 * MEMORY_BYTES


def made_once(path: Path, make: Callable[[Path], object]) -> Path:
    """`path` of the shelf, made by the first process that asks; the others wait. `make` is given where to make it."""
    with exclusive(path.with_name(f"{path.name}.lock")):
        if not path.exists():
            making = path.with_name(f"{path.name}.making")
            make(making)
            making.rename(path)
    return path


def _take_down(owner: int, made: Workspace) -> None:
    if os.getpid() == owner:  # not in what was forked from it
        made.remove()


def shared_directory() -> Path:
    """The directory that all test processes of this account share."""
    return _own(Path(tempfile.gettempdir()) / f"bole-servers-{os.getuid()}")


def _own(root: Path) -> Path:
    root.mkdir(mode=0o755, exist_ok=True)
    if root.stat().st_uid != os.getuid():
        raise ServerError(f"{root} belongs to somebody else; remove it or set TMPDIR")
    return root


def _remove_stale(root: Path) -> None:
    for directory in root.iterdir():
        if directory.is_dir() and (lock := _locked(directory / ".owner")) is not None:
            lock.close()
            shutil.rmtree(directory, ignore_errors=True)


def _locked(path: Path) -> IO[bytes] | None:
    """The file, locked; None when another process holds its lock."""
    file = path.open("ab")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Alone among all processes that lock this file."""
    with path.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
