from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from services.chassis.configuration import ConfigurationError
from services.chassis.fail_points import EXIT_KILLED
from services.chassis.keys import (
    PAIRS,
    ensure_local_keys,
    installation_of,
    load_key,
    load_key_encryption_keys,
)
from tests.servers.dying import dies_at


def test_local_keys_are_made_once_by_whoever_is_first(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: ensure_local_keys(keys), range(16)))
    first = load_key(keys, "kek")
    ensure_local_keys(keys)
    assert load_key(keys, "kek") == first != load_key(keys, "digest")
    assert (keys / "kek").stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in keys.iterdir()) == [
        "audit.pem",
        "digest",
        "identity.pem",
        "kek",
        "page",
    ]


def test_a_missing_open_or_short_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="kek"):
        load_key(tmp_path, "kek")
    path = tmp_path / "kek"
    path.write_bytes(bytes(32))
    path.chmod(0o644)
    with pytest.raises(ConfigurationError, match="chmod 600"):
        load_key(tmp_path, "kek")
    path.chmod(0o640)
    assert load_key(tmp_path, "kek") == bytes(32)
    path.write_bytes(b"changeme")
    with pytest.raises(ConfigurationError, match="must hold 32 bytes, not 8"):
        load_key(tmp_path, "kek")


def test_successors_of_the_key_encryption_key_are_numbered(tmp_path: Path) -> None:
    ensure_local_keys(tmp_path, ["kek", "kek.2"])
    keys = load_key_encryption_keys(tmp_path)
    assert sorted(keys) == [1, 2]
    ensure_local_keys(tmp_path, ["kek.old"])
    with pytest.raises(ConfigurationError, match=r"kek\.old"):
        load_key_encryption_keys(tmp_path)


@pytest.mark.parametrize("point", ["keys.after_write_before_place", "keys.after_place"])
@pytest.mark.parametrize("hit", range(1, 6))
def test_keys_whose_making_died_are_whole_and_lie_nowhere_else(tmp_path: Path, point: str, hit: int) -> None:
    keys = tmp_path / "keys"
    assert dies_at(f"{point}:{hit}", lambda: ensure_local_keys(keys)) == EXIT_KILLED
    made = {path.name: path.read_bytes() for path in keys.iterdir() if not path.name.startswith(".")}
    assert len(made) == (hit if point == "keys.after_place" else hit - 1)
    assert dies_at(f"{point}:1", lambda: ensure_local_keys(keys)) == (EXIT_KILLED if len(made) < 5 else 1)
    ensure_local_keys(keys)
    assert {name: (keys / name).read_bytes() for name in made} == made
    assert sorted(path.name for path in keys.iterdir()) == sorted(("kek", "digest", "page", *PAIRS))
    load_key_encryption_keys(keys)
    assert installation_of(keys)


def test_a_second_name_that_an_earlier_program_left_of_a_key_is_removed(tmp_path: Path) -> None:
    ensure_local_keys(tmp_path)
    left = tmp_path / ".kek.0123456789abcdef"
    left.hardlink_to(tmp_path / "kek")
    other = tmp_path / ".kek.swp"
    other.touch()
    ensure_local_keys(tmp_path)
    assert (left.exists(), other.exists(), load_key(tmp_path, "kek") != b"") == (False, True, True)
