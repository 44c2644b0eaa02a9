"""Services that were started and cannot be noted down, for want of room, do not stay behind unknown."""

import subprocess
import sys
from pathlib import Path

import pytest

from services.chassis.settings import load_settings
from services.cli.answers.formats import Format
from services.cli.answers.output import Output
from services.cli.running import installation, processes
from services.cli.running.processes import Running
from services.cli.session import Session


def test_what_cannot_be_noted_down_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = processes.free_addresses(load_settings({"BOLE_DATA_DIR": str(tmp_path)}))
    (tmp_path / "run").mkdir()
    started: list[Running] = []

    def start(*_: object) -> list[Running]:
        (tmp_path / "run" / "funding.pid").symlink_to("/dev/full")
        for name in processes.SERVICES:
            process = subprocess.Popen([sys.executable, "-S", "-c", "input()"], stdin=subprocess.PIPE)
            started.append(Running(name, processes.address(settings, name), process, tmp_path / name))
        return started

    monkeypatch.setattr(processes, "start", start)
    with (
        Session(settings, Output(Format.TABLE, "zh")) as session,
        pytest.raises(OSError, match="No space"),
    ):
        installation.up(session, "small")
    assert {each.process.poll() for each in started} == {-15}
    assert not list((tmp_path / "run").iterdir())
    for each in started:
        assert isinstance(each.process, subprocess.Popen)
        each.process.__exit__(None, None, None)


def test_a_note_without_a_number_is_of_no_process(tmp_path: Path) -> None:
    settings = processes.free_addresses(load_settings({"BOLE_DATA_DIR": str(tmp_path)}))
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "talent.pid").write_text("")
    (tmp_path / "run" / "funding.pid").symlink_to("/dev/full")
    with Session(settings, Output(Format.TABLE, "zh")) as session:
        installation.down(session)
    assert not list((tmp_path / "run").iterdir())
