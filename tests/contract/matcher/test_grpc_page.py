"""What docs/grpc.md tells a partner's engineer to do: the contracts compile, and the program follows without a gap."""

import os
import re
import shlex
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from services.cli.answers.output import Format, Output
from services.cli.conformance.checks import fold, read
from services.cli.conformance.run import Watched
from services.cli.session import Session
from tests.contract.coverage import PATIENCE
from tests.contract.installation import Installation
from tests.storm.house import until

_ROOT = Path(__file__).parents[3]
_PAGE = (_ROOT / "docs/grpc.md").read_text("utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the page's program and the modules that its command makes of the contracts."""
    (command,) = re.findall(r"^(python -m grpc_tools\.protoc .*)$", _PAGE, re.MULTILINE)
    (program,) = re.findall(r"```python\n(.*?)```", _PAGE, re.DOTALL)
    here = command.replace("python ", f"{shlex.quote(sys.executable)} ")
    (tmp_path / "protos").symlink_to(_ROOT / "protos")
    subprocess.run(["bash", "-c", here], cwd=tmp_path, check=True)
    (tmp_path / "bole/__init__.py").touch()  # before the package of the same name that is installed here
    (tmp_path / "follow.py").write_text(program, "utf-8")
    return tmp_path


def _kept(folder: Path) -> tuple[set[tuple[str, ...]], int]:
    """The pairs that the program keeps, and the number of the last event that it took."""
    with closing(sqlite3.connect(folder / "kept.db")) as store:
        if len(store.execute("SELECT 1 FROM sqlite_master WHERE type = 'table'").fetchall()) < 2:
            return set(), 0  # it has just begun
        pairs = {tuple(row) for row in store.execute("SELECT kind, anchor, candidate FROM pair")}
        return pairs, (store.execute("SELECT sequence FROM place").fetchone() or (0,))[0]


def test_the_pages_program_is_killed_goes_on_and_keeps_the_pairs_that_stand(
    whole: Installation, partner_key: str, folder: Path
) -> None:
    last = whole.wait_level()
    surroundings = {
        **os.environ,
        "BOLE_KEY": partner_key,
        "BOLE_MATCHER_ADDRESS": whole.settings.matcher_address,
        "PYTHONPATH": str(folder),
    }

    def follow_to(number: int) -> None:
        with subprocess.Popen([sys.executable, "follow.py"], cwd=folder, env=surroundings) as program:
            assert until(lambda: program.poll() is not None or _kept(folder)[1] >= number, PATIENCE)
            program.kill()
        assert program.returncode == -signal.SIGKILL, "it ended by itself"

    follow_to(1)
    follow_to(last)
    partner = Session(whole.settings, Output(Format.TABLE, "zh"), partner_key=partner_key)
    standing, _ = fold(read(Watched(partner), last, 1_000_000).events)
    partner.close()
    assert _kept(folder)[0] == set(standing)
