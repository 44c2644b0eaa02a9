"""Commands about the installation that need no service: templates, samples, signing in, doctor, help."""

import shutil
import socket
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from services.chassis.identity.tokens import StaffTokens, load_verification_key
from services.chassis.keys import ensure_local_keys
from services.chassis.settings import load_settings
from services.cli.main import app
from services.cli.running import doctor
from services.paper import fonts


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data directory that the commands use."""
    place = tmp_path / "data"
    monkeypatch.setenv("BOLE_DATA_DIR", str(place))
    return place


def bole(*arguments: str) -> Result:
    """Run the command line."""
    return CliRunner().invoke(app, list(arguments))


def commands(group: typer.core.TyperGroup, *path: str) -> list[tuple[str, ...]]:
    """Every command below a group, as the words that name it."""
    found: list[tuple[str, ...]] = []
    for name, command in group.commands.items():
        if isinstance(command, typer.core.TyperGroup):
            found += commands(command, *path, name)
        else:
            found.append((*path, name))
    return found


def test_every_command_has_help() -> None:
    root = typer.main.get_command(app)
    assert isinstance(root, typer.core.TyperGroup)
    listed = commands(root)
    assert {("demo",), ("doctor",), ("audit", "verify"), ("partner", "add"), ("deal", "move")} <= set(listed)
    for (
        words
    ) in listed:  # through the tree that is built already: building it takes longer than all of the helps
        with pytest.raises(SystemExit) as ended:
            root.main([*words, "--help"], prog_name="bole")
        assert ended.value.code == 0, words


@pytest.mark.usefixtures("data")
@pytest.mark.parametrize("arguments", [("template",), ("sample", "--profile", "small")])
def test_workbooks_are_written(arguments: tuple[str, ...], tmp_path: Path) -> None:
    file = tmp_path / "book.xlsx"
    assert bole(*arguments, str(file)).exit_code == 0
    assert file.read_bytes().startswith(b"PK")


def test_signing_in_leaves_a_token_for_its_owner_only(data: Path) -> None:
    data.mkdir()
    (data / "token").write_text("old")
    (data / "token").chmod(0o644)
    assert bole("login", "--city", "nantong").exit_code == 0
    path = data / "token"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    tokens = StaffTokens(load_verification_key(data / "keys"))
    principal = tokens.authenticate(path.read_text(), datetime.now(UTC))
    assert {grant.role for grant in principal.grants} == {"talent_officer", "fund_manager"}


def test_signing_in_may_be_for_one_fund_or_one_firm(data: Path) -> None:
    for option, name in (("--fund", "funds/01f"), ("--firm", "firms/02f")):
        assert bole("login", "--role", "fund_analyst", option, name).exit_code == 0
        tokens = StaffTokens(load_verification_key(data / "keys"))
        [grant] = tokens.authenticate((data / "token").read_text(), datetime.now(UTC)).grants
        assert getattr(grant, option.removeprefix("--")) == name.partition("/")[2]
    both = bole("login", "--city", "nantong", "--fund", "funds/01f", "--lang", "en")
    assert both.exit_code == 1
    assert "--fund" in both.stderr


@pytest.mark.usefixtures("data")
def test_an_unknown_role_is_refused_with_those_there_are() -> None:
    refused = bole("login", "--role", "emperor", "--lang", "en")
    assert refused.exit_code == 1
    assert "talent_officer" in refused.stderr


def test_doctor_names_what_is_missing_and_then_nothing(data: Path) -> None:
    settings = load_settings(
        {"BOLE_DATA_DIR": str(data)}
        | {
            f"BOLE_{name}{kind}_ADDRESS": "127.0.0.1:1"
            for name in ("TALENT", "FUNDING", "MATCHER")
            for kind in ("", "_METRICS")
        }
        | {"BOLE_CONSOLE_ADDRESS": "127.0.0.1:1"}
    )
    before = {each.subject.en: each.ok for each in doctor.examine(settings, datetime.now(UTC))}
    assert not before["keys"]
    assert not before["sign-in"]
    assert bole("login").exit_code == 0
    assert all(each.ok for each in doctor.examine(settings, datetime.now(UTC)))


def test_doctor_tells_which_databases_and_brokers_are_meant_and_no_password(
    data: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BOLE_DATA_DIR", str(data))
    monkeypatch.setenv("BOLE_LOG_URL", "kafka://broker-1:9092,broker-2:9092?tls=/etc/tls")
    monkeypatch.setenv(
        "BOLE_TALENT_DATABASE_URL", "postgresql://bole:s3cret@db.example:5432/talent?sslmode=require"
    )
    monkeypatch.setenv("BOLE_KEY", "s3cret")
    (tmp_path / "funding").write_text("postgresql://bole:s3cret@db.example:5433/funding")
    monkeypatch.setenv("BOLE_FUNDING_DATABASE_URL_FILE", str(tmp_path / "funding"))
    monkeypatch.setenv("COLUMNS", "300")
    told = bole("doctor", "--lang", "en").stdout
    for address in (
        "kafka://broker-1:9092,broker-2:9092?…",
        "postgresql://bole:***@db.example:5432/talent?…",
        "postgresql://bole:***@db.example:5433/funding",
        f"sqlite:///{data}/matcher.db",
    ):
        assert address in told
    assert "s3cret" not in told


def test_doctor_sees_a_clock_that_was_set_back_and_a_machine_without_a_font(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data.mkdir()
    (data / "talent.db").touch()
    settings = load_settings({"BOLE_DATA_DIR": str(data)})
    now = datetime.now(UTC)
    assert {each.subject.en: each.ok for each in doctor.examine(settings, now)}["clock"]
    monkeypatch.setattr(fonts, "chinese", list)
    found = {each.subject.en: each for each in doctor.examine(settings, now - timedelta(hours=1))}
    assert not found["clock"].ok
    assert "set the system's time" in found["clock"].found.en
    assert "fonts-noto-cjk" in found["Chinese font"].found.zh


def test_doctor_sees_what_a_restore_left_aside_for_a_week(data: Path) -> None:
    settings, now = load_settings({"BOLE_DATA_DIR": str(data)}), datetime.now(UTC)
    subject = "data of before a restore"
    assert subject not in {each.subject.en for each in doctor.examine(settings, now)}
    (data / "before-restore-20260101T000000").mkdir(parents=True)
    for later, ok in ((timedelta(days=6), True), (timedelta(days=8), False)):
        found = {each.subject.en: each for each in doctor.examine(settings, now + later)}[subject]
        assert found.ok is ok
        assert "before-restore-20260101T000000" in found.found.zh
        assert "delete it" in found.found.en


def test_doctor_sees_that_temporary_files_have_no_room(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = load_settings({"BOLE_DATA_DIR": str(data)})
    monkeypatch.setenv("TMPDIR", str(tmp_path / "full"))
    (tmp_path / "full").mkdir()
    usage = shutil.disk_usage

    def measured(path: Path) -> Any:
        found = usage(path)
        return found._replace(free=0) if path == tmp_path / "full" else found

    monkeypatch.setattr(shutil, "disk_usage", measured)
    found = {each.subject.en: each for each in doctor.examine(settings, datetime.now(UTC))}
    assert not (room := found["room for temporary files"]).ok
    assert str(tmp_path / "full") in room.found.zh
    assert "free at least" in room.found.en
    assert found["free disk"].ok


def test_doctor_sees_that_the_port_of_metrics_is_taken(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        settings = load_settings(
            {
                "BOLE_DATA_DIR": str(data),
                "BOLE_TALENT_ADDRESS": "127.0.0.1:1",
                "BOLE_TALENT_METRICS_ADDRESS": address,
            }
        )
        found = {each.subject.en: each for each in doctor.examine(settings, datetime.now(UTC))}
    said = found["talent 127.0.0.1:1"]
    assert not said.ok
    assert address in said.found.zh
    assert "BOLE_TALENT_METRICS_ADDRESS" in said.found.en


def test_doctor_sees_files_open_to_others_and_tokens_that_are_none(data: Path) -> None:
    settings = load_settings({"BOLE_DATA_DIR": str(data)})
    ensure_local_keys(settings.keys_dir)
    (settings.keys_dir / "kek").chmod(0o644)
    token = data / "token"
    token.touch(mode=0o600)
    token.write_text("no token")
    found = {each.subject.en: each for each in doctor.examine(settings, datetime.now(UTC))}
    assert "chmod 600" in found["keys"].found.en
    assert not found["sign-in"].ok
