"""Vendored scripts are those of the lock, and each has its licence."""

import hashlib
import json
from pathlib import Path

_FOLDER = Path(__file__).parents[3] / "services" / "console" / "static" / "vendor"


def test_every_vendored_file_is_the_one_of_the_lock() -> None:
    packages = json.loads((_FOLDER / "vendor.lock.json").read_text())
    locked = {name: file["sha256"] for each in packages for name, file in each["files"].items()}
    found = {
        each.name: hashlib.sha256(each.read_bytes()).hexdigest()
        for each in _FOLDER.iterdir()
        if each.name != "vendor.lock.json"
    }
    assert found == locked
    assert all(any(name.endswith("LICENSE") for name in each["files"]) for each in packages)
