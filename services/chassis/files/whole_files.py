"""Files that are there as a whole or not at all, whenever the process dies: written beside, then put in their place."""

import errno
import os
from pathlib import Path
from typing import Final

FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
"""What the operating system says where there is no room."""


def write_beside(path: Path, content: bytes, mode: int = 0o666) -> Path:
    """Write what is to become `path` beside it, onto the disk; what a process that died left there is overwritten.

    `mode` as of `os.open`. One process at a time. Raises OSError.
    """
    beside = path.with_name(f".{path.name}.new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    return beside


def put_in_place(beside: Path, path: Path) -> None:
    """Let what was written beside take its place, onto the disk. Raises OSError."""
    beside.replace(path)
    settle(path.parent)


def settle(path: Path) -> None:
    """A file or directory onto the disk. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
