"""Shortages that a test can make: a file system that is full, processes that may open no file or get no memory, a clock
that is set.
"""

import errno
import os
import resource
import sqlite3
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import grpc

from services.chassis.identity.tokens import issue_local_token
from services.chassis.rpc.channel import open_channel
from services.chassis.settings import Settings
from tests.contract.installation import MANAGER, OFFICER

SECONDS = 60.0
_ROOM = "512m"
_PIECE = 64 * 1024
_FEW_FILES = 8
_LITTLE_MEMORY = 1 << 20
_SIGNED_IN = timedelta(hours=4)
_PATCH = """
import os
from datetime import timedelta

from services.kernel import clock

offset = os.open(os.environ["TESTS_CLOCK"], os.O_RDONLY)
now = clock.SystemClock.now
clock.SystemClock.now = lambda self: now(self) + timedelta(seconds=float(os.pread(offset, 12, 0)))
"""


class Disk:
    """A file system of its own, in memory, at `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def mounted(self) -> Iterator[None]:
        """Until the end of the block. Needs root."""
        self.path.mkdir()
        _run("mount", "-t", "tmpfs", "-o", f"size={_ROOM}", "tmpfs", str(self.path))
        try:
            yield
        finally:
            _run("umount", "--lazy", str(self.path))

    @contextmanager
    def full(self) -> Iterator[None]:
        """Until the end of the block there is no room for another byte, nor in what SQLite has set aside."""
        filler = self.path / "filler"
        try:
            for database in self.path.rglob("*.db"):
                _empty_journal(database)
            self._fill(filler)
            yield
        finally:
            filler.unlink(missing_ok=True)

    @staticmethod
    def _fill(filler: Path) -> None:
        piece = _PIECE
        with filler.open("wb", buffering=0) as out:
            while piece:
                try:
                    out.write(bytes(piece))
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise
                    piece //= 2


def no_files(pids: Sequence[int]) -> AbstractContextManager[None]:
    """Until the end of the block these processes can open no file and no connection (EMFILE)."""
    return _limited(pids, resource.RLIMIT_NOFILE, _FEW_FILES)


def no_memory(pids: Sequence[int]) -> AbstractContextManager[None]:
    """Until the end of the block these processes get no more memory than they have (ENOMEM), and start no thread."""
    return _limited(pids, resource.RLIMIT_AS, _LITTLE_MEMORY)


@contextmanager
def _limited(pids: Sequence[int], what: int, to: int) -> Iterator[None]:
    before = [resource.prlimit(pid, what) for pid in pids]
    for pid, (_, most) in zip(pids, before, strict=True):
        resource.prlimit(pid, what, (to, most))
    try:
        yield
    finally:
        for pid, limits in zip(pids, before, strict=True):
            resource.prlimit(pid, what, limits)


class Clock:
    """What processes that were started under it take to be the time: all that a service knows of it, it asks of
    `SystemClock`. Monotonic time goes on as it is.
    """

    def __init__(self, directory: Path) -> None:
        directory.mkdir()
        (directory / "sitecustomize.py").write_text(_PATCH)
        self._directory, self._file = directory, directory / "offset"
        self.by = timedelta()
        self._set(timedelta())

    @contextmanager
    def preloaded(self) -> Iterator[None]:
        """Processes that are started in the block have it."""
        given = {"PYTHONPATH": str(self._directory), "TESTS_CLOCK": str(self._file)}
        os.environ |= given
        try:
            yield
        finally:
            for name in given:
                del os.environ[name]

    @contextmanager
    def off(self, by: timedelta) -> Iterator[None]:
        """Until the end of the block it is wrong by so much."""
        self._set(by)
        try:
            yield
        finally:
            self._set(timedelta())

    @contextmanager
    def running(self, times: int) -> Iterator[None]:
        """Until the end of the block it goes so many times as fast, second by second; then it stays ahead."""
        ended = threading.Event()

        def run() -> None:
            while not ended.wait(1.0):
                self._set(self.by + timedelta(seconds=times - 1))

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def channel(self, settings: Settings, service: str) -> grpc.Channel:
        """A channel to a service, signed in as an officer and fund manager from two hours before the time that it takes
        to be now: a call that is on its way when the clock is set back an hour holds no token of a time to come.
        """

        def token() -> str:
            now = datetime.now(UTC) + self.by
            return issue_local_token(
                settings.keys_dir, "tester", (OFFICER, MANAGER), _SIGNED_IN, now - _SIGNED_IN / 2
            )

        return open_channel(str(getattr(settings, f"{service}_address")), token=token)

    def _set(self, by: timedelta) -> None:
        """In place and at once: who reads it has it open, and may open nothing more."""
        descriptor = os.open(self._file, os.O_WRONLY | os.O_CREAT)
        os.pwrite(descriptor, f"{by.total_seconds():+012.0f}".encode(), 0)
        os.close(descriptor)
        self.by = by


def _empty_journal(database: Path) -> None:
    """Give back the pages that a write-ahead file keeps for what comes next."""
    with closing(sqlite3.connect(database, timeout=SECONDS)) as connection:
        (busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    assert not busy, f"{database.name} is never at rest"


def _run(*command: str) -> None:
    subprocess.run(command, check=True)
