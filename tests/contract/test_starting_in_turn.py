"""Two commands that start or stop the services of one data folder at once: neither ends what the other starts."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.cli.running import processes
from services.cli.running.in_turn import LOCK_FILE
from tests.contract.coverage import PATIENCE
from tests.contract.installation import Installation, leave_sample
from tests.contract.installation import installation as new_installation
from tests.storm.house import until

SERVICES = (*processes.SERVICES, "console")


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Installation]:
    made = new_installation(tmp_path)
    leave_sample(made)
    yield made
    bole(made, "down").communicate(timeout=PATIENCE)


def bole(made: Installation, *words: str) -> "subprocess.Popen[str]":
    """The command in a process of its own."""
    return subprocess.Popen(
        [str(Path(sys.executable).with_name("bole")), *words, "--lang", "en"],
        env=processes.environment(made.settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def said(command: "subprocess.Popen[str]") -> str:
    """All that it said, once it has ended well."""
    told, _ = command.communicate(timeout=PATIENCE)
    assert command.returncode == 0, told
    return told


def noted(made: Installation, name: str) -> str:
    """The number of the process, or nothing."""
    file = made.settings.data_dir / "run" / f"{name}.pid"
    return file.read_text() if file.exists() else ""


def test_two_that_start_at_once_start_one_set_and_one_that_stops_meanwhile_stops_it(
    made: Installation,
) -> None:
    both = [bole(made, "up"), bole(made, "up")]
    first, second = sorted(map(said, both), key=lambda told: "waiting for it" in told)
    assert "waiting for it" not in first
    assert "waiting for it" in second
    assert "the services run already" in second
    running = {name: noted(made, name) for name in SERVICES}
    assert all(Path("/proc", pid).exists() for pid in running.values())
    said(bole(made, "down"))
    assert not any(noted(made, name) for name in SERVICES)

    starting = bole(made, "up")
    assert until(lambda: noted(made, "matcher"), PATIENCE)
    stopping = said(bole(made, "down"))
    assert "another `bole up`" in stopping
    assert "stopped: console, talent, funding, matcher" in stopping
    assert "did not become ready" not in said(starting)
    assert not any(noted(made, name) for name in SERVICES)


def test_a_command_that_was_killed_gives_its_turn_back(made: Installation) -> None:
    starting = bole(made, "up")
    assert until(lambda: noted(made, "matcher"), PATIENCE)
    starting.kill()
    starting.communicate(timeout=PATIENCE)
    assert (made.settings.data_dir / LOCK_FILE).exists()
    assert "another" not in said(bole(made, "down"))
    assert not any(noted(made, name) for name in SERVICES)
