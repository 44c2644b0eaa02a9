"""Shortages that a test can make: a file system that is full, processes that may open no file, a clock that is set."""

import errno
import os
import resource
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from tests.servers.packages import apt_install

_ROOM = "512m"
_PIECE = 64 * 1024
_FEW_FILES = 8
_LIBRARY = "libfaketimeMT.so.1"


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
        """Until the end of the block there is no room for another byte."""
        filler = self.path / "filler"
        try:
            self._fill(filler)
            yield
        finally:
            filler.unlink()

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


@contextmanager
def no_files(pids: Sequence[int]) -> Iterator[None]:
    """Until the end of the block these processes can open no file and no connection (EMFILE)."""
    before = [resource.prlimit(pid, resource.RLIMIT_NOFILE) for pid in pids]
    for pid, (_, most) in zip(pids, before, strict=True):
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (_FEW_FILES, most))
    try:
        yield
    finally:
        for pid, limits in zip(pids, before, strict=True):
            resource.prlimit(pid, resource.RLIMIT_NOFILE, limits)


class Clock:
    """The clock of processes that were started under it; monotonic time goes on as it is."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.by = timedelta()
        self._set(timedelta())

    @contextmanager
    def preloaded(self) -> Iterator[None]:
        """Processes that are started in the block have it."""
        given = {
            "LD_PRELOAD": str(_library()),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }
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

    def _set(self, by: timedelta) -> None:
        """At once: nobody reads half a line."""
        written = self._file.with_suffix(".new")
        written.write_text(f"{by.total_seconds():+.0f}\n")
        written.replace(self._file)
        self.by = by


def _library() -> Path:
    found = sorted(Path("/usr/lib").glob(f"*/faketime/{_LIBRARY}"))
    if not found:
        apt_install("libfaketime")
        found = sorted(Path("/usr/lib").glob(f"*/faketime/{_LIBRARY}"))
    return found[0]


def _run(*command: str) -> None:
    subprocess.run(command, check=True)
