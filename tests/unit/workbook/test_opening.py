"""A workbook that cannot be written says so as any other file does, and takes nothing of what stood there."""

import errno
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from services.chassis.rpc.exporting import write
from services.kernel.errors import Unavailable
from services.workbook.exporting import Layout
from services.workbook.opening import new_workbook
from services.workbook.sheets import SHEETS

FULL = Path("/dev/full")
"""A device that never has room."""


class Short(io.BytesIO):
    """A file on a disk that has no room for the last record of an archive."""

    def write(self, data: Any) -> int:
        if bytes(data).startswith(b"PK\5\6"):
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(data)


@pytest.mark.parametrize("file", [Short, lambda: FULL], ids=["open", "path"])
def test_a_full_disk_is_an_error_of_the_operating_system(file: Callable[[], io.BytesIO | Path]) -> None:
    with pytest.raises(OSError, match="No space") as caught, new_workbook(file()) as book:
        book.add_worksheet("a")
    assert caught.value.errno == errno.ENOSPC


def test_an_export_on_a_full_disk_may_be_tried_again() -> None:
    column = SHEETS["firms"].columns[0]
    with pytest.raises(Unavailable) as caught:
        write(Short(), "XLSX", Layout("a", [column], {}), [["1"]], "origin")
    assert caught.value.reason == "NO_SPACE_FOR_UPLOAD"


def test_what_stood_there_stays_until_the_new_one_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (path := tmp_path / "a.xlsx").write_bytes(b"before")

    def full(_: Path, __: Path) -> Path:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as short:
        short.setattr(Path, "replace", full)
        with pytest.raises(OSError, match="No space"), new_workbook(path) as book:
            book.add_worksheet("a")
    assert path.read_bytes() == b"before"
    with new_workbook(path) as book:
        book.add_worksheet("a")
    assert path.read_bytes()[:2] == b"PK"
    assert list(tmp_path.iterdir()) == [path]
