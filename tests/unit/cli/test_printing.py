"""What a full disk does not take of standard output is told of, and never counts as written."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from services.chassis.settings import load_settings
from services.cli.running import processes
from tests.servers.workspace import REPOSITORY

_BOLE = "from services.cli.main import main; main()"
_LITTLE_ROOM = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100)); {_BOLE}"
"""As if the disk took a part of what is written to it: 100 bytes of it."""


def said(program: str, out: Path, unbuffered: str) -> tuple[int, str]:
    """Exit status and standard error of `bole --help`, whose standard output is that file."""
    with out.open("wb") as file:
        done = subprocess.run(
            [sys.executable, "-c", program, "--help"],
            env=os.environ | {"PYTHONUNBUFFERED": unbuffered, "LANG": "en_US.UTF-8"},
            stdout=file,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            cwd=REPOSITORY,
        )
    return done.returncode, done.stderr


@pytest.mark.parametrize("unbuffered", ["", "1"], ids=["buffered", "as in a container"])
def test_what_is_cut_is_no_success(tmp_path: Path, unbuffered: str) -> None:
    status, told = said(_LITTLE_ROOM, tmp_path / "help", unbuffered)
    assert (tmp_path / "help").stat().st_size == 100
    assert (status, told) == (1, "✗ File too large\n")


@pytest.mark.parametrize("unbuffered", ["", "1"], ids=["buffered", "as in a container"])
def test_a_full_disk_is_said_in_words_and_once(unbuffered: str) -> None:
    status, told = said(_BOLE, Path("/dev/full"), unbuffered)
    assert status == 1
    assert told.startswith("✗ the disk is full")
    assert told.count("\n") == 1


@pytest.mark.parametrize("unbuffered", ["", "1"], ids=["buffered", "as in a container"])
def test_a_reader_who_has_gone_is_no_message(unbuffered: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    status, told = said(_BOLE, Path(f"/proc/self/fd/{writing}"), unbuffered)
    os.close(writing)
    assert (status, told) == (1, "")


@pytest.mark.parametrize("encoding", ["gbk", "latin-1", "ascii"])
def test_a_terminal_without_a_character_is_told_its_number(tmp_path: Path, encoding: str) -> None:
    settings = processes.free_addresses(load_settings({"BOLE_DATA_DIR": str(tmp_path)}))
    done = subprocess.run(
        [sys.executable, "-c", _BOLE, "status", "--lang", "zh"],
        env=processes.environment(settings) | {"PYTHONIOENCODING": encoding},
        capture_output=True,
        check=False,
        cwd=REPOSITORY,
    )
    said, errors = done.stdout.decode(encoding), done.stderr.decode(encoding)
    assert "Traceback" not in errors
    assert done.returncode == 1  # nothing runs
    assert "\\u2717" in said
    assert ("服务" in said) == (encoding == "gbk")
