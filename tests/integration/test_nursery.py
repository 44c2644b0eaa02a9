"""Processes of the nursery end with the tests that started them, however those end."""

import gc
import os
import signal
import subprocess
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.servers import nursery
from tests.servers.workspace import REPOSITORY
from tests.storm.house import until

_SLEEPER = "http.server"  # does nothing until it is killed
_SECONDS = 30
_STARTING = f"""
import os, signal, subprocess, sys
from pathlib import Path
from tests.servers import nursery
child = nursery.spawn({_SLEEPER!r}, ["0", "--bind", "127.0.0.1"], dict(os.environ), Path(sys.argv[1]))
holder = os.fork()  # holds the way to the nursery open
if holder:
    print(child.pid, holder, flush=True)
signal.pause()  # until it is killed
"""


@contextmanager
def started_tests(log: Path) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    """A process in place of pytest, and the number of what it started."""
    started = subprocess.Popen(
        [sys.executable, "-c", _STARTING, str(log)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=REPOSITORY,
        start_new_session=True,
    )
    with started:
        assert started.stdout is not None
        child, holder = map(int, started.stdout.readline().split())
        try:
            yield started, child
        finally:
            started.kill()
            for pid in (child, holder):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)


def ends(pid: int) -> bool:
    def ended() -> bool:
        try:
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
        except (FileNotFoundError, ProcessLookupError):  # ended before it was opened, or before it was read
            return True

    return until(ended, _SECONDS)


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def test_they_end_when_the_tests_are_killed_though_a_fork_of_these_lives(tmp_path: Path) -> None:
    with started_tests(tmp_path / "log") as (tests, child):
        tests.kill()
        tests.wait()
        assert ends(child)


def test_they_end_when_the_nursery_is_killed(tmp_path: Path) -> None:
    with started_tests(tmp_path / "log") as (_, child):
        os.kill(parent_of(child), signal.SIGKILL)
        assert ends(child)


def test_one_that_nobody_waits_for_leaves_no_socket_behind(tmp_path: Path) -> None:
    child = nursery.spawn(_SLEEPER, ["0", "--bind", "127.0.0.1"], dict(os.environ), tmp_path / "log")
    pid = child.pid
    gc.collect()  # what other tests left to the collector is not ours
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        del child
        gc.collect()
    os.kill(pid, signal.SIGKILL)
    assert [str(each.message) for each in said if each.category is ResourceWarning] == []
    assert ends(pid)
