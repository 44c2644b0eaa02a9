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


class ServerError(RuntimeError):
    """A server could not be installed, started or stopped; the message says what to do."""


class Workspace:
    """A directory under the temporary directory, locked by its owner until `remove`.

    A directory whose lock nobody holds belonged to a process that was killed: the next one removes it.
    """

    def __init__(self, kind: str) -> None:
        root = shared_directory()
        with exclusive(root / ".lock"):
            _remove_stale(root)
            self.path = root / f"{kind}-{os.getpid()}-{secrets.token_hex(3)}"
            self.path.mkdir(mode=0o755)
            self._lock = _locked(self.path / ".owner")

    def remove(self) -> None:
        """Delete the directory and everything in it."""
        with exclusive(shared_directory() / ".lock"):
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
    root = Path(tempfile.gettempdir()) / f"bole-servers-{os.getuid()}"
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
