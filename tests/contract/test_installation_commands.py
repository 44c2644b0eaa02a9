"""`bole up` where something runs already, and what it suggests next."""

import json
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.chassis.keys import ensure_local_keys
from services.cli.answers.formats import Format
from services.cli.answers.output import Output
from services.cli.main import app
from services.cli.running import console_process, doctor, installation, processes, standing
from services.cli.session import TOKEN_FILE, Session
from services.kernel.errors import FailedPrecondition
from tests.contract.coverage import PATIENCE
from tests.contract.installation import Installation, staff_token, start_with_sample
from tests.contract.installation import installation as new_installation
from tests.servers import nursery


def test_services_that_run_are_left_running_and_data_are_not_loaded_twice(
    whole: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    console = console_process.start(whole.settings)
    try:
        console_process.wait_ready(whole.settings, console, PATIENCE)
        with Session(whole.settings, Output(Format.TABLE, "zh")) as session:
            installation.up(session, "small")
    finally:
        console.terminate()
        console.wait(PATIENCE)
    said = capsys.readouterr().err
    assert "服务已在运行" in said
    assert "不再装入" in said
    assert f"{whole.settings.console_url}/sign-in?code=" in said


def test_one_that_runs_and_is_not_ready_is_ended_before_another_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = new_installation(tmp_path, nursery.spawn)
    waits = [sys.executable, "-c", "import threading; threading.Event().wait()", "services.matcher"]

    def start(*_given: object) -> list[processes.Running]:
        assert stuck.wait(PATIENCE) == -signal.SIGTERM
        raise Interrupted

    monkeypatch.setattr(processes, "start", start)
    with subprocess.Popen(waits) as stuck, Session(made.settings, Output(Format.TABLE, "zh")) as session:
        noted = made.settings.data_dir / "run" / "matcher.pid"
        noted.parent.mkdir(parents=True)
        noted.write_text(str(stuck.pid))
        try:
            with pytest.raises(Interrupted):
                installation.up(session, "small")
            assert not noted.exists()
        finally:
            stuck.kill()


class Interrupted(Exception):
    """What would be started next is not."""


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The sample as it was imported: other tests move the deals of the package's installation."""
    made = new_installation(tmp_path_factory.mktemp("untouched"), nursery.spawn)
    start_with_sample(made)
    yield made
    assert set(made.stop().values()) == {0}


@pytest.mark.parametrize("line", installation.NEXT_CALLS)
def test_what_is_suggested_next_answers_something(
    untouched: Installation, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    for name, value in processes.environment(untouched.settings).items():
        monkeypatch.setenv(name, value)
    token = untouched.settings.data_dir / TOKEN_FILE
    token.write_text(staff_token(untouched), encoding="ascii")
    token.chmod(0o600)
    result = CliRunner().invoke(app, [*shlex.split(line)[1:], "-o", "json"])
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)


def test_services_of_another_installation_are_named_and_not_used(whole: Installation, tmp_path: Path) -> None:
    here = whole.settings.model_copy(update={"data_dir": tmp_path, "keys_dir": tmp_path / "keys"})
    with (
        Session(here, Output(Format.TABLE, "zh")) as session,
        pytest.raises(FailedPrecondition) as caught,
    ):
        installation.up(session, "small")
    with Session(here, Output(Format.JSON, "zh")) as session:
        assert standing.status(session) == 1
    with Session(whole.settings, Output(Format.JSON, "zh")) as session:
        assert standing.status(session) == 0
    assert caught.value.reason == "OTHER_INSTALLATION"
    assert whole.settings.talent_address in caught.value.text.zh
    assert str(tmp_path) in caught.value.text.en


def test_one_that_starts_at_the_same_time_is_not_taken_for_what_was_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = new_installation(tmp_path, nursery.spawn).settings
    waits = [sys.executable, "-c", "import threading; threading.Event().wait()", "services.matcher"]
    found = iter([[], ["matcher"]])
    with subprocess.Popen(waits) as ours, Session(settings, Output(Format.TABLE, "zh")) as session:
        started = [processes.Running("matcher", settings.matcher_address, ours, tmp_path / "log")]
        monkeypatch.setattr(standing, "foreign", lambda _: next(found))
        monkeypatch.setattr(processes, "start", lambda *_: started)
        monkeypatch.setattr(processes, "wait_ready", lambda _: None)
        try:
            with pytest.raises(FailedPrecondition, match=settings.matcher_address) as caught:
                installation.up(session, "small")
            assert ours.wait(PATIENCE) == -signal.SIGTERM
        finally:
            ours.kill()
    assert caught.value.reason == "OTHER_INSTALLATION"


def test_the_console_of_another_installation_is_not_taken_for_ours(
    whole: Installation, tmp_path: Path
) -> None:
    there = whole.settings.model_copy(update={"data_dir": tmp_path, "keys_dir": tmp_path / "keys"})
    ensure_local_keys(there.keys_dir)
    console = console_process.start(there)
    try:
        console_process.wait_ready(there, console, PATIENCE)
        assert not console_process.is_foreign(there)
        with (
            Session(whole.settings, Output(Format.TABLE, "zh")) as session,
            pytest.raises(FailedPrecondition) as caught,
        ):
            installation.up(session, "small")
        found = {each.subject.en: each for each in doctor.examine(whole.settings, datetime.now(UTC))}
    finally:
        console.terminate()
        console.wait(PATIENCE)
    assert caught.value.reason == "OTHER_INSTALLATION"
    assert "BOLE_CONSOLE_ADDRESS" in caught.value.text.zh
    said = found[f"console {whole.settings.console_address}"]
    assert not said.ok
    assert said.found == caught.value.text
