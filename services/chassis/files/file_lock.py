"""`flock` on a file with a name."""

import fcntl
import os
from pathlib import Path


class FileLock:
    """Also excludes two holders in one process; freed when the process dies. `shared`: with others who share it.

    A file that somebody deletes takes its lock along, and whoever comes next locks another one under its name: the lock
    is held only while its file is the one that has the name.
    """

    def __init__(self, path: Path, *, shared: bool = False) -> None:
        self.path = path
        self._how = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        self._descriptor: int | None = None

    def acquire(self, *, wait: bool = False) -> bool:
        """Take the lock, or say that somebody else has it; with `wait`, stand in line for it.

        Raises OSError where there can be no such file.
        """
        while not self.held():
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(descriptor, self._how | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                os.close(descriptor)
                return False
            self._descriptor = descriptor  # of a file that may have been deleted before it was locked
        return True

    def held(self) -> bool:
        """Whether it is still held; where its file has lost its name it is given back."""
        if self._descriptor is None:
            return False
        try:
            named = os.path.samestat(os.fstat(self._descriptor), self.path.stat())
        except FileNotFoundError:
            named = False
        if not named:
            self.release()
        return named

    def release(self) -> None:
        """Give it back, if held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
