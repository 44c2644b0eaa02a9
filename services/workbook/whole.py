"""A file that somebody asked for: there as a whole, or not at all and what stood there before."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A file to write to, which takes its place when the block ends well. A device or a pipe is written as it is.

    Raises OSError.
    """
    if path.exists() and not path.is_file():
        with path.open("wb") as file:
            yield file
        return
    there = path.resolve()  # what a link leads to, which stays a link
    aside = there.with_name(f".{there.name}.part")
    try:
        with aside.open("wb") as file:
            yield file
        aside.replace(there)
    finally:
        aside.unlink(missing_ok=True)
