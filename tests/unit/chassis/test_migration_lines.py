"""The migrations of every service are one line, numbered as their files are."""

import re
from pathlib import Path

import pytest

import services

_SERVICES = Path(services.__path__[0])
_NAMED = re.compile(r'^(revision|down_revision)(?:: str)? = "?(\w+)"?', re.MULTILINE)


@pytest.mark.parametrize("name", ["talent", "funding", "matcher"])
def test_every_step_follows_the_one_before(name: str) -> None:
    files = sorted((_SERVICES / name / "migrations" / "versions").glob("[0-9]*.py"))
    steps = [dict(_NAMED.findall(file.read_text(encoding="utf-8"))) for file in files]
    numbers = [file.name[:4] for file in files]
    assert [step["revision"] for step in steps] == [f"{name}_{number}" for number in numbers]
    assert [step["down_revision"] for step in steps] == ["None", *(f"{name}_{each}" for each in numbers[:-1])]
    assert numbers == [f"{at:04d}" for at in range(1, len(files) + 1)]
