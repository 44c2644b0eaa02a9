"""A table to take away that has no room to be made is told of, and leaves nothing."""

import errno
import tempfile
from pathlib import Path
from typing import Any

import pytest
from xlsxwriter.packager import Packager

from services.console.web.tables import xlsx_file
from services.kernel.errors import Unavailable


def test_a_full_disk_is_no_fault_of_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with monkeypatch.context() as short:
        short.setattr(Packager, "_create_package", full)
        with pytest.raises(Unavailable) as caught:
            xlsx_file([["姓名"], ["金丝雀"]], "名单", "list.xlsx", fixed_columns=1)
    assert caught.value.reason == "NO_SPACE_FOR_UPLOAD"
    assert not list(tmp_path.iterdir())
    made = xlsx_file([["姓名"], ["金丝雀"]], "名单", "list.xlsx", fixed_columns=1)
    assert bytes(made.body)[:2] == b"PK"
