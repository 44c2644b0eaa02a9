from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from services.chassis.configuration import ConfigurationError
from services.chassis.keys import ensure_local_keys, load_key, load_key_encryption_keys


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
