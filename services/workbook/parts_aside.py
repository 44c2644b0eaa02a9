"""Where the library that writes XLSX puts the parts of a workbook while it is made: people's texts, in named files."""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

_PREFIX: Final = "bole-workbook-"
_YOUNG_SECONDS: Final = 60.0


@contextmanager
def parts_aside() -> Iterator[str]:
    """A directory of its own, which goes with all that is in it, also where the disk was full. Raises OSError."""
    sweep()
    with tempfile.TemporaryDirectory(prefix=_PREFIX) as folder:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield folder
        finally:
            os.close(descriptor)


def sweep() -> None:
    """Delete what processes of this account left that were killed while they made a workbook."""
    for left in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError):  # it has just gone, or is another account's
            _sweep(left)


def _sweep(left: Path) -> None:
    descriptor = os.open(left, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        found = os.fstat(descriptor)
        # One that was made a moment ago is perhaps about to be locked.
        if found.st_uid == os.getuid() and time.time() - found.st_mtime > _YOUNG_SECONDS:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(left)
    finally:
        os.close(descriptor)
