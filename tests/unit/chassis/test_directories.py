"""A directory that cannot be written to ends the start by the name of its setting."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import services
from services.chassis.configuration import ConfigurationError
from services.chassis.files.directories import require_directories, writing_to
from services.chassis.keys import ensure_local_keys
from services.chassis.settings import load_settings


@pytest.fixture
def occupied(tmp_path: Path) -> Path:
    """A path at which nobody, whatever his rights, can make a directory."""
    path = tmp_path / "file"
    path.write_text("")
    return path / "data"


def test_what_is_missing_is_made(tmp_path: Path) -> None:
    settings = load_settings({"BOLE_DATA_DIR": str(tmp_path / "a" / "b")})
    require_directories("talent", settings)
    assert list((tmp_path / "a" / "b").iterdir()) == []


def test_the_data_directory_is_named(occupied: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        require_directories("talent", load_settings({"BOLE_DATA_DIR": str(occupied)}))
    assert caught.value.key == "BOLE_DATA_DIR"
    assert str(occupied) in str(caught.value)


@pytest.mark.parametrize("key", ["BOLE_TALENT_DATABASE_URL", "BOLE_LOG_URL"])
def test_a_setting_of_its_own_is_named(occupied: Path, tmp_path: Path, key: str) -> None:
    given = {"BOLE_DATA_DIR": str(tmp_path / "data"), key: f"sqlite:///{occupied}/it.db"}
    with pytest.raises(ConfigurationError) as caught:
        require_directories("talent", load_settings(given))
    assert caught.value.key == key


def test_engines_of_others_need_no_directory(occupied: Path) -> None:
    given = {
        "BOLE_DATA_DIR": str(occupied),
        "BOLE_TALENT_DATABASE_URL": "postgresql://bole@127.0.0.1:1/talent",
        "BOLE_LOG_URL": "kafka://127.0.0.1:1",
    }
    require_directories("talent", load_settings(given))


def test_keys_that_cannot_be_made_are_named(occupied: Path) -> None:
    with pytest.raises(ConfigurationError) as caught, writing_to("BOLE_KEYS_DIR", occupied):
        ensure_local_keys(occupied)
    assert caught.value.key == "BOLE_KEYS_DIR"


def test_a_service_ends_with_78_and_one_line(occupied: Path) -> None:
    given = {"BOLE_DATA_DIR": str(occupied), "PATH": os.defpath}
    done = subprocess.run(
        [sys.executable, "-m", "services.talent", "serve"],
        env=given,
        cwd=Path(services.__path__[0]).parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 78
    assert done.stderr.startswith("BOLE_DATA_DIR：")
    assert done.stderr.count("\n") == 1
