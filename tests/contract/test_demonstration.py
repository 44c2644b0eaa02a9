"""The demonstration as a process: it leaves nothing running however it ends, and empties no folder of somebody else."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from services.chassis.files.file_lock import FileLock
from services.cli.answers.errors import EXIT_FAILED, EXIT_INTERRUPTED
from services.cli.running.processes import SERVICES
from tests.storm.house import until

PATIENCE = 60.0


@contextmanager
def demonstration(directory: Path) -> Iterator[subprocess.Popen[str]]:
    """One under way, with signals as a terminal has them: who runs the tests may ignore some."""
    program = str(Path(sys.executable).with_name("bole"))
    command = ["env", "--default-signal=INT,HUP", program, "demo", "--profile", "small", "--lang", "en"]
    process = subprocess.Popen(
        [*command, "--dir", str(directory)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)


def alive(numbers: Mapping[str, int]) -> list[str]:
    """Which of these processes are at work."""
    return [name for name, pid in numbers.items() if Path(f"/proc/{pid}/cmdline").exists() and runs(pid)]


def runs(pid: int) -> bool:
    """Whether a process is more than an entry that nobody has asked after."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def started(directory: Path) -> dict[str, int]:
    """The numbers of the services that it noted, once it has."""
    files = {name: directory / "run" / f"{name}.pid" for name in SERVICES}
    assert until(lambda: all(each.exists() and each.read_text() for each in files.values()), PATIENCE)
    return {name: int(each.read_text()) for name, each in files.items()}


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_one_that_is_asked_to_end_stops_its_services(sent: signal.Signals, tmp_path: Path) -> None:
    with demonstration(tmp_path / "demo") as process:
        services = started(tmp_path / "demo")
        assert alive(services) == list(SERVICES)
        process.send_signal(sent)
        said, _ = process.communicate(timeout=PATIENCE)
        assert process.returncode == EXIT_INTERRUPTED, said
        assert "all stopped" in said
        assert "Traceback" not in said
    assert alive(services) == []


def test_the_next_one_ends_what_a_killed_one_left(tmp_path: Path) -> None:
    with demonstration(tmp_path / "demo") as killed:
        left = started(tmp_path / "demo")
        killed.kill()
        killed.communicate(timeout=PATIENCE)
    assert alive(left) == list(SERVICES)
    with demonstration(tmp_path / "demo"):
        assert until(lambda: not alive(left), PATIENCE)
        assert until(lambda: started(tmp_path / "demo").items().isdisjoint(left.items()), PATIENCE)


def test_two_do_not_share_a_folder(tmp_path: Path) -> None:
    directory = tmp_path / "demo"
    directory.mkdir()
    lock = FileLock(directory / "demonstration.lock")
    assert lock.acquire()
    with demonstration(directory) as process:
        said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == EXIT_FAILED
    assert "another demonstration runs in" in said
    lock.release()


def test_a_folder_of_somebody_else_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "one.txt").write_text("dear")
    with demonstration(tmp_path) as process:
        said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == EXIT_FAILED
    assert "holds files that no demonstration left" in said
    assert [os.fspath(each.relative_to(tmp_path)) for each in tmp_path.rglob("*")] == [
        "letters",
        "letters/one.txt",
    ]
