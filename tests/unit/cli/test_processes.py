"""A service that ends instead of becoming ready is told of at once, in its own words."""

import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.chassis.configuration import ConfigurationError
from services.chassis.settings import load_settings
from services.cli.running import processes
from services.cli.running.processes import Running
from services.kernel.errors import Unavailable

_NOBODY = "127.0.0.1:1"
_LONG = 3600.0
"""Seconds for which nobody waits here: the test ends when the service is told of."""


@pytest.fixture
def starting() -> Iterator[Running]:
    """A service that takes its time."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield Running("talent", _NOBODY, process, Path())
        process.kill()


def ended(log: Path, status: int, said: str) -> Running:
    """A service that said something and ended."""
    log.write_text("of an earlier start\n" + said)
    process = subprocess.Popen([sys.executable, "-S", "-c", f"raise SystemExit({status})"])
    process.wait()
    return Running("matcher", _NOBODY, process, log)


def test_a_service_is_started_with_the_settings_that_were_given(tmp_path: Path) -> None:
    settings = load_settings({"BOLE_DATA_DIR": str(tmp_path), "BOLE_RPC_THREADS": "3"})
    given = processes.environment(settings)
    assert load_settings({key: value for key, value in given.items() if key.startswith("BOLE_")}) == settings


@pytest.mark.parametrize("before", ["", "whole\n", "whole\ncut"])
def test_a_process_begins_a_line_of_its_own_in_a_log(tmp_path: Path, before: str) -> None:
    log = tmp_path / "talent.log"
    log.write_text(before)
    assert processes.spawn("platform", [], os.environ, log).wait() == 0
    *kept, said = log.read_text().splitlines()
    assert (kept, said) == (before.splitlines(), platform.platform())


def test_a_wrong_setting_is_told_while_others_are_still_starting(starting: Running, tmp_path: Path) -> None:
    wrong = ConfigurationError(
        "BOLE_MATCHER_METRICS_ADDRESS", "已被占用 / 请更换", "is taken / choose another"
    )
    broken = ended(tmp_path / "log", 78, f"{wrong.text}\n")
    with pytest.raises(ConfigurationError) as caught:
        processes.wait_ready([starting, broken], _LONG)
    assert caught.value.key == wrong.key
    assert caught.value.text.zh == f"{wrong.text.zh}（matcher）"
    assert caught.value.text.en == f"{wrong.text.en} (matcher)"


@pytest.mark.parametrize("status", [0, 1])
def test_another_end_is_told_with_the_end_of_the_log(starting: Running, tmp_path: Path, status: int) -> None:
    broken = ended(tmp_path / "log", status, "no room on the device\n")
    with pytest.raises(Unavailable) as caught:
        processes.wait_ready([starting, broken], _LONG)
    assert caught.value.reason == "SERVICE_NOT_READY"
    assert "no room on the device" in caught.value.text.zh


def test_one_that_is_not_ready_in_time_is_named(starting: Running, tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("still at it\n")
    slow = Running(starting.name, starting.address, starting.process, log)
    with pytest.raises(Unavailable) as caught:
        processes.wait_ready([slow], 0.0)
    assert "still at it" in caught.value.text.en
