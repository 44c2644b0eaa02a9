"""Parts of a workbook hold people's texts: nothing of them stays, on a full disk and after a kill either."""

import errno
import fcntl
import os
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from xlsxwriter.packager import Packager

from services.workbook.exporting import Layout, write_xlsx_to
from services.workbook.parts_aside import sweep
from services.workbook.sheets import SHEETS

LONG_AGO = 1_000_000_000


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The directory of temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def export() -> None:
    columns = SHEETS["firms"].columns[:1]
    write_xlsx_to(BytesIO(), Layout("a", columns, {}), [["金丝雀"]], "origin")


def test_nothing_stays_where_the_disk_is_full_in_the_midst_of_it(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Path] = []

    def full(_: Any) -> None:
        seen.extend(path for path in temporary.rglob("*") if path.is_file())
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Packager, "_write_workbook_file", full)
    with pytest.raises(OSError, match="No space"):
        export()
    assert seen
    assert not list(temporary.iterdir())


def test_what_a_killed_process_left_goes_with_the_next_and_what_one_works_with_stays(temporary: Path) -> None:
    for name in ("bole-workbook-left", "bole-workbook-young", "bole-workbook-taken", "another"):
        (temporary / name).mkdir()
        (temporary / name / "sheet1").write_text("金丝雀")
        if name != "bole-workbook-young":
            os.utime(temporary / name, (LONG_AGO, LONG_AGO))
    taken = os.open(temporary / "bole-workbook-taken", os.O_RDONLY)
    fcntl.flock(taken, fcntl.LOCK_EX)
    (temporary / "bole-workbook-link").symlink_to(temporary / "another")
    export()
    os.close(taken)
    assert sorted(path.name for path in temporary.iterdir()) == [
        "another",
        "bole-workbook-link",
        "bole-workbook-taken",
        "bole-workbook-young",
    ]
    sweep()
    assert not (temporary / "bole-workbook-taken").exists()
