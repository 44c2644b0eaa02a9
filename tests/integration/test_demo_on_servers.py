"""The demonstration on a PostgreSQL and a Kafka of its own, as `make demo ENGINES=full` gives it."""

import json
import subprocess
import sys
from pathlib import Path

from tests.servers.workspace import REPOSITORY

PATIENCE = 600.0


def test_every_step_does_what_it_should_on_servers_too(tmp_path: Path) -> None:
    given = ["--profile", "small", "--json", "--lang", "en", "--dir", str(tmp_path / "demo")]
    done = subprocess.run(
        [sys.executable, "-m", "tests.servers", "demo", *given],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout[done.stdout.index("{") :])
    assert [step["name"] for step in document["steps"] if not step["ok"]] == []
    assert len(document["steps"]) == 11
    assert document["stream"]["gaps"] == document["stream"]["duplicates"] == 0
    assert document["stream"]["events"]
    assert not list((tmp_path / "demo").glob("*.db"))
